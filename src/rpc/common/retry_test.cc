#include "src/rpc/common/retry.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <chrono>

#include "gsh/testing/fakes.h"

namespace gsh::rpc {
namespace {

using std::chrono::milliseconds;
using testing::FixedRng;

constexpr std::uint64_t kHalf = 1ULL << 63;  // NextDouble() is 0.5

TEST(BackoffDelay, DoublesUpToItsBound) {
  const RetryOptions options{.initial_backoff = milliseconds(100),
                             .max_backoff = milliseconds(500)};
  FixedRng half(kHalf);
  EXPECT_EQ(BackoffDelay(options, 1, half), milliseconds(50));
  EXPECT_EQ(BackoffDelay(options, 2, half), milliseconds(100));
  EXPECT_EQ(BackoffDelay(options, 3, half), milliseconds(200));
  EXPECT_EQ(BackoffDelay(options, 4, half), milliseconds(250));
  EXPECT_EQ(BackoffDelay(options, 4000, half), milliseconds(250));
}

TEST(BackoffDelay, JitterIsFull) {
  const RetryOptions options{.initial_backoff = milliseconds(100)};
  FixedRng lowest(0);
  FixedRng highest(~0ULL);
  EXPECT_EQ(BackoffDelay(options, 1, lowest), Duration(0));
  EXPECT_GT(BackoffDelay(options, 1, highest), milliseconds(99));
  EXPECT_LT(BackoffDelay(options, 1, highest), milliseconds(100));
}

TEST(RetryBudget, RunsEmptyAndIsRefilledBySuccesses) {
  RetryBudget budget({.budget = 2, .budget_refill = 0.5});
  EXPECT_TRUE(budget.Take());
  EXPECT_TRUE(budget.Take());
  EXPECT_FALSE(budget.Take());
  budget.Refund();
  EXPECT_FALSE(budget.Take());
  budget.Refund();
  EXPECT_TRUE(budget.Take());
  for (int i = 0; i < 100; ++i) budget.Refund();
  EXPECT_TRUE(budget.Take());
  EXPECT_TRUE(budget.Take());
  EXPECT_FALSE(budget.Take());  // never more than it began with
}

TEST(RetryBudget, ZeroIsNoBound) {
  RetryBudget budget({.budget = 0});
  for (int i = 0; i < 1000; ++i) ASSERT_TRUE(budget.Take());
}

TEST(RetryBudget, RetriesMayTakeMoreAndGetItBack) {
  RetryBudget budget({.budget = 12, .budget_refill = 1});
  EXPECT_TRUE(budget.Take(5));
  EXPECT_TRUE(budget.Take(5));
  EXPECT_FALSE(budget.Take(5));
  budget.Refund(5);
  EXPECT_TRUE(budget.Take(5));
  budget.Refund(0);  // 3 are left now
  EXPECT_FALSE(budget.Take(4));
  EXPECT_TRUE(budget.Take(3));
}

TEST(ParsePushBack, FollowsProposalA6) {
  EXPECT_FALSE(ParsePushBack(std::nullopt).has_value());
  EXPECT_EQ(ParsePushBack("0")->delay, Duration(0));
  EXPECT_EQ(ParsePushBack("1234")->delay, milliseconds(1234));
  EXPECT_FALSE(ParsePushBack("1234")->forbids);
  for (const char* text : {"-1", "", "soon", "12x", "99999999999999999999"}) {
    EXPECT_TRUE(ParsePushBack(text)->forbids) << text;
  }
}

class DecideRetryTest : public ::testing::Test {
 protected:
  RetryDecision Decide(const FailedAttempt& attempt) {
    return DecideRetry(attempt, options_, budget_, half_);
  }

  RetryOptions options_;
  RetryBudget budget_{options_};
  FixedRng half_{kHalf};
  FailedAttempt attempt_{.transient = true, .may_repeat = true};
};

TEST_F(DecideRetryTest, CostAndPausesAreTheAttempts) {
  options_ = {.initial_backoff = milliseconds(50), .max_backoff = milliseconds(800)};
  attempt_.cost = 5;
  EXPECT_EQ(Decide(attempt_).taken, 5);
  EXPECT_EQ(Decide(attempt_).delay, milliseconds(25));
  attempt_.backoff_factor = 10;
  EXPECT_EQ(Decide(attempt_).delay, milliseconds(250));
  attempt_.backoff_factor = 100;
  EXPECT_EQ(Decide(attempt_).delay, milliseconds(400));  // the bound stays
}

TEST_F(DecideRetryTest, TransientIsRepeated) {
  EXPECT_EQ(Decide(attempt_).delay, milliseconds(50));
}

TEST_F(DecideRetryTest, SaysWhyNot) {
  FailedAttempt permanent = attempt_;
  permanent.transient = false;
  EXPECT_EQ(Decide(permanent).stop, RetryStop::kPermanent);
  FailedAttempt once = attempt_;
  once.may_repeat = false;
  EXPECT_EQ(Decide(once).stop, RetryStop::kNotIdempotent);
  FailedAttempt last = attempt_;
  last.attempts = options_.max_attempts;
  EXPECT_EQ(Decide(last).stop, RetryStop::kExhausted);
  FailedAttempt late = attempt_;
  late.remaining = milliseconds(50);
  EXPECT_EQ(Decide(late).stop, RetryStop::kDeadline);
  FailedAttempt forbidden = attempt_;
  forbidden.push_back = PushBack{.forbids = true};
  EXPECT_EQ(Decide(forbidden).stop, RetryStop::kPermanent);
  while (budget_.Take()) {
  }
  EXPECT_EQ(Decide(attempt_).stop, RetryStop::kBudget);
  for (const auto& refused : {permanent, once, last, late, forbidden, attempt_}) {
    EXPECT_FALSE(Decide(refused).delay.has_value());
  }
}

TEST_F(DecideRetryTest, ServersWishReplacesBackoff) {
  attempt_.push_back = PushBack{.delay = milliseconds(1234)};
  EXPECT_EQ(Decide(attempt_).delay, milliseconds(1234));
}

TEST(IsTransientByDefault, KnowsTheCodes) {
  EXPECT_TRUE(IsTransientByDefault(UnavailableError(""), false));
  EXPECT_TRUE(IsTransientByDefault(AbortedError(""), false));
  EXPECT_FALSE(IsTransientByDefault(ResourceExhaustedError(""), false));
  EXPECT_TRUE(IsTransientByDefault(ResourceExhaustedError(""), true));
  EXPECT_TRUE(IsTransientByDefault(InternalError("Received RST_STREAM with error code 2"), false));
  EXPECT_FALSE(IsTransientByDefault(InternalError("a bug"), false));
  EXPECT_FALSE(IsTransientByDefault(DeadlineExceededError(""), false));
}

}  // namespace
}  // namespace gsh::rpc
