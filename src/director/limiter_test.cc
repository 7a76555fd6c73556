#include "src/director/limiter.h"

#include <gmock/gmock.h>

#include <atomic>
#include <thread>
#include <vector>

namespace gsh::director {
namespace {

using ::testing::ElementsAre;

TEST(LimiterTest, RunsSoManyAtATimeInOrder) {
  Limiter limiter(2);
  std::vector<int> started;
  for (int i = 0; i < 4; ++i) {
    limiter.Acquire([&started, i](bool granted) {
      EXPECT_TRUE(granted);
      started.push_back(i);
    });
  }
  EXPECT_THAT(started, ElementsAre(0, 1));
  EXPECT_EQ(limiter.waiting(), 2u);
  EXPECT_EQ(limiter.in_flight(), 2u);
  limiter.Release();
  EXPECT_THAT(started, ElementsAre(0, 1, 2));
}

TEST(LimiterTest, CloseRefusesThoseInLineAndLater) {
  Limiter limiter(1);
  std::vector<bool> granted;
  for (int i = 0; i < 3; ++i) limiter.Acquire([&](bool g) { granted.push_back(g); });
  limiter.Close();
  limiter.Acquire([&](bool g) { granted.push_back(g); });
  EXPECT_THAT(granted, ElementsAre(true, false, false, false));
  EXPECT_EQ(limiter.in_flight(), 1u);
}

TEST(LimiterTest, JobsThatEndAtOnceDoNotDeepenTheStack) {
  Limiter limiter(1);
  int done = 0;
  limiter.Acquire([](bool) {});
  for (int i = 0; i < 200000; ++i) {
    limiter.Acquire([&](bool) {
      ++done;
      limiter.Release();
    });
  }
  limiter.Release();
  EXPECT_EQ(done, 200000);
}

TEST(LimiterTest, KeepsItsBoundOnManyThreads) {
  Limiter limiter(3);
  std::atomic<int> running{0};
  std::atomic<int> most{0};
  std::atomic<int> done{0};
  std::vector<std::jthread> threads;
  for (int t = 0; t < 4; ++t) {
    threads.emplace_back([&] {
      for (int i = 0; i < 1000; ++i) {
        limiter.Acquire([&](bool) {
          const int now = ++running;
          int seen = most.load();
          while (now > seen && !most.compare_exchange_weak(seen, now)) {
          }
          --running;
          ++done;
          limiter.Release();
        });
      }
    });
  }
  threads.clear();
  EXPECT_EQ(done.load(), 4000);
  EXPECT_LE(most.load(), 3);
  EXPECT_EQ(limiter.in_flight(), 0u);
}

}  // namespace
}  // namespace gsh::director
