// What becomes of the matches of one round, step by step.
#include "src/director/round.h"

#include <gmock/gmock.h>

#include <set>

#include "src/director/test_world.h"

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

// The n-th calls (from 1) of a method that get the fault; all others are fine.
Faults On(std::string_view method, std::set<int> calls, Fault fault) {
  return [=, seen = 0](std::string_view called) mutable {
    if (called != method) return Fault{};
    ++seen;
    return calls.empty() || calls.contains(seen) ? fault : Fault{};
  };
}

class RoundTest : public ::testing::Test {
 protected:
  // One match "m" of four tickets "t0"... for us-east-1.
  void OfferOne() { world_.Offer({MatchOf("m", "us-east-1", world_.AddTickets("t", 4))}); }
  // Everything of "m" was released, nothing stays allocated in vain.
  void ExpectAllReleased() {
    EXPECT_THAT(world_.open_match.released, UnorderedElementsAre("t0", "t1", "t2", "t3"));
    EXPECT_THAT(world_.open_match.Waiting(), SizeIs(4));
    EXPECT_EQ(world_.agones.allocated(), world_.agones.given_back());
  }

  World world_;
};

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

TEST_F(RoundTest, TriesTheNextBestRegionThenReleasesAtOnce) {
  OfferOne();
  world_.agones.AddServers("us-east-2", 1);
  EXPECT_EQ(world_.RunRound().assigned_tickets, 4u);
  EXPECT_EQ(world_.Connection("t0"), "gs-0.example:7000");
  EXPECT_THAT(StringOf(world_.open_match.assignments["t0"].extensions.at("gsh.match")),
              ::testing::Optional(HasSubstr("us-east-2")));
}

TEST_F(RoundTest, NothingAvailableAnywhereReleasesAtOnce) {
  OfferOne();
  const SteadyTime begin = world_.clock.SteadyNow();
  const RoundReport report = world_.RunRound();
  EXPECT_EQ(report.released_tickets, 4u);
  EXPECT_EQ(world_.agones.requests.size(), 2u);
  EXPECT_LE(world_.clock.SteadyNow() - begin, milliseconds(10));
  ExpectAllReleased();
}

TEST_F(RoundTest, ALostAnswerIsAskedForAgainAndFindsTheSameServer) {
  OfferOne();
  world_.agones.AddServers("us-east-1", 3);
  world_.agones.faults = On("Allocate", {1, 2}, {.after = UnavailableError("reset")});
  const SteadyTime begin = world_.clock.SteadyNow();
  EXPECT_EQ(world_.RunRound().assigned_tickets, 4u);
  EXPECT_EQ(world_.agones.allocated(), 1);
  EXPECT_EQ(world_.agones.given_back(), 0);
  // Not before the first call can no longer be under way.
  EXPECT_GE(world_.clock.SteadyNow() - begin, 2 * world_.options.unclear_pause);
}

TEST_F(RoundTest, AnAllocatorThatIsOutOfReachForAMomentIsAskedAgain) {
  OfferOne();
  world_.agones.AddServers("us-east-1", 3);
  int calls = 0;
  const Status not_sent(StatusCode::kUnavailable, "refused",
                        ErrorInfo{.retry_stop = RetryStop::kExhausted});
  world_.agones.faults = [&](std::string_view) {
    if (++calls == 1) return Fault{.after = UnavailableError("reset")};
    return calls == 2 ? Fault{.before = not_sent} : Fault{};
  };
  EXPECT_EQ(world_.RunRound().assigned_tickets, 4u);
  EXPECT_EQ(world_.agones.allocated(), 1);
}

TEST_F(RoundTest, ACallThatTakesEffectAfterItsTimeoutTakesNoSecondServer) {
  OfferOne();
  world_.agones.AddServers("us-east-1", 3);
  world_.agones.faults =
      On("Allocate", {1}, {.delay = world_.options.allocate_timeout + seconds(1)});
  EXPECT_EQ(world_.RunRound().assigned_tickets, 4u);
  EXPECT_EQ(world_.agones.allocated(), 1);
}

// A limit of the identity: an allocator that works on both calls at once, or on the second with an
// old view, takes two servers. One has players; nobody comes to the other, which IdleGuard ends.
TEST_F(RoundTest, ACallThatIsStillUnderWayMayTakeASecondServer) {
  OfferOne();
  world_.agones.AddServers("us-east-1", 3);
  int calls = 0;
  world_.agones.faults = [&](std::string_view) {
    ++calls;
    if (calls == 1) return Fault{.after = UnavailableError("reset")};
    return Fault{.stale = calls == 2};
  };
  EXPECT_EQ(world_.RunRound().assigned_tickets, 4u);
  EXPECT_EQ(world_.agones.allocated(), 2);
  EXPECT_EQ(world_.agones.servers[0].labels.at("gsh.dev/allocation"),
            world_.agones.servers[1].labels.at("gsh.dev/allocation"));
  // To give one of them back by their common identity could hit the one with players.
  EXPECT_EQ(world_.agones.given_back(), 0);
}

// Likewise where a policy's weights choose the cluster.
TEST_F(RoundTest, InWeightedClustersARepeatMayTakeASecondServer) {
  OfferOne();
  world_.options.multicluster = true;
  world_.agones.AddServers("us-east-1", 2);
  world_.agones.servers[1].cluster = 1;
  world_.agones.choose_cluster = [cluster = 0]() mutable { return cluster++; };
  world_.agones.faults = On("Allocate", {1}, {.after = UnavailableError("reset")});
  EXPECT_EQ(world_.RunRound().assigned_tickets, 4u);
  EXPECT_EQ(world_.Connection("t0"), "gs-1.example:7000");
  EXPECT_EQ(world_.agones.allocated(), 2);
  EXPECT_EQ(world_.agones.given_back(), 0);
}

TEST_F(RoundTest, InWeightedClustersAGiveBackLooksAgainUntilItFindsTheServer) {
  OfferOne();
  world_.options.multicluster = true;
  world_.agones.AddServers("us-east-1", 1);
  world_.agones.choose_cluster = [call = 0]() mutable { return call++ % 4 == 0 ? 0 : 1; };
  world_.agones.faults = On("Allocate", {1, 2, 3}, {.after = UnavailableError("reset")});
  EXPECT_EQ(world_.RunRound().given_back, 1u);
  ExpectAllReleased();
}

TEST_F(RoundTest, UnclearToTheEndReleasesAndGivesBackWhatMayHaveBeenTaken) {
  OfferOne();
  world_.agones.AddServers("us-east-1", 3);
  world_.agones.faults = On("Allocate", {}, {.after = UnavailableError("reset")});
  const RoundReport report = world_.RunRound();
  EXPECT_EQ(report.given_back, 1u);
  EXPECT_EQ(world_.agones.allocated(), 1);
  ExpectAllReleased();
}

TEST_F(RoundTest, UnclearWithoutAServerGivesNothingBackAndSaysNothing) {
  OfferOne();
  world_.agones.AddServers("us-east-1", 3);
  world_.agones.faults = On("Allocate", {}, {.before = UnavailableError("reset")});
  const RoundReport report = world_.RunRound();
  EXPECT_EQ(report.given_back, 0u);
  EXPECT_EQ(world_.Count(Kind::kGiveBackFailed), 0);
  ExpectAllReleased();
}

TEST_F(RoundTest, AServerThatWasGivenBackBeforeIsWantedAgain) {
  OfferOne();
  world_.agones.AddServers("us-east-1", 1);
  world_.agones.servers[0].annotations["gsh.dev/release"] = "true";  // it did not end then
  EXPECT_EQ(world_.RunRound().assigned_tickets, 4u);
  EXPECT_FALSE(world_.agones.servers[0].GivenBack());
}

TEST_F(RoundTest, ContentionIsTriedAgainQuickly) {
  OfferOne();
  world_.agones.AddServers("us-east-1", 1);
  world_.agones.faults = On("Allocate", {1, 2}, {.before = AbortedError("contention")});
  const SteadyTime begin = world_.clock.SteadyNow();
  EXPECT_EQ(world_.RunRound().assigned_tickets, 4u);
  EXPECT_LE(world_.clock.SteadyNow() - begin, milliseconds(500));
}

TEST_F(RoundTest, ARefusedRequestIsNotTriedElsewhere) {
  OfferOne();
  world_.agones.AddServers("us-east-2", 1);
  world_.agones.faults = On("Allocate", {}, {.before = InvalidArgumentError("422")});
  world_.RunRound();
  EXPECT_EQ(world_.agones.requests.size(), 1u);
  EXPECT_EQ(world_.log.Count("allocation_failed"), 1);
  ExpectAllReleased();
}

TEST_F(RoundTest, AUselessServerIsGivenBackAndTheNextRegionTried) {
  OfferOne();
  world_.agones.AddServers("us-east-1", 1);
  world_.agones.servers[0].connection = "useless";
  world_.agones.AddServers("us-east-2", 1);
  const RoundReport report = world_.RunRound();
  EXPECT_EQ(report.given_back, 1u);
  EXPECT_TRUE(world_.agones.servers[0].GivenBack());
  EXPECT_EQ(world_.Connection("t0"), "gs-1.example:7000");
}

TEST_F(RoundTest, AGiveBackThatFailsIsRepeated) {
  OfferOne();
  world_.agones.AddServers("us-east-1", 1);
  world_.agones.servers[0].connection = "useless";
  int calls = 0;
  world_.agones.faults = [&](std::string_view method) {
    if (method != "GiveBack") return Fault{};
    ++calls;
    if (calls == 1) return Fault{.before = UnavailableError("down")};
    if (calls == 2) return Fault{.after = DeadlineExceededError("lost")};
    if (calls == 3) return Fault{.before = ResourceExhaustedError("not seen yet")};
    return Fault{};
  };
  EXPECT_EQ(world_.RunRound().given_back, 1u);
  EXPECT_EQ(calls, 4);
  ExpectAllReleased();
}

TEST_F(RoundTest, AGiveBackWhoseAnswerIsLostAndWhoseServerHasEndedIsDone) {
  OfferOne();
  world_.agones.AddServers("us-east-1", 1);
  world_.agones.servers[0].connection = "useless";
  int calls = 0;
  world_.agones.faults = [&](std::string_view method) {
    if (method != "GiveBack") return Fault{};
    if (++calls == 1) return Fault{.after = UnavailableError("reset")};
    world_.agones.servers[0].allocated = false;
    return Fault{};
  };
  EXPECT_EQ(world_.RunRound().given_back, 1u);
  EXPECT_EQ(world_.Count(Kind::kGiveBackFailed), 0);
}

TEST_F(RoundTest, AGiveBackThatNeverWorksIsReported) {
  OfferOne();
  world_.agones.AddServers("us-east-1", 1);
  world_.agones.servers[0].connection = "useless";
  world_.agones.faults = On("GiveBack", {}, {.before = UnavailableError("down")});
  EXPECT_EQ(world_.RunRound().given_back, 0u);
  EXPECT_EQ(world_.Count(Kind::kGiveBackFailed), 1);
  EXPECT_EQ(world_.log.Count("give_back_failed"), 1);
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

TEST_F(RoundTest, DrainReleasesThoseInLineAndFinishesThoseInFlight) {
  world_.Offer({MatchOf("first", "us-east-1", world_.AddTickets("f", 2)),
                MatchOf("second", "us-east-1", world_.AddTickets("s", 2))});
  world_.options.max_in_flight = 1;
  world_.agones.AddServers("us-east-1", 2);
  world_.agones.faults = On("Allocate", {}, {.delay = seconds(1)});
  const auto round = world_.Begin();
  world_.clock.Advance(milliseconds(100));
  world_.session->Drain();
  world_.Finish(round);
  EXPECT_NE(world_.Connection("f0"), "");
  EXPECT_THAT(world_.open_match.released, UnorderedElementsAre("s0", "s1"));
  EXPECT_EQ(world_.agones.allocated(), 1);
}

TEST_F(RoundTest, DrainGivesBackAnAllocationThatTakesTooLong) {
  OfferOne();
  world_.options.allocate_timeout = seconds(60);
  world_.agones.AddServers("us-east-1", 1);
  world_.agones.faults = On("Allocate", {1}, {.answer_delay = seconds(50)});
  const auto round = world_.Begin();
  world_.clock.Advance(milliseconds(100));
  const SteadyTime begin = world_.clock.SteadyNow();
  world_.session->Drain();
  world_.Finish(round);
  EXPECT_LE(world_.clock.SteadyNow() - begin, world_.options.drain_timeout);
  EXPECT_EQ(world_.agones.given_back(), 1);
  ExpectAllReleased();
}

TEST_F(RoundTest, DrainEndsInTimeEvenIfNothingAnswers) {
  OfferOne();
  world_.agones.AddServers("us-east-1", 1);
  world_.agones.faults = On("", {}, {});
  world_.open_match.faults = [](std::string_view method) {
    return method == "FetchMatches" ? Fault{} : Fault{.answer_delay = std::chrono::hours(1)};
  };
  const auto round = world_.Begin();
  world_.clock.Advance(milliseconds(100));
  const SteadyTime begin = world_.clock.SteadyNow();
  world_.session->Drain();
  world_.Finish(round);
  EXPECT_LE(world_.clock.SteadyNow() - begin, world_.options.drain_timeout);
}

TEST_F(RoundTest, MatchesThatComeWhileDrainingAreReleased) {
  OfferOne();
  world_.agones.AddServers("us-east-1", 1);
  world_.open_match.faults = On("FetchMatches", {1}, {.delay = seconds(1)});
  const auto round = world_.Begin();
  world_.session->Drain();
  world_.Finish(round);
  EXPECT_THAT(world_.agones.requests, IsEmpty());
  ExpectAllReleased();
}

}  // namespace
}  // namespace gsh::director
