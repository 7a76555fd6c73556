#include "src/director/allocation_identity.h"

#include <gmock/gmock.h>

namespace gsh::director {
namespace {

using State = agones::GameServerSelector::State;
using ::testing::Pair;
using ::testing::SizeIs;
using ::testing::UnorderedElementsAre;

agones::AllocationRequest Request() {
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

TEST(AllocationIdentityTest, WhichFailuresAreClear) {
  EXPECT_TRUE(SurelyNothingTaken(ResourceExhaustedError("none")));
  EXPECT_TRUE(SurelyNothingTaken(AbortedError("contention")));
  EXPECT_TRUE(SurelyNothingTaken(InvalidArgumentError("422")));
  EXPECT_FALSE(SurelyNothingTaken(UnavailableError("reset")));
  EXPECT_FALSE(SurelyNothingTaken(DeadlineExceededError("late")));
  EXPECT_FALSE(SurelyNothingTaken(CancelledError("stop")));
  EXPECT_FALSE(SurelyNothingTaken(UnknownError("?")));
  EXPECT_FALSE(SurelyNothingAssigned(AbortedError("?")));
  EXPECT_FALSE(SurelyNothingAssigned(UnavailableError("?")));
  EXPECT_TRUE(SurelyNothingAssigned(InvalidArgumentError("?")));
}

TEST(AllocationIdentityTest, TheAdapterKnowsWhenNothingWasSent) {
  const auto failure = [](RetryStop stop) {
    return Status(StatusCode::kUnavailable, "refused", ErrorInfo{.retry_stop = stop});
  };
  EXPECT_TRUE(SurelyNothingTaken(failure(RetryStop::kExhausted)));
  EXPECT_TRUE(SurelyNothingTaken(failure(RetryStop::kBudget)));
  EXPECT_FALSE(SurelyNothingTaken(failure(RetryStop::kNotIdempotent)));
  EXPECT_FALSE(SurelyNothingTaken(failure(RetryStop::kDeadline)));
  // AssignTickets is repeated whatever happened, so that there the reason says nothing.
  EXPECT_FALSE(SurelyNothingAssigned(failure(RetryStop::kExhausted)));
}

}  // namespace
}  // namespace gsh::director
