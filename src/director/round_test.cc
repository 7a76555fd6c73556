// A round as a whole: from what the profiles fetch to its report, many matches at once, in time.
#include "src/director/round.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <chrono>
#include <memory>
#include <string>
#include <vector>

#include "src/director/round_fixture.h"

namespace gsh::director {
namespace {

using Kind = Event::Kind;
using std::chrono::milliseconds;
using std::chrono::seconds;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::SizeIs;
using ::testing::UnorderedElementsAre;

TEST_F(RoundTest, PlayersGetTheServerOfTheirRegion) {
  OfferOne();
  world_.agones.AddServers("us-east-2", 1);
  world_.agones.AddServers("us-east-1", 1);
  const RoundReport report = world_.RunRound();
  EXPECT_EQ(report.matches, 1u);
  EXPECT_EQ(report.assigned_matches, 1u);
  EXPECT_EQ(report.assigned_tickets, 4u);
  EXPECT_EQ(report.released_tickets, 0u);
  for (const char* id : {"t0", "t1", "t2", "t3"}) {
    EXPECT_EQ(world_.Connection(id), "gs-1.example:7000");
  }
  EXPECT_THAT(StringOf(world_.open_match.assignments["t2"].extensions.at("gsh.match")),
              ::testing::Optional(std::string("{\"id\":\"m\",\"region\":\"us-east-1\"}")));
  const auto& server = world_.agones.servers[1];
  EXPECT_EQ(server.annotations.at("gsh.dev/match"), "m");
  EXPECT_THAT(server.annotations.at("gsh.dev/roster"), HasSubstr("\"t3\""));
  EXPECT_EQ(server.labels.at("gsh.dev/allocation").size(), 36u);
  EXPECT_EQ(world_.agones.given_back(), 0);
  EXPECT_EQ(world_.metrics.Value("gsh_director_tickets_total{result=assigned}"), 4);
}

TEST_F(RoundTest, ATicketInTwoMatchesIsUsedOnce) {
  const auto tickets = world_.AddTickets("t", 5);
  world_.Offer({MatchOf("m1", "us-east-1", {tickets[0], tickets[1], tickets[1]}),
                MatchOf("m2", "us-east-1", {tickets[1], tickets[2]}),
                MatchOf("m1", "us-east-1", {tickets[3], tickets[4]})});
  world_.agones.AddServers("us-east-1", 3);
  const RoundReport report = world_.RunRound();
  EXPECT_EQ(report.matches, 3u);
  EXPECT_EQ(report.assigned_matches, 1u);
  EXPECT_THAT(world_.open_match.released, UnorderedElementsAre("t2", "t3", "t4"));
  EXPECT_EQ(world_.agones.allocated(), 1);
  EXPECT_EQ(world_.log.Count("a match, or one of its tickets"), 2);
}

TEST_F(RoundTest, MatchesWithoutTicketsOrRegionTakeNoServer) {
  openmatch::Ticket nowhere = TicketOf("n", {});
  world_.open_match.AddTicket(nowhere);
  world_.Offer({MatchOf("empty", "us-east-1", {}), MatchOf("nowhere", "", {nowhere})});
  world_.agones.AddServers("us-east-1", 1);
  world_.RunRound();
  EXPECT_THAT(world_.open_match.released, ElementsAre("n"));
  EXPECT_THAT(world_.agones.requests, IsEmpty());
}

TEST_F(RoundTest, MatchesBeforeAFetchErrorAreAsGoodAsOthers) {
  OfferOne();
  world_.agones.AddServers("us-east-1", 1);
  world_.open_match.faults = On("FetchMatches", {1}, {.after = UnknownError("the MMF broke")});
  const auto round = world_.Begin();
  const RoundReport report = world_.Finish(round);
  EXPECT_EQ(report.assigned_tickets, 4u);
  EXPECT_EQ(report.failed_profiles, 1u);
  EXPECT_TRUE(round->status().ok());
}

TEST_F(RoundTest, ARoundWithoutAnyAnswerFails) {
  world_.open_match.faults = On("FetchMatches", {1}, {.before = UnknownError("the MMF is down")});
  const auto round = world_.Begin();
  world_.Finish(round);
  EXPECT_EQ(round->status().code(), StatusCode::kUnknown);
  EXPECT_THAT(round->status().message(), HasSubstr("profile joint"));
}

TEST_F(RoundTest, ManyAllocationsAreInFlightButBounded) {
  std::vector<openmatch::Match> matches;
  for (int i = 0; i < 100; ++i) {
    const std::string id = "m" + std::to_string(i);
    matches.push_back(MatchOf(id, "us-east-1", world_.AddTickets(id + "-", 2)));
  }
  world_.Offer(matches);
  world_.options.max_in_flight = 16;
  world_.agones.AddServers("us-east-1", 100);
  world_.agones.faults = On("Allocate", {}, {.delay = milliseconds(500)});
  const RoundReport report = world_.RunRound();
  EXPECT_EQ(report.assigned_matches, 100u);
  EXPECT_EQ(world_.agones.most_in_flight, 16);
  EXPECT_LE(world_.open_match.assign_calls, 8);  // 7 waves of allocations, a batch each
}

TEST_F(RoundTest, TheSlowestAllocationHoldsNobodyBack) {
  world_.Offer({MatchOf("slow", "us-east-1", world_.AddTickets("s", 2)),
                MatchOf("quick", "us-east-1", world_.AddTickets("q", 2))});
  world_.agones.AddServers("us-east-1", 2);
  world_.agones.faults = On("Allocate", {1}, {.delay = seconds(5)});
  const auto round = world_.Begin();
  world_.clock.Advance(milliseconds(20));
  EXPECT_NE(world_.Connection("q0"), "");
  EXPECT_EQ(world_.Connection("s0"), "");
  EXPECT_EQ(world_.Finish(round).assigned_matches, 2u);
}

TEST_F(RoundTest, AMatchThatWaitsTooLongInLineIsReleased) {
  world_.Offer({MatchOf("first", "us-east-1", world_.AddTickets("f", 2)),
                MatchOf("second", "us-east-1", world_.AddTickets("s", 2)),
                MatchOf("third", "us-east-1", world_.AddTickets("t", 2))});
  world_.options.max_in_flight = 1;
  world_.options.pending_timeout = seconds(5);
  world_.agones.AddServers("us-east-1", 3);
  world_.agones.faults = On("Allocate", {}, {.delay = seconds(3)});
  const RoundReport report = world_.RunRound();
  EXPECT_NE(world_.Connection("f0"), "");
  EXPECT_EQ(report.assigned_matches, 1u);
  EXPECT_EQ(report.given_back, 1u);  // the second's turn came, its server too late
  EXPECT_THAT(world_.open_match.released, UnorderedElementsAre("s0", "s1", "t0", "t1"));
  EXPECT_EQ(world_.agones.allocated(), 2);
}

// After pending_timeout another director may hold the tickets: to assign them would be too late.
TEST_F(RoundTest, AServerThatComesTooLateIsGivenBack) {
  OfferOne();
  world_.options.pending_timeout = seconds(5);
  world_.agones.AddServers("us-east-1", 1);
  world_.agones.faults = On("Allocate", {1}, {.delay = seconds(6)});
  EXPECT_EQ(world_.RunRound().given_back, 1u);
  EXPECT_EQ(world_.open_match.assign_calls, 0);
  ExpectAllReleased();
}

TEST_F(RoundTest, NoOtherRegionIsTriedWhenItIsTooLate) {
  OfferOne();
  world_.options.pending_timeout = seconds(5);
  world_.agones.AddServers("us-east-2", 1);
  world_.agones.faults = On("Allocate", {1}, {.delay = seconds(6)});
  world_.RunRound();
  EXPECT_THAT(world_.agones.requests, SizeIs(1));
  ExpectAllReleased();
}

TEST_F(RoundTest, WhoJoinsARunningMatchIsLeftToItsServer) {
  openmatch::Match joins = MatchOf("m", "us-east-1", world_.AddTickets("t", 2));
  joins.backfill = openmatch::Backfill{.id = "b"};
  openmatch::Match begins = MatchOf("n", "us-east-1", world_.AddTickets("u", 2));
  begins.backfill = openmatch::Backfill{.id = "c"};
  begins.allocate_gameserver = true;
  world_.Offer({joins, begins});
  world_.agones.AddServers("us-east-1", 2);
  const RoundReport report = world_.RunRound();
  EXPECT_EQ(report.joining_tickets, 2u);
  EXPECT_EQ(report.assigned_tickets, 2u);
  EXPECT_EQ(world_.agones.allocated(), 1);
  EXPECT_EQ(world_.Connection("t0"), "");
  EXPECT_THAT(world_.open_match.released, IsEmpty());
  EXPECT_EQ(world_.metrics.Value("gsh_director_tickets_total{result=joining}"), 2);
}

TEST_F(RoundTest, AReleaseIsRepeatedAndItsFailureReported) {
  OfferOne();
  world_.open_match.faults = On("ReleaseTickets", {1, 2}, {.before = UnavailableError("down")});
  EXPECT_EQ(world_.RunRound().released_tickets, 4u);
  ExpectAllReleased();
  world_.open_match.faults = On("ReleaseTickets", {}, {.before = UnavailableError("down")});
  EXPECT_EQ(world_.RunRound().released_tickets, 0u);
  EXPECT_EQ(world_.Count(Kind::kReleaseFailed), 1);
}

TEST_F(RoundTest, InAutoModeMatchesWithoutRegionTurnTheSwitchOnce) {
  world_.mode = std::make_shared<ModeSwitch>();
  world_.Offer({MatchOf("m1", "", world_.AddTickets("a", 2)),
                MatchOf("m2", "", world_.AddTickets("b", 2)),
                MatchOf("m3", "us-east-1", world_.AddTickets("c", 2))});
  world_.agones.AddServers("us-east-1", 3);
  const RoundReport report = world_.RunRound();
  EXPECT_TRUE(world_.mode->bands.load());
  EXPECT_EQ(world_.Count(Kind::kModeChanged), 1);
  EXPECT_EQ(report.assigned_matches, 1u);
  EXPECT_THAT(world_.open_match.released, UnorderedElementsAre("a0", "a1", "b0", "b1"));
}

}  // namespace
}  // namespace gsh::director
