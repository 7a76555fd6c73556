#include "src/agones/failover/call_progress.h"

#include <gmock/gmock.h>

namespace gsh::agones {
namespace {

using Kind = NextStep::Kind;
using ::testing::ElementsAre;

void ExpectGivesUp(const NextStep& step, RetryStop why) {
  EXPECT_EQ(step.kind, Kind::kGiveUp);
  EXPECT_EQ(step.stop, why);
}

TEST(OutcomeOf, IsWhatTheStatusSaysOfTheServer) {
  const auto unavailable = [](RetryStop stop) {
    return Status(StatusCode::kUnavailable, "?", ErrorInfo{.retry_stop = stop});
  };
  EXPECT_EQ(OutcomeOf(ResourceExhaustedError("none")), Outcome::kNoServer);
  EXPECT_EQ(OutcomeOf(AbortedError("busy")), Outcome::kContention);
  EXPECT_EQ(OutcomeOf(unavailable(RetryStop::kNone)), Outcome::kNotSent);
  EXPECT_EQ(OutcomeOf(unavailable(RetryStop::kExhausted)), Outcome::kNotSent);
  EXPECT_EQ(OutcomeOf(unavailable(RetryStop::kNotIdempotent)), Outcome::kUnclear);
  EXPECT_EQ(OutcomeOf(UnavailableError("of another adapter")), Outcome::kUnclear);
  EXPECT_EQ(OutcomeOf(DeadlineExceededError("late")), Outcome::kUnclear);
  EXPECT_EQ(OutcomeOf(CancelledError("stopping")), Outcome::kUnclear);
  EXPECT_EQ(OutcomeOf(InternalError("RST_STREAM")), Outcome::kUnclear);
  EXPECT_EQ(OutcomeOf(UnknownError("no multi-cluster allocation policy is specified")),
            Outcome::kSettled);
  EXPECT_EQ(OutcomeOf(InvalidArgumentError("422")), Outcome::kSettled);
}

TEST(CallProgress, GoesOnToTheNextEndpointAtOnceThenPausesForANewRound) {
  CallProgress progress(3, {.max_rounds = 2});
  EXPECT_EQ(progress.After(Outcome::kNotSent, 1).kind, Kind::kTryNow);
  EXPECT_THAT(progress.excluded(), ElementsAre(false, true, false));
  EXPECT_EQ(progress.After(Outcome::kNotSent, 0).kind, Kind::kTryNow);
  EXPECT_EQ(progress.After(Outcome::kNotSent, 2).kind, Kind::kTryAfterBackoff);
  EXPECT_THAT(progress.excluded(), ElementsAre(false, false, false));
  EXPECT_EQ(progress.round(), 2);
  progress.After(Outcome::kNotSent, 0);
  progress.After(Outcome::kNotSent, 1);
  ExpectGivesUp(progress.After(Outcome::kNotSent, 2), RetryStop::kExhausted);
  EXPECT_FALSE(progress.maybe_taken());
}

TEST(CallProgress, ContentionIsRepeatedAfterAPause) {
  CallProgress progress(2, {.max_rounds = 3});
  EXPECT_EQ(progress.After(Outcome::kContention, 0).kind, Kind::kTryAfterBackoff);
  EXPECT_EQ(progress.After(Outcome::kContention, 0).kind, Kind::kTryAfterBackoff);
  ExpectGivesUp(progress.After(Outcome::kContention, 0), RetryStop::kExhausted);
}

TEST(CallProgress, AnswersAreFinal) {
  ExpectGivesUp(CallProgress(2, {}).After(Outcome::kSettled, 0), RetryStop::kPermanent);
  ExpectGivesUp(CallProgress(2, {}).After(Outcome::kNoServer, 0), RetryStop::kPermanent);
}

TEST(CallProgress, WhatMayHaveHappenedIsRepeatedOnlyWithAnIdentity) {
  CallProgress once(2, {});
  ExpectGivesUp(once.After(Outcome::kUnclear, 0), RetryStop::kNotIdempotent);
  EXPECT_TRUE(once.maybe_taken());

  CallProgress again(2, {.repeatable = true, .max_rounds = 2});
  EXPECT_EQ(again.After(Outcome::kUnclear, 0).kind, Kind::kTryAfterUnclearPause);
  EXPECT_THAT(again.excluded(), ElementsAre(true, false));  // rather elsewhere
  EXPECT_TRUE(again.maybe_taken());
  ExpectGivesUp(again.After(Outcome::kUnclear, 1), RetryStop::kExhausted);
}

TEST(CallProgress, TheOnlyEndpointIsAskedAgain) {
  CallProgress progress(1, {.repeatable = true});
  EXPECT_EQ(progress.After(Outcome::kUnclear, 0).kind, Kind::kTryAfterUnclearPause);
  EXPECT_THAT(progress.excluded(), ElementsAre(false));
}

TEST(CallProgress, NoServerAfterAnUnclearCallSettlesIt) {
  CallProgress progress(2, {.repeatable = true});
  progress.After(Outcome::kUnclear, 0);
  ExpectGivesUp(progress.After(Outcome::kNoServer, 1), RetryStop::kPermanent);
  EXPECT_FALSE(progress.maybe_taken());
}

TEST(CallProgress, AnUnclearCallStaysUnclearWhenNobodyCanBeReached) {
  CallProgress progress(2, {.repeatable = true, .max_rounds = 2});
  progress.After(Outcome::kUnclear, 0);
  ExpectGivesUp(progress.After(Outcome::kNotSent, 1), RetryStop::kExhausted);
  EXPECT_TRUE(progress.maybe_taken());
}

TEST(CallProgress, SeparateClustersAreAskedInTurnForAServer) {
  CallProgress progress(3, {.separate_clusters = true});
  EXPECT_EQ(progress.After(Outcome::kNoServer, 0).kind, Kind::kTryNow);
  EXPECT_EQ(progress.After(Outcome::kNotSent, 1).kind, Kind::kTryNow);
  EXPECT_THAT(progress.excluded(), ElementsAre(true, true, false));
  ExpectGivesUp(progress.After(Outcome::kNoServer, 2), RetryStop::kPermanent);
  EXPECT_TRUE(progress.heard_of_no_server());
}

TEST(CallProgress, AContestedClusterIsAskedAgainButNoneThatIsEmpty) {
  CallProgress progress(2, {.separate_clusters = true});
  progress.After(Outcome::kNoServer, 0);
  EXPECT_EQ(progress.After(Outcome::kContention, 1).kind, Kind::kTryAfterBackoff);
  EXPECT_THAT(progress.excluded(), ElementsAre(true, false));
}

TEST(CallProgress, OfSeparateClustersOnlyTheSameOneKnowsTheIdentity) {
  CallProgress progress(3, {.repeatable = true, .separate_clusters = true});
  EXPECT_EQ(progress.After(Outcome::kUnclear, 1).kind, Kind::kTryAfterUnclearPause);
  EXPECT_THAT(progress.excluded(), ElementsAre(true, false, true));
  EXPECT_EQ(progress.After(Outcome::kNotSent, 1).kind, Kind::kTryAfterBackoff);
  EXPECT_THAT(progress.excluded(), ElementsAre(true, false, true));
  EXPECT_TRUE(progress.maybe_taken());
  // It has no server of that identity after all: the others are free again.
  EXPECT_EQ(progress.After(Outcome::kNoServer, 1).kind, Kind::kTryNow);
  EXPECT_THAT(progress.excluded(), ElementsAre(false, true, false));
  EXPECT_FALSE(progress.maybe_taken());
}

}  // namespace
}  // namespace gsh::agones
