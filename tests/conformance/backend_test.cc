// Open Match's backend, synchronizer and default evaluator (open-match v1.8: internal/app/backend,
// internal/app/synchronizer, internal/app/evaluator/defaulteval).
#include "gsh/openmatch/backend.h"

#include <chrono>
#include <future>
#include <limits>
#include <thread>

#include "gsh/testing/matchers.h"
#include "tests/conformance/open_match_fixture.h"

namespace gsh::conformance {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::SizeIs;
using ::testing::UnorderedElementsAre;

// Calls that come within one registration window share a cycle, and one's failure fails all: each
// test begins when no cycle is open, whatever ended in failure before.
class BackendTest : public OpenMatchTest {
 protected:
  void SetUp() override {
    OpenMatchTest::SetUp();
    const ScriptedFunction nothing{std::vector<wire::Match>()};
    const auto deadline = std::chrono::steady_clock::now() + std::chrono::seconds(60);
    while (!Fetch(nothing).status.ok()) {
      ASSERT_LT(std::chrono::steady_clock::now(), deadline) << "no cycle without failure";
    }
  }
};

// ---- FetchMatches

TEST_F(BackendTest, FetchReturnsTheProposalAsItWas) {
  const std::string a = Create(), b = Create();
  wire::Match proposal = Proposal("m", {a, b}, 1);
  proposal.mutable_tickets(0)->mutable_search_fields()->add_tags("as the function saw it");
  proposal.set_allocate_gameserver(true);
  ScriptedFunction function({proposal});
  const Fetched fetched = Fetch(function);
  ASSERT_TRUE(fetched.status.ok()) << fetched.status.error_message();
  ASSERT_THAT(fetched.matches, SizeIs(1));
  const wire::Match& match = fetched.matches[0];
  EXPECT_EQ(match.match_id(), proposal.match_id());
  EXPECT_EQ(match.match_profile(), "profile");
  EXPECT_EQ(match.match_function(), "conformance");
  EXPECT_TRUE(match.allocate_gameserver());
  EXPECT_TRUE(match.extensions().contains("evaluation_input"));
  EXPECT_FALSE(match.has_backfill());
  ASSERT_EQ(match.tickets_size(), 2);
  EXPECT_THAT(match.tickets(0).search_fields().tags(), ElementsAre("as the function saw it"));
}

TEST_F(BackendTest, TheFunctionGetsTheProfileWithItsPoolsAndExtensions) {
  std::promise<wire::MatchProfile> seen;
  ScriptedFunction function([&](const wire::MatchProfile& profile, auto&) {
    seen.set_value(profile);
    return grpc::Status::OK;
  });
  wire::FetchMatchesRequest request = FetchRequest(function.port());
  *request.mutable_profile()->add_pools() = TaggedPool();
  (*request.mutable_profile()->mutable_extensions())["e"].set_type_url("x/y");
  const Fetched fetched = Fetch(request);
  EXPECT_TRUE(fetched.status.ok()) << fetched.status.error_message();
  EXPECT_THAT(fetched.matches, IsEmpty());
  const wire::MatchProfile profile = seen.get_future().get();
  EXPECT_EQ(profile.name(), "profile");
  ASSERT_EQ(profile.pools_size(), 1);
  EXPECT_EQ(profile.pools(0).tag_present_filters(0).tag(), tag_);
  EXPECT_EQ(profile.extensions().at("e").type_url(), "x/y");
}

TEST_F(BackendTest, FetchNeedsConfigAndProfile) {
  wire::FetchMatchesRequest no_config, no_profile;
  no_config.mutable_profile();
  no_profile.mutable_config();
  EXPECT_EQ(CodeOf(Fetch(no_config).status), grpc::StatusCode::INVALID_ARGUMENT);
  EXPECT_EQ(CodeOf(Fetch(no_profile).status), grpc::StatusCode::INVALID_ARGUMENT);
}

TEST_F(BackendTest, AFunctionThatIsDownIsUnknown) {
  int port = 0;
  {
    port = ScriptedFunction(std::vector<wire::Match>()).port();
  }
  const Fetched fetched = Fetch(FetchRequest(port));
  EXPECT_EQ(CodeOf(fetched.status), grpc::StatusCode::UNKNOWN);
  EXPECT_THAT(fetched.matches, IsEmpty());
}

TEST_F(BackendTest, TheFunctionsErrorFailsTheCallAfterItsMatches) {
  const std::string a = Create();
  ScriptedFunction function({Proposal("m", {a}, 1)}, {grpc::StatusCode::INTERNAL, "broke down"});
  const Fetched fetched = Fetch(function);
  EXPECT_EQ(CodeOf(fetched.status), grpc::StatusCode::UNKNOWN);
  EXPECT_THAT(fetched.status.error_message(), HasSubstr("broke down"));
  EXPECT_THAT(fetched.ids(), ElementsAre(tag_ + ".m"));
}

TEST_F(BackendTest, AMatchIdTwiceFailsTheCall) {
  ScriptedFunction function({Proposal("m", {"t1"}, 1), Proposal("m", {"t2"}, 1)});
  const Fetched fetched = Fetch(function);
  EXPECT_EQ(CodeOf(fetched.status), grpc::StatusCode::UNKNOWN);
  EXPECT_THAT(fetched.status.error_message(), HasSubstr("twice"));
  EXPECT_THAT(fetched.matches, IsEmpty());
}

// One cycle for both, if the second call comes within the registration window.
TEST_F(BackendTest, CallsAtOnceAreEvaluatedTogether) {
  const std::string a = Create(), b = Create(), c = Create();
  ScriptedFunction low({Proposal("low", {a, b}, 1)}), high({Proposal("high", {b, c}, 2)});
  auto first = std::async(std::launch::async, [&] { return Fetch(low); });
  const Fetched second = Fetch(high);
  const Fetched other = first.get();
  ASSERT_TRUE(other.status.ok()) << other.status.error_message();
  ASSERT_TRUE(second.status.ok()) << second.status.error_message();
  EXPECT_THAT(second.ids(), ElementsAre(tag_ + ".high"));
  EXPECT_THAT(other.ids(), IsEmpty());
}

TEST_F(BackendTest, AMatchIdFromTwoFunctionsFailsBoth) {
  ScriptedFunction one({Proposal("m", {"t1"}, 1)}), two({Proposal("m", {"t2"}, 1)});
  auto first = std::async(std::launch::async, [&] { return Fetch(one); });
  const Fetched second = Fetch(two);
  EXPECT_EQ(CodeOf(second.status), grpc::StatusCode::UNKNOWN);
  EXPECT_EQ(CodeOf(first.get().status), grpc::StatusCode::UNKNOWN);
}

// ---- the default evaluator

TEST_F(BackendTest, TheHigherScoreWinsSharedTickets) {
  const std::string a = Create(), b = Create(), c = Create();
  const double lowest = -std::numeric_limits<double>::max();
  ScriptedFunction function({Proposal("none", {a}), Proposal("low", {a, b}, 1),
                             Proposal("high", {b, c}, 2), Proposal("lowest", {a}, lowest)});
  const Fetched fetched = Fetch(function);
  ASSERT_TRUE(fetched.status.ok()) << fetched.status.error_message();
  // Without a score a proposal counts as minus infinity.
  EXPECT_THAT(fetched.ids(), UnorderedElementsAre(tag_ + ".high", tag_ + ".lowest"));
}

TEST_F(BackendTest, AnUnreadableScoreLosesTheProposal) {
  const std::string a = Create(), b = Create();
  wire::Match broken = Proposal("broken", {a}, 1), foreign = Proposal("foreign", {b}, 1);
  (*broken.mutable_extensions())["evaluation_input"].set_value("\xff");
  (*foreign.mutable_extensions())["evaluation_input"].set_type_url("type.googleapis.com/x.Y");
  ScriptedFunction function({broken, foreign, Proposal("good", {a, b}, 0)});
  const Fetched fetched = Fetch(function);
  ASSERT_TRUE(fetched.status.ok()) << fetched.status.error_message();
  EXPECT_THAT(fetched.ids(), ElementsAre(tag_ + ".good"));
}

TEST_F(BackendTest, NobodyChecksThatTicketsExist) {
  ScriptedFunction function({Proposal("m", {UniqueName("unknown")}, 1), Proposal("empty", {}, 1)});
  const Fetched fetched = Fetch(function);
  ASSERT_TRUE(fetched.status.ok()) << fetched.status.error_message();
  EXPECT_THAT(fetched.ids(), UnorderedElementsAre(tag_ + ".m", tag_ + ".empty"));
}

// ---- pending tickets

TEST_F(BackendTest, MatchedTicketsArePendingUntilReleased) {
  const std::string a = Create(), b = Create(), lost = Create();
  ScriptedFunction function({Proposal("m", {a, b}, 2), Proposal("n", {b, lost}, 1)});
  ASSERT_THAT(Fetch(function).ids(), ElementsAre(tag_ + ".m"));
  EXPECT_THAT(Query(), ElementsAre(lost));
  wire::Ticket ticket;
  EXPECT_TRUE(Get(a, &ticket).ok());
  EXPECT_TRUE(Release({a, UniqueName("unknown")}).ok());
  EXPECT_THAT(Query(), UnorderedElementsAre(a, lost));
  EXPECT_TRUE(Release({}).ok());
}

TEST_F(BackendTest, ReleaseAllReleasesAll) {
  const std::string a = Create(), b = Create();
  ScriptedFunction function({Proposal("m", {a}, 2), Proposal("n", {b}, 1)});
  ASSERT_THAT(Fetch(function).ids(), SizeIs(2));
  EXPECT_THAT(Query(), IsEmpty());
  wire::ReleaseAllTicketsResponse response;
  EXPECT_TRUE(
      Call(*backend_, &BackendStub::ReleaseAllTickets, wire::ReleaseAllTicketsRequest(), &response)
          .ok());
  EXPECT_THAT(Query(), UnorderedElementsAre(a, b));
}

TEST_F(BackendTest, PendingTicketsComeBackByThemselves) {
  if (OpenMatch().pending_release_timeout > std::chrono::seconds(10)) {
    GTEST_SKIP() << "the engine's pendingReleaseTimeout is too long to wait for";
  }
  const std::string a = Create();
  ScriptedFunction function({Proposal("m", {a}, 1)});
  ASSERT_THAT(Fetch(function).ids(), SizeIs(1));
  EXPECT_THAT(Query(), IsEmpty());
  EXPECT_TRUE(Eventually([&] { return Query().size() == 1; }));
}

TEST_F(BackendTest, ReleaseDoesNotTakeAnAssignmentBack) {
  const std::string a = Create();
  wire::AssignTicketsResponse response;
  ASSERT_TRUE(Assign(AssignRequest({a}, "h:1"), &response).ok());
  EXPECT_TRUE(Release({a}).ok());
  EXPECT_THAT(Query(), IsEmpty());
  EXPECT_EQ(ConnectionOf(a), "h:1");
}

// ---- AssignTickets

TEST_F(BackendTest, AssignSetsReplacesAndNamesWhatIsGone) {
  const std::string a = Create(), b = Create(), unknown = UniqueName("unknown");
  wire::AssignTicketsRequest request = AssignRequest({a, unknown}, "h:1");
  wire::AssignmentGroup& group = *request.add_assignments();
  group.mutable_assignment()->set_connection("h:2");
  (*group.mutable_assignment()->mutable_extensions())["e"].set_value("v");
  group.add_ticket_ids(b);
  wire::AssignTicketsResponse response;
  ASSERT_TRUE(Assign(request, &response).ok());
  ASSERT_EQ(response.failures_size(), 1);
  EXPECT_EQ(response.failures(0).ticket_id(), unknown);
  EXPECT_EQ(response.failures(0).cause(), wire::AssignmentFailure::TICKET_NOT_FOUND);
  EXPECT_EQ(ConnectionOf(a), "h:1");
  wire::Ticket ticket;
  ASSERT_TRUE(Get(b, &ticket).ok());
  EXPECT_EQ(ticket.assignment().connection(), "h:2");
  EXPECT_EQ(ticket.assignment().extensions().at("e").value(), "v");
  ASSERT_TRUE(Assign(AssignRequest({a}, "h:3"), &response).ok());
  EXPECT_EQ(ConnectionOf(a), "h:3");
}

TEST_F(BackendTest, AssignRefusesAsAWhole) {
  const std::string a = Create();
  wire::AssignTicketsRequest no_assignment, no_ids = AssignRequest({}, "h:1");
  no_assignment.add_assignments()->add_ticket_ids(a);
  wire::AssignTicketsRequest twice = AssignRequest({a}, "h:1");
  *twice.add_assignments() = twice.assignments(0);
  for (const auto& request : {no_assignment, no_ids, twice, AssignRequest({a, a}, "h:1")}) {
    wire::AssignTicketsResponse response;
    EXPECT_EQ(CodeOf(Assign(request, &response)), grpc::StatusCode::INVALID_ARGUMENT);
  }
  EXPECT_THAT(Query(), ElementsAre(a)) << "nothing was assigned";
}

TEST_F(BackendTest, AssignTakesEmptyGroupsBesideOthersAndNoneAtAll) {
  const std::string a = Create();
  wire::AssignTicketsRequest request = AssignRequest({}, "h:1");
  *request.add_assignments() = AssignRequest({a}, "h:2").assignments(0);
  wire::AssignTicketsResponse response;
  EXPECT_TRUE(Assign(request, &response).ok());
  EXPECT_EQ(ConnectionOf(a), "h:2");
  EXPECT_TRUE(Assign(wire::AssignTicketsRequest(), &response).ok());
  EXPECT_EQ(response.failures_size(), 0);
}

// The library's own client, and a matched ticket's way to its assignment.
TEST_F(BackendTest, TheClientFetchesReleasesAndAssigns) {
  const auto client =
      openmatch::MakeBackend({.client = {.endpoint = OpenMatch().backend, .tls = OpenMatchTls()}});
  ASSERT_THAT(client, gsh::testing::IsOk());
  const std::string a = Create(), b = Create();
  ScriptedFunction function({Proposal("m", {a, b}, 1)});
  const openmatch::FunctionConfig config{.host = "127.0.0.1", .port = function.port()};
  for (int round = 0; round < 2; ++round) {
    const auto matches = (*client)->FetchMatches(config, {.name = "profile"});
    ASSERT_THAT(matches, gsh::testing::IsOk());
    ASSERT_THAT(*matches, SizeIs(1));
    EXPECT_THAT(matches->front().tickets, SizeIs(2));
    EXPECT_THAT(Query(), IsEmpty());
    if (round == 0) {
      EXPECT_THAT((*client)->ReleaseTickets({a, b}), gsh::testing::IsOk());
    }
  }
  const auto failures =
      (*client)->AssignTickets({{.ticket_ids = {a, b}, .assignment = {.connection = "h:1"}}});
  ASSERT_THAT(failures, gsh::testing::IsOk());
  EXPECT_THAT(*failures, IsEmpty());
  EXPECT_EQ(ConnectionOf(b), "h:1");
}

}  // namespace
}  // namespace gsh::conformance
