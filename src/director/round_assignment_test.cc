// The players of a match: looked up before there is a server, told of it afterwards.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>
#include <string_view>
#include <vector>

#include "src/director/round_fixture.h"

namespace gsh::director {
namespace {

using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::SizeIs;
using ::testing::UnorderedElementsAre;

TEST_F(RoundTest, LooksTicketsUpBeforeItAllocates) {
  OfferOne();
  world_.options.frontend = &world_.open_match;
  world_.agones.AddServers("us-east-1", 1);
  world_.open_match.tickets.erase("t1");
  const RoundReport report = world_.RunRound();
  EXPECT_EQ(world_.agones.allocated(), 0);
  EXPECT_EQ(report.gone_tickets, 1u);
  EXPECT_THAT(world_.open_match.released, UnorderedElementsAre("t0", "t2", "t3"));
}

TEST_F(RoundTest, FewerTicketsAreEnoughIfTheOptionsSaySo) {
  OfferOne();
  world_.options.frontend = &world_.open_match;
  world_.options.min_tickets = 2;
  world_.agones.AddServers("us-east-1", 1);
  world_.open_match.tickets.erase("t1");
  world_.open_match.tickets["t2"].connections = {"elsewhere:1"};
  const RoundReport report = world_.RunRound();
  EXPECT_EQ(report.assigned_tickets, 2u);
  EXPECT_EQ(report.gone_tickets, 2u);
  EXPECT_EQ(world_.Connection("t2"), "elsewhere:1");
  EXPECT_THAT(world_.agones.servers[0].annotations.at("gsh.dev/roster"),
              ::testing::Not(HasSubstr("t1")));
}

TEST_F(RoundTest, AFrontendInTroubleDoesNotStopMatches) {
  OfferOne();
  world_.options.frontend = &world_.open_match;
  world_.agones.AddServers("us-east-1", 1);
  world_.open_match.faults = On("GetTicket", {}, {.before = UnavailableError("down")});
  EXPECT_EQ(world_.RunRound().assigned_tickets, 4u);
}

TEST_F(RoundTest, AnAssignmentIsRepeatedWithTheSameServer) {
  OfferOne();
  world_.agones.AddServers("us-east-1", 2);
  int calls = 0;
  world_.open_match.faults = [&](std::string_view method) {
    if (method != "AssignTickets" || ++calls > 3) return Fault{};
    return calls % 2 == 0 ? Fault{.before = UnavailableError("down")}
                          : Fault{.after = UnknownError("redis")};
  };
  EXPECT_EQ(world_.RunRound().assigned_tickets, 4u);
  EXPECT_EQ(world_.agones.allocated(), 1);
  EXPECT_THAT(world_.open_match.tickets.at("t0").connections, SizeIs(1));
  EXPECT_EQ(world_.open_match.release_calls, 0);
}

TEST_F(RoundTest, AnAssignmentThatSurelyFailedReleasesAndGivesBack) {
  OfferOne();
  world_.agones.AddServers("us-east-1", 2);
  world_.open_match.faults = On("AssignTickets", {}, {.before = InvalidArgumentError("no")});
  const RoundReport report = world_.RunRound();
  EXPECT_EQ(report.assigned_matches, 0u);
  EXPECT_EQ(report.given_back, 1u);
  EXPECT_EQ(world_.open_match.assign_calls, 1);
  ExpectAllReleased();
}

TEST_F(RoundTest, OneRefusedMatchDoesNotTakeItsBatchAlong) {
  std::vector<openmatch::Match> matches;
  for (int i = 0; i < 9; ++i) {
    const std::string id = "m" + std::to_string(i);
    matches.push_back(MatchOf(id, "us-east-1", world_.AddTickets(id + "-", 2)));
  }
  world_.Offer(matches);
  world_.agones.AddServers("us-east-1", 9);
  world_.open_match.refuse = [](const openmatch::AssignmentGroup& group) {
    return group.ticket_ids[0] == "m4-0" ? InvalidArgumentError("bad") : OkStatus();
  };
  const RoundReport report = world_.RunRound();
  EXPECT_EQ(report.assigned_matches, 8u);
  EXPECT_THAT(world_.open_match.released, UnorderedElementsAre("m4-0", "m4-1"));
  EXPECT_EQ(world_.agones.given_back(), 1);
}

TEST_F(RoundTest, WithAFrontendALostAssignmentIsFoundToHaveHappened) {
  OfferOne();
  world_.options.frontend = &world_.open_match;
  world_.agones.AddServers("us-east-1", 1);
  world_.open_match.faults = On("AssignTickets", {}, {.after = UnavailableError("lost")});
  const RoundReport report = world_.RunRound();
  EXPECT_EQ(report.assigned_tickets, 4u);
  EXPECT_EQ(report.given_back, 0u);
  EXPECT_EQ(world_.agones.given_back(), 0);
  EXPECT_THAT(world_.open_match.released, IsEmpty());
}

TEST_F(RoundTest, WithAFrontendALostAssignmentIsFoundNotToHaveHappened) {
  OfferOne();
  world_.options.frontend = &world_.open_match;
  world_.agones.AddServers("us-east-1", 1);
  world_.open_match.faults = On("AssignTickets", {}, {.before = UnavailableError("lost")});
  EXPECT_EQ(world_.RunRound().given_back, 1u);
  ExpectAllReleased();
}

TEST_F(RoundTest, WithoutAFrontendALostAssignmentIsReleasedAndGivenBackLater) {
  OfferOne();
  world_.agones.AddServers("us-east-1", 1);
  world_.open_match.faults = On("AssignTickets", {}, {.after = UnavailableError("lost")});
  SteadyTime last_assign;
  SteadyTime gave_back;
  auto inner = world_.open_match.faults;
  world_.open_match.faults = [&](std::string_view method) {
    if (method == "AssignTickets") last_assign = world_.clock.SteadyNow();
    return inner(method);
  };
  world_.agones.faults = [&](std::string_view method) {
    if (method == "GiveBack") gave_back = world_.clock.SteadyNow();
    return Fault{};
  };
  EXPECT_EQ(world_.RunRound().given_back, 1u);
  EXPECT_THAT(world_.open_match.released, SizeIs(4));
  // Players who were told after all have had time to join: then the server stays.
  EXPECT_GE(gave_back - last_assign, 2 * world_.options.unclear_pause);
  EXPECT_TRUE(world_.open_match.Waiting().empty());  // releasing them did them no harm
}

TEST_F(RoundTest, FailuresSayWhoHasGoneAndTheServerStaysForTheRest) {
  OfferOne();
  world_.agones.AddServers("us-east-1", 1);
  world_.open_match.tickets.erase("t1");
  const RoundReport report = world_.RunRound();
  EXPECT_EQ(report.assigned_tickets, 3u);
  EXPECT_EQ(report.gone_tickets, 1u);
  EXPECT_EQ(report.given_back, 0u);
}

TEST_F(RoundTest, AServerForPlayersWhoHaveAllGoneIsGivenBack) {
  OfferOne();
  world_.agones.AddServers("us-east-1", 1);
  world_.open_match.tickets.clear();
  const RoundReport report = world_.RunRound();
  EXPECT_EQ(report.assigned_matches, 0u);
  EXPECT_EQ(report.gone_tickets, 4u);
  EXPECT_EQ(report.given_back, 1u);
  EXPECT_EQ(world_.agones.given_back(), 1);
}

TEST_F(RoundTest, HooksChangeRequestsAndAssignments) {
  OfferOne();
  world_.agones.AddServers("us-east-1", 1);
  world_.options.make_allocation = [](const openmatch::Match& match,
                                      agones::AllocationRequest& request) {
    request.annotations["mine"] = match.id;
    request.labels.clear();
  };
  world_.options.make_assignment = [](const openmatch::Match&, const agones::Allocation& server,
                                      openmatch::Assignment& assignment) {
    assignment.connection = "proxy:1";
    assignment.extensions["name"] = AnyString(server.game_server);
  };
  world_.RunRound();
  EXPECT_EQ(world_.Connection("t0"), "proxy:1");
  EXPECT_EQ(StringOf(world_.open_match.assignments["t0"].extensions.at("name")), "gs-0");
  EXPECT_EQ(world_.agones.servers[0].annotations.at("mine"), "m");
  EXPECT_TRUE(world_.agones.servers[0].labels.contains("gsh.dev/allocation"));
}

TEST_F(RoundTest, AHookThatFindsNoConnectionGivesTheServerBack) {
  OfferOne();
  world_.agones.AddServers("us-east-1", 1);
  world_.options.make_assignment = [](const auto&, const auto&, openmatch::Assignment& assignment) {
    assignment.connection.clear();
  };
  EXPECT_EQ(world_.RunRound().given_back, 1u);
  ExpectAllReleased();
}

TEST_F(RoundTest, TeamsGetAssignmentsOfTheirOwn) {
  openmatch::Match match = MatchOf("m", "us-east-1", world_.AddTickets("t", 4));
  match.extensions["gsh.teams"] = AnyString("{\"red\":[\"t0\",\"t3\"],\"blue\":[\"t1\",\"t2\"]}");
  world_.Offer({match});
  world_.agones.AddServers("us-east-1", 1);
  EXPECT_EQ(world_.RunRound().assigned_tickets, 4u);
  const auto text = [&](const char* id) {
    return *StringOf(world_.open_match.assignments[id].extensions.at("gsh.match"));
  };
  EXPECT_THAT(text("t3"), HasSubstr("\"team\":\"red\""));
  EXPECT_THAT(text("t1"), HasSubstr("\"team\":\"blue\""));
}

}  // namespace
}  // namespace gsh::director
