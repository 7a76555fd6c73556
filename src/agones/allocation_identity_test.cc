#include "gsh/agones/allocation_identity.h"

#include <gmock/gmock.h>

#include <utility>

namespace gsh::agones {
namespace {

using State = GameServerSelector::State;
using ::testing::Pair;
using ::testing::SizeIs;
using ::testing::UnorderedElementsAre;

AllocationRequest Request() {
  return {.ns = "servers",
          .multicluster = true,
          .multicluster_policy_labels = {{"tier", "one"}},
          .selectors = {{.match_labels = {{"region", "us-east-1"}}}},
          .labels = {{"mine", "1"}},
          .annotations = {{"note", "2"}},
          .counters = {{"rooms", {.action = "Increment", .amount = 1}}}};
}

TEST(AllocationIdentityTest, LooksForTheServerOfAnEarlierCallFirst) {
  const auto request = WithIdentity(Request(), "uuid");
  ASSERT_THAT(request.selectors, SizeIs(2));
  EXPECT_THAT(request.selectors[0].match_labels,
              UnorderedElementsAre(Pair("gsh.dev/allocation", "uuid")));
  EXPECT_EQ(request.selectors[0].state, State::kAllocated);
  EXPECT_THAT(request.selectors[1].match_labels, UnorderedElementsAre(Pair("region", "us-east-1")));
  EXPECT_EQ(request.selectors[1].state, State::kReady);
  EXPECT_THAT(request.annotations,
              UnorderedElementsAre(Pair("gsh.dev/release", "false"), Pair("note", "2")));
  EXPECT_THAT(request.labels,
              UnorderedElementsAre(Pair("gsh.dev/allocation", "uuid"), Pair("mine", "1")));
}

TEST(AllocationIdentityTest, AGiveBackFindsTheServerByTheIdentityAlone) {
  const auto request = GiveBackRequest(Request(), "uuid");
  EXPECT_EQ(request.ns, "servers");
  EXPECT_TRUE(request.multicluster);
  EXPECT_THAT(request.multicluster_policy_labels, UnorderedElementsAre(Pair("tier", "one")));
  ASSERT_THAT(request.selectors, SizeIs(1));
  EXPECT_THAT(request.selectors[0].match_labels,
              UnorderedElementsAre(Pair("gsh.dev/allocation", "uuid")));
  EXPECT_EQ(request.selectors[0].state, State::kAllocated);
  EXPECT_THAT(request.annotations, UnorderedElementsAre(Pair("gsh.dev/release", "true")));
  EXPECT_THAT(request.labels, SizeIs(0));
  EXPECT_THAT(request.counters, SizeIs(0));
}

TEST(AllocationIdentityTest, WithoutSelectorsAnyReadyServerStillDoes) {
  const auto request = WithIdentity({}, "uuid");
  ASSERT_THAT(request.selectors, SizeIs(2));
  EXPECT_THAT(request.selectors[1].match_labels, SizeIs(0));
  EXPECT_EQ(request.selectors[1].state, State::kReady);
}

TEST(AllocationIdentityTest, IsRecognised) {
  EXPECT_FALSE(HasIdentity(Request()));
  const AllocationRequest request = WithIdentity(Request(), "uuid");
  EXPECT_TRUE(HasIdentity(request));
  AllocationRequest other = request;
  other.labels["gsh.dev/allocation"] = "another";
  EXPECT_FALSE(HasIdentity(other));
  AllocationRequest ready = request;
  ready.selectors[0].state = State::kReady;
  EXPECT_FALSE(HasIdentity(ready));
  AllocationRequest last = request;
  std::swap(last.selectors[0], last.selectors[1]);
  EXPECT_FALSE(HasIdentity(last));
  EXPECT_FALSE(HasIdentity({.labels = {{"gsh.dev/allocation", "uuid"}}}));
}

TEST(AllocationIdentityTest, WhichFailuresAreClear) {
  EXPECT_TRUE(SurelyNothingTaken(ResourceExhaustedError("none")));
  EXPECT_TRUE(SurelyNothingTaken(AbortedError("contention")));
  EXPECT_TRUE(SurelyNothingTaken(InvalidArgumentError("422")));
  EXPECT_FALSE(SurelyNothingTaken(UnavailableError("reset")));
  EXPECT_FALSE(SurelyNothingTaken(DeadlineExceededError("late")));
  EXPECT_FALSE(SurelyNothingTaken(CancelledError("stop")));
  EXPECT_FALSE(SurelyNothingTaken(UnknownError("?")));
}

TEST(AllocationIdentityTest, TheAdapterKnowsWhenNothingWasSent) {
  const auto failure = [](RetryStop stop) {
    return Status(StatusCode::kUnavailable, "refused", ErrorInfo{.retry_stop = stop});
  };
  EXPECT_TRUE(SurelyNothingTaken(failure(RetryStop::kExhausted)));
  EXPECT_TRUE(SurelyNothingTaken(failure(RetryStop::kBudget)));
  EXPECT_FALSE(SurelyNothingTaken(failure(RetryStop::kNotIdempotent)));
  EXPECT_FALSE(SurelyNothingTaken(failure(RetryStop::kDeadline)));
  // As a client without retries reports a connection that failed.
  EXPECT_TRUE(SurelyNothingTaken(failure(RetryStop::kNone)));
  EXPECT_FALSE(SurelyNothingTaken(Status(StatusCode::kUnknown, "?", ErrorInfo{})));
}

}  // namespace
}  // namespace gsh::agones
