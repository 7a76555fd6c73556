#include "src/director/batcher.h"

#include <gmock/gmock.h>

#include "gsh/testing/manual_clock.h"

namespace gsh::director {
namespace {

using std::chrono::milliseconds;
using ::testing::ElementsAre;
using ::testing::IsEmpty;
using ::testing::SizeIs;

class BatcherTest : public ::testing::Test {
 protected:
  Batcher<int> Make(BatcherOptions options) {
    return Batcher<int>(options, clock_,
                        [this](std::vector<int> batch, std::function<void()> done) {
                          batches_.push_back(std::move(batch));
                          done_.push_back(std::move(done));
                        });
  }
  testing::ManualClock clock_;
  std::vector<std::vector<int>> batches_;
  std::vector<std::function<void()>> done_;
};

TEST_F(BatcherTest, AFullBatchGoesAtOnceAndAPartialOneAfterTheLinger) {
  auto batcher = Make({.max_items = 3, .linger = milliseconds(5)});
  batcher.Add(1);
  batcher.Add(2);
  EXPECT_THAT(batches_, IsEmpty());
  batcher.Add(3);
  EXPECT_THAT(batches_, ElementsAre(ElementsAre(1, 2, 3)));
  clock_.Advance(milliseconds(5));
  batcher.Add(4);
  clock_.Advance(milliseconds(4));
  EXPECT_THAT(batches_, SizeIs(1));
  clock_.Advance(milliseconds(1));
  EXPECT_THAT(batches_, ElementsAre(ElementsAre(1, 2, 3), ElementsAre(4)));
}

TEST_F(BatcherTest, WhatComesWhileAllCallsAreBusyGoesTogether) {
  auto batcher = Make({.max_items = 10, .linger = milliseconds(5), .max_calls = 1});
  batcher.Add(1);
  clock_.Advance(milliseconds(5));
  for (int i = 2; i < 5; ++i) {
    batcher.Add(i);
    clock_.Advance(milliseconds(5));
  }
  EXPECT_THAT(batches_, ElementsAre(ElementsAre(1)));
  done_[0]();
  EXPECT_THAT(batches_, ElementsAre(ElementsAre(1), ElementsAre(2, 3, 4)));
  done_[1]();
  batcher.Add(5);  // the linger is in force again
  EXPECT_THAT(batches_, SizeIs(2));
}

TEST_F(BatcherTest, CallsThatEndAtOnceDoNotDeepenTheStack) {
  int sent = 0;
  Batcher<int> batcher({.max_items = 100000, .max_calls = 1}, clock_,
                       [&](std::vector<int> batch, std::function<void()> done) {
                         sent += static_cast<int>(batch.size());
                         done();
                       });
  for (int i = 0; i < 99999; ++i) batcher.Add(i);
  EXPECT_EQ(sent, 0);
  clock_.Advance(milliseconds(5));
  EXPECT_EQ(sent, 99999);
}

}  // namespace
}  // namespace gsh::director
