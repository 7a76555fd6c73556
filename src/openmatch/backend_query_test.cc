// The backend's and the query service's gRPC adapters against a server that answers as scripted.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <chrono>
#include <future>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "gsh/openmatch/backend.h"
#include "gsh/openmatch/query.h"
#include "gsh/testing/matchers.h"
#include "src/openmatch/scripted_service.h"
#include "src/proto/openmatch.h"

namespace gsh::openmatch {
namespace {

using std::chrono::milliseconds;
using std::chrono::seconds;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using testing::IsOk;
using testing::StatusIs;

class BackendTest : public ScriptedServiceTest {
 protected:
  BackendTest()
      : ScriptedServiceTest("openmatch.BackendService"),
        backend_(*MakeBackend({.client = Options()})) {}

  static std::string Match(const std::string& id) {
    wire_openmatch::FetchMatchesResponse response;
    response.mutable_match()->set_match_id(id);
    return response.SerializeAsString();
  }

  std::unique_ptr<Backend> backend_;
};

constexpr char kFetch[] = "FetchMatches";
constexpr char kAssign[] = "AssignTickets";
constexpr char kRelease[] = "ReleaseTickets";
constexpr char kReleaseAll[] = "ReleaseAllTickets";

TEST_F(BackendTest, FetchesMatches) {
  Script(kFetch, {{.messages = {Match("m1"), Match("m2")}}});
  const auto matches = backend_->FetchMatches({.host = "mmf", .port = 50502},
                                              {.name = "p", .pools = {{.name = "a"}}});
  ASSERT_THAT(matches, IsOk());
  ASSERT_EQ(matches->size(), 2u);
  EXPECT_EQ((*matches)[0].id, "m1");
  EXPECT_EQ((*matches)[1].id, "m2");
  const auto asked = Asked<wire_openmatch::FetchMatchesRequest>(kFetch);
  EXPECT_EQ(asked.config().host(), "mmf");
  EXPECT_EQ(asked.config().port(), 50502);
  EXPECT_EQ(asked.profile().name(), "p");
  EXPECT_EQ(asked.profile().pools(0).name(), "a");
}

TEST_F(BackendTest, MatchesBeforeAnErrorAreGivenAndNothingIsRepeated) {
  Script(kFetch, {{.messages = {Match("m1")}, .code = 14, .error = "synchronizer"}});
  std::vector<std::string> ids;
  std::promise<Status> done;
  backend_->FetchMatchesAsync(
      {}, {}, {}, [&](const openmatch::Match& match) { ids.push_back(match.id); },
      [&](Status status) { done.set_value(std::move(status)); });
  EXPECT_THAT(done.get_future().get(), StatusIs(StatusCode::kUnavailable));
  EXPECT_THAT(ids, ElementsAre("m1"));
  EXPECT_EQ(server_.calls(), 1);
}

TEST_F(BackendTest, AssignsTicketsAndNamesTheFailures) {
  wire_openmatch::AssignTicketsResponse response;
  auto& failure = *response.add_failures();
  failure.set_ticket_id("t2");
  failure.set_cause(wire_openmatch::AssignmentFailure::TICKET_NOT_FOUND);
  response.add_failures()->set_ticket_id("t3");
  Script(kAssign, {{.messages = {response.SerializeAsString()}}});
  const auto failures =
      backend_->AssignTickets({{.ticket_ids = {"t1", "t2"}, .assignment = {.connection = "h:1"}},
                               {.ticket_ids = {"t3"}, .assignment = {.connection = "h:2"}}});
  ASSERT_THAT(failures, IsOk());
  ASSERT_EQ(failures->size(), 2u);
  EXPECT_EQ((*failures)[0].ticket_id, "t2");
  EXPECT_EQ((*failures)[0].cause, AssignmentFailure::Cause::kTicketNotFound);
  EXPECT_EQ((*failures)[1].cause, AssignmentFailure::Cause::kUnknown);
  const auto asked = Asked<wire_openmatch::AssignTicketsRequest>(kAssign);
  ASSERT_EQ(asked.assignments_size(), 2);
  EXPECT_THAT(asked.assignments(0).ticket_ids(), ElementsAre("t1", "t2"));
  EXPECT_EQ(asked.assignments(1).assignment().connection(), "h:2");
}

TEST_F(BackendTest, ReleasesTicketsAfterARetry) {
  Script(kRelease, {{.code = 14}, {.messages = {""}}});
  std::promise<Status> done;
  backend_->ReleaseTicketsAsync({"t1", "t2"}, {},
                                [&](Status status) { done.set_value(std::move(status)); });
  EXPECT_EQ(EndPause(), milliseconds(50));
  EXPECT_THAT(done.get_future().get(), IsOk());
  EXPECT_THAT(Asked<wire_openmatch::ReleaseTicketsRequest>(kRelease).ticket_ids(),
              ElementsAre("t1", "t2"));
}

TEST_F(BackendTest, ReleasesAllTickets) {
  Script(kReleaseAll, {{.messages = {""}}});
  EXPECT_THAT(backend_->ReleaseAllTickets(), IsOk());
}

class QueryTest : public ScriptedServiceTest {
 protected:
  QueryTest()
      : ScriptedServiceTest("openmatch.QueryService"), query_(*MakeQuery({.client = Options()})) {}

  static std::string Page(const std::vector<std::string>& ids) {
    wire_openmatch::QueryTicketsResponse page;
    for (const std::string& id : ids) page.add_tickets()->set_id(id);
    return page.SerializeAsString();
  }
  static std::vector<std::string> Ids(const std::vector<Ticket>& tickets) {
    std::vector<std::string> ids;
    ids.reserve(tickets.size());
    for (const Ticket& ticket : tickets) ids.push_back(ticket.id);
    return ids;
  }

  std::unique_ptr<Query> query_;
};

constexpr char kTickets[] = "QueryTickets";
constexpr char kIds[] = "QueryTicketIds";
constexpr char kBackfills[] = "QueryBackfills";

TEST_F(QueryTest, JoinsThePages) {
  Script(kTickets, {{.messages = {Page({"a", "b"}), Page({}), Page({"c"})}}});
  const auto tickets = query_->QueryTickets({.name = "all", .tags_present = {"mode.session"}});
  ASSERT_THAT(tickets, IsOk());
  EXPECT_THAT(Ids(*tickets), ElementsAre("a", "b", "c"));
  const auto asked = Asked<wire_openmatch::QueryTicketsRequest>(kTickets);
  EXPECT_EQ(asked.pool().name(), "all");
  EXPECT_EQ(asked.pool().tag_present_filters(0).tag(), "mode.session");
}

TEST_F(QueryTest, APoolWithoutFiltersIsStillSent) {
  Script(kTickets, {{}});
  EXPECT_THAT(query_->QueryTickets({}), IsOk());
  EXPECT_TRUE(Asked<wire_openmatch::QueryTicketsRequest>(kTickets).has_pool());
}

TEST_F(QueryTest, ABrokenStreamIsBegunAgainFromItsStart) {
  Script(kTickets, {{.messages = {Page({"a", "b"})}, .code = 14},
                    {.messages = {Page({"a", "b"}), Page({"c"})}}});
  std::promise<StatusOr<std::vector<Ticket>>> done;
  query_->QueryTicketsAsync({}, {}, [&](auto result) { done.set_value(std::move(result)); });
  EXPECT_EQ(EndPause(), milliseconds(50));
  const auto tickets = done.get_future().get();
  ASSERT_THAT(tickets, IsOk());
  EXPECT_THAT(Ids(*tickets), ElementsAre("a", "b", "c"));
}

TEST_F(QueryTest, GivesUpAfterItsAttempts) {
  Script(kTickets, {{.code = 14, .error = "down"}});
  std::promise<StatusOr<std::vector<Ticket>>> done;
  query_->QueryTicketsAsync({}, {}, [&](auto result) { done.set_value(std::move(result)); });
  for (const int ms : {50, 100, 200}) EXPECT_EQ(EndPause(), milliseconds(ms));
  const auto tickets = done.get_future().get();
  EXPECT_THAT(tickets, StatusIs(StatusCode::kUnavailable, HasSubstr("down")));
  EXPECT_EQ(tickets.status().info()->attempts, 4);
  EXPECT_EQ(server_.calls(), 4);
}

TEST_F(QueryTest, DrawsOnTheBudgetOfItsEndpoint) {
  ClientOptions options = Options();
  options.retry.budget = 1;
  query_ = *MakeQuery({.client = std::move(options)});
  Script(kTickets, {{.code = 14, .error = "down"}});
  std::promise<StatusOr<std::vector<Ticket>>> done;
  query_->QueryTicketsAsync({}, {}, [&](auto result) { done.set_value(std::move(result)); });
  EXPECT_EQ(EndPause(), milliseconds(50));
  const auto tickets = done.get_future().get();
  EXPECT_THAT(tickets, StatusIs(StatusCode::kUnavailable));
  EXPECT_EQ(tickets.status().info()->retry_stop, RetryStop::kBudget);
  EXPECT_EQ(tickets.status().info()->attempts, 2);
}

// Times by the manual clock, but gRPC counts each attempt's by the real one: long enough for that.
TEST_F(QueryTest, TimeoutBoundsTheRepeats) {
  Script(kTickets, {{.code = 14, .error = "down"}});
  ClientOptions options = Options();
  options.retry.initial_backoff = seconds(100);
  options.retry.max_backoff = seconds(100);
  query_ = *MakeQuery({.client = std::move(options)});
  std::promise<StatusOr<std::vector<Ticket>>> done;
  query_->QueryTicketsAsync({}, {.timeout = seconds(60)},
                            [&](auto result) { done.set_value(std::move(result)); });
  EXPECT_EQ(EndPause(), seconds(50));
  const auto tickets = done.get_future().get();
  ASSERT_NE(tickets.status().info(), nullptr);
  EXPECT_EQ(tickets.status().info()->retry_stop, RetryStop::kDeadline);
  EXPECT_LE(server_.calls(), 2);
}

TEST_F(QueryTest, RefusedPoolsAreNotAskedAgain) {
  Script(kTickets, {{.code = 3, .error = ".invalid created_before value"}});
  EXPECT_THAT(query_->QueryTickets({}), StatusIs(StatusCode::kInvalidArgument));
  EXPECT_EQ(server_.calls(), 1);
}

TEST_F(QueryTest, GivesIdsAndBackfills) {
  wire_openmatch::QueryTicketIdsResponse ids;
  ids.add_ids("a");
  ids.add_ids("b");
  wire_openmatch::QueryBackfillsResponse backfills;
  backfills.add_backfills()->set_generation(7);
  Script(kIds, {{.messages = {ids.SerializeAsString(), ids.SerializeAsString()}}});
  Script(kBackfills, {{.messages = {backfills.SerializeAsString()}}});
  EXPECT_THAT(*query_->QueryTicketIds({}), ElementsAre("a", "b", "a", "b"));
  const auto found = query_->QueryBackfills({});
  ASSERT_THAT(found, IsOk());
  ASSERT_EQ(found->size(), 1u);
  EXPECT_EQ((*found)[0].generation, 7);
}

TEST(MakeBackendAndQuery, BadOptionsAreNamed) {
  EXPECT_THAT(MakeBackend({}), StatusIs(StatusCode::kInvalidArgument, HasSubstr("endpoint")));
  EXPECT_THAT(MakeQuery({}), StatusIs(StatusCode::kInvalidArgument, HasSubstr("endpoint")));
}

}  // namespace
}  // namespace gsh::openmatch
