#include "src/agones/take_server.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <chrono>
#include <deque>
#include <optional>
#include <utility>
#include <vector>

#include "gsh/testing/fakes.h"
#include "gsh/testing/manual_clock.h"
#include "gsh/testing/matchers.h"

namespace gsh::agones {
namespace {

using std::chrono::milliseconds;
using std::chrono::seconds;
using testing::IsOk;
using testing::StatusIs;

// Answers what it is told to, each call after 10 ms.
class SlowAllocator final : public Allocator {
 public:
  explicit SlowAllocator(testing::ManualClock& clock) : clock_(clock) {}
  void AllocateAsync(AllocationRequest request, CallOptions options,
                     std::function<void(StatusOr<Allocation>)> done) override {
    requests.push_back(std::move(request));
    timeouts.push_back(*options.timeout);
    clock_.Advance(milliseconds(10));
    StatusOr<Allocation> answer = std::move(answers.front());
    answers.pop_front();
    done(std::move(answer));
  }

  std::deque<StatusOr<Allocation>> answers;
  std::vector<AllocationRequest> requests;
  std::vector<Duration> timeouts;

 private:
  testing::ManualClock& clock_;
};

const Status kBroken = UnavailableError("the connection broke");
const Status kNoConnection(StatusCode::kUnavailable, "refused",
                           ErrorInfo{.retry_stop = RetryStop::kExhausted});

class TakeServerTest : public ::testing::Test {
 protected:
  void Take(std::deque<StatusOr<Allocation>> answers, AllocationRequest request = {}) {
    allocator_.answers = std::move(answers);
    TakeServer(allocator_, clock_, rng_, std::move(request), options_,
               [this](TakenServer taken) { taken_ = std::move(taken); });
    while (!taken_ && clock_.pending() > 0) clock_.Advance(seconds(2));
    ASSERT_TRUE(taken_);
  }

  testing::ManualClock clock_;
  testing::SeededRng rng_{1};
  SlowAllocator allocator_{clock_};
  TakeServerOptions options_{.call_timeout = seconds(5), .unclear_pause = seconds(2)};
  std::optional<TakenServer> taken_;
};

TEST_F(TakeServerTest, ThreeCallsAtMostAndThenAServerMayBeTaken) {
  Take({kBroken, kBroken, kBroken});
  EXPECT_THAT(taken_->allocation, StatusIs(StatusCode::kUnavailable));
  EXPECT_TRUE(taken_->maybe_taken);
  EXPECT_EQ(allocator_.requests.size(), 3u);
  EXPECT_EQ(allocator_.requests[0].labels, allocator_.requests[2].labels);
}

TEST_F(TakeServerTest, ASuccessLeavesNothingUnclear) {
  Take({kBroken, Allocation{.game_server = "gs"}});
  EXPECT_THAT(taken_->allocation, IsOk());
  EXPECT_FALSE(taken_->maybe_taken);
  EXPECT_NE(taken_->identity, "");
}

TEST_F(TakeServerTest, OutOfReachIsRepeatedOnlyIfAServerMayBeTaken) {
  Take({kNoConnection});
  EXPECT_FALSE(taken_->maybe_taken);
  EXPECT_EQ(allocator_.requests.size(), 1u);
  taken_.reset();
  Take({kBroken, kNoConnection, Allocation{}});
  EXPECT_THAT(taken_->allocation, IsOk());
}

TEST_F(TakeServerTest, NoServerAfterAnUnclearFailureSettlesItInOneClusterAlone) {
  Take({kBroken, ResourceExhaustedError("none")});
  EXPECT_FALSE(taken_->maybe_taken);
  taken_.reset();
  Take({kBroken, ResourceExhaustedError("none")}, {.multicluster = true});
  EXPECT_TRUE(taken_->maybe_taken);
}

TEST_F(TakeServerTest, ARefusalIsNotRepeated) {
  Take({InvalidArgumentError("label")});
  EXPECT_THAT(taken_->allocation, StatusIs(StatusCode::kInvalidArgument));
}

TEST_F(TakeServerTest, TheDeadlineBoundsTheRepeats) {
  options_.deadline = clock_.SteadyNow() + milliseconds(2515);
  Take({kBroken, kBroken});
  EXPECT_THAT(allocator_.timeouts, ::testing::ElementsAre(milliseconds(2515), milliseconds(505)));
  taken_.reset();
  options_.deadline = clock_.SteadyNow() + milliseconds(2505);
  Take({kBroken});
}

TEST_F(TakeServerTest, AsksBeforeARepeatAndTellsHowLongCallsTook) {
  std::vector<Duration> took;
  options_.on_call = [&](Duration duration) { took.push_back(duration); };
  options_.may_repeat = [&] { return took.size() < 2; };
  Take({AbortedError("contention"), AbortedError("contention")});
  EXPECT_THAT(taken_->allocation, StatusIs(StatusCode::kAborted));
  EXPECT_THAT(took, ::testing::ElementsAre(milliseconds(10), milliseconds(10)));
}

}  // namespace
}  // namespace gsh::agones
