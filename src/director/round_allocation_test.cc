// A match gets its server, or gives back what it may have got: calls that are lost, late, refused.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <chrono>
#include <string_view>

#include "src/director/round_fixture.h"

namespace gsh::director {
namespace {

using Kind = Event::Kind;
using std::chrono::milliseconds;
using std::chrono::seconds;
using ::testing::HasSubstr;

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

}  // namespace
}  // namespace gsh::director
