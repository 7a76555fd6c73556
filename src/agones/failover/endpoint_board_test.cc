#include "src/agones/failover/endpoint_board.h"

#include <gtest/gtest.h>

#include <chrono>
#include <map>

namespace gsh::agones {
namespace {

using namespace std::chrono_literals;
using State = CircuitBreaker::State;
using Verdict = EndpointBoard::Verdict;

class EndpointBoardTest : public ::testing::Test {
 protected:
  static constexpr FailoverOptions kOptions = {
      .failure_threshold = 2, .open_time = 1s, .max_open_time = 3s, .latency_memory = 10s};

  EndpointBoard::Pick Choose(std::vector<bool> excluded = {false, false, false}) {
    const auto pick = board_.Choose(now_, excluded);
    EXPECT_TRUE(pick);
    return pick.value_or(EndpointBoard::Pick{.endpoint = 99});
  }
  // A call that was answered after `latency`.
  std::size_t Answered(Duration latency) {
    const auto pick = Choose();
    now_ += latency;
    board_.Report(pick, Verdict::kAnswered, now_);
    return pick.endpoint;
  }
  // Calls to `endpoint` alone, until its breaker opens.
  void CloseOff(std::size_t endpoint) {
    std::vector<bool> others(3, true);
    others[endpoint] = false;
    for (int i = 0; i < kOptions.failure_threshold; ++i) {
      board_.Report(Choose(others), Verdict::kFailed, now_);
    }
    EXPECT_EQ(board_.StateOf(endpoint, now_), State::kOpen);
  }

  SteadyTime now_ = SteadyTime(1h);
  EndpointBoard board_{3, kOptions};
};

TEST_F(EndpointBoardTest, EachIsTriedOnceThenTheFastestIsKept) {
  EXPECT_EQ(Answered(30ms), 0u);
  EXPECT_EQ(Answered(10ms), 1u);
  EXPECT_EQ(Answered(20ms), 2u);
  for (int i = 0; i < 5; ++i) EXPECT_EQ(Answered(10ms), 1u);
}

TEST_F(EndpointBoardTest, CallsInFlightSpreadOverEndpointsOfEqualLatency) {
  for (int i = 0; i < 3; ++i) Answered(10ms);
  std::map<std::size_t, int> counts;
  for (int i = 0; i < 9; ++i) ++counts[Choose().endpoint];
  EXPECT_EQ(counts, (std::map<std::size_t, int>{{0, 3}, {1, 3}, {2, 3}}));
}

TEST_F(EndpointBoardTest, BeforeAnyAnswerCallsSpreadToo) {
  std::map<std::size_t, int> counts;
  for (int i = 0; i < 6; ++i) ++counts[Choose().endpoint];
  EXPECT_EQ(counts, (std::map<std::size_t, int>{{0, 2}, {1, 2}, {2, 2}}));
}

TEST_F(EndpointBoardTest, AnEndpointThatNeverAnsweredGetsOneCallOnly) {
  EXPECT_EQ(Answered(10ms), 0u);
  const auto first = Choose();
  const auto second = Choose();
  EXPECT_EQ(first.endpoint + second.endpoint, 3u);  // 1 and 2 are not known yet
  for (int i = 0; i < 20; ++i) EXPECT_EQ(Choose().endpoint, 0u);
}

TEST_F(EndpointBoardTest, ARiseCountsAtOnceAndIsForgottenInTime) {
  for (int i = 0; i < 3; ++i) Answered(10ms);
  const std::size_t slow = Answered(2s);
  EXPECT_NE(Answered(10ms), slow);
  EXPECT_NE(Answered(10ms), slow);
  now_ += 50s;  // 2 s count as 13 ms; the others' 10 ms as less than 0.1 ms
  EXPECT_NE(Answered(10ms), slow);
  EXPECT_NE(Answered(10ms), slow);
  bool tried = false;
  for (int i = 0; i < 400 && !tried; ++i) {
    tried = Answered(10ms) == slow;
    now_ += 100ms;
  }
  EXPECT_TRUE(tried);
}

TEST_F(EndpointBoardTest, AFailingEndpointIsClosedOffAndTriedOutWithOneCall) {
  CloseOff(0);
  EXPECT_NE(Choose().endpoint, 0u);
  now_ += 1s;
  EXPECT_EQ(board_.StateOf(0, now_), State::kHalfOpen);
  const auto probe = Choose();
  EXPECT_EQ(probe.endpoint, 0u);
  EXPECT_TRUE(probe.probe);
  EXPECT_NE(Choose().endpoint, 0u);  // one probe at a time
  EXPECT_EQ(board_.Report(probe, Verdict::kAnswered, now_), State::kClosed);
  EXPECT_EQ(board_.StateOf(0, now_), State::kClosed);
}

TEST_F(EndpointBoardTest, EachFailedProbeDoublesThePauseUpToItsMaximum) {
  CloseOff(0);
  for (const Duration pause : {1s, 2s, 3s, 3s}) {
    now_ += pause - 1ms;
    EXPECT_EQ(board_.StateOf(0, now_), State::kOpen);
    now_ += 1ms;
    const auto probe = Choose();
    ASSERT_TRUE(probe.probe);
    EXPECT_EQ(board_.Report(probe, Verdict::kFailed, now_), State::kOpen);
  }
}

TEST_F(EndpointBoardTest, AProbeThatWasGivenUpLeavesRoomForAnother) {
  CloseOff(0);
  now_ += 1s;
  EXPECT_EQ(board_.Report(Choose(), Verdict::kNone, now_), std::nullopt);
  EXPECT_TRUE(Choose().probe);
}

TEST_F(EndpointBoardTest, LateFailuresOfOldCallsDoNotLengthenThePause) {
  const auto late = Choose({false, true, true});
  CloseOff(0);
  EXPECT_EQ(board_.Report(late, Verdict::kFailed, now_ + 900ms), std::nullopt);
  EXPECT_EQ(board_.StateOf(0, now_ + 1s), State::kHalfOpen);
}

TEST_F(EndpointBoardTest, FailuresMustFollowOneAnother) {
  for (int i = 0; i < 5; ++i) {
    board_.Report(Choose({false, true, true}), Verdict::kFailed, now_);
    board_.Report(Choose({false, true, true}), Verdict::kAnswered, now_);
  }
  EXPECT_EQ(board_.StateOf(0, now_), State::kClosed);
}

TEST_F(EndpointBoardTest, WhenAllAreClosedOffTheFirstToComeBackIsTried) {
  CloseOff(2);
  now_ += 10ms;
  CloseOff(0);
  now_ += 10ms;
  CloseOff(1);
  EXPECT_EQ(Choose().endpoint, 2u);
  EXPECT_EQ(Choose({false, false, true}).endpoint, 0u);
  EXPECT_FALSE(board_.Choose(now_, {true, true, true}));
}

TEST_F(EndpointBoardTest, AnAnswerInNeedOpensItAgain) {
  for (const std::size_t endpoint : {0u, 1u, 2u}) CloseOff(endpoint);
  const auto pick = Choose();
  EXPECT_FALSE(pick.probe);
  EXPECT_EQ(board_.Report(pick, Verdict::kAnswered, now_), State::kClosed);
}

}  // namespace
}  // namespace gsh::agones
