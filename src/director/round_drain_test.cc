// What becomes of a round when the director stops.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <chrono>
#include <string_view>

#include "src/director/round_fixture.h"

namespace gsh::director {
namespace {

using std::chrono::milliseconds;
using std::chrono::seconds;
using ::testing::IsEmpty;
using ::testing::UnorderedElementsAre;

class DrainTest : public RoundTest {
 protected:
  // A round that is told to stop after a moment; how long it goes on from there.
  Duration RunDrainedRound() {
    const auto round = world_.Begin();
    world_.clock.Advance(milliseconds(100));
    const SteadyTime begin = world_.clock.SteadyNow();
    world_.session->Drain();
    world_.Finish(round);
    return world_.clock.SteadyNow() - begin;
  }
};

TEST_F(DrainTest, ReleasesThoseInLineAndFinishesThoseInFlight) {
  world_.Offer({MatchOf("first", "us-east-1", world_.AddTickets("f", 2)),
                MatchOf("second", "us-east-1", world_.AddTickets("s", 2))});
  world_.options.max_in_flight = 1;
  world_.agones.AddServers("us-east-1", 2);
  world_.agones.faults = On("Allocate", {}, {.delay = seconds(1)});
  RunDrainedRound();
  EXPECT_NE(world_.Connection("f0"), "");
  EXPECT_THAT(world_.open_match.released, UnorderedElementsAre("s0", "s1"));
  EXPECT_EQ(world_.agones.allocated(), 1);
}

TEST_F(DrainTest, GivesBackAnAllocationThatTakesTooLong) {
  OfferOne();
  world_.options.allocate_timeout = seconds(60);
  world_.agones.AddServers("us-east-1", 1);
  world_.agones.faults = On("Allocate", {1}, {.answer_delay = seconds(50)});
  EXPECT_LE(RunDrainedRound(), world_.options.drain_timeout);
  EXPECT_EQ(world_.agones.given_back(), 1);
  ExpectAllReleased();
}

TEST_F(DrainTest, EndsInTimeEvenIfNothingAnswers) {
  OfferOne();
  world_.agones.AddServers("us-east-1", 1);
  world_.agones.faults = On("", {}, {});
  world_.open_match.faults = [](std::string_view method) {
    return method == "FetchMatches" ? Fault{} : Fault{.answer_delay = std::chrono::hours(1)};
  };
  EXPECT_LE(RunDrainedRound(), world_.options.drain_timeout);
}

TEST_F(DrainTest, MatchesThatComeWhileDrainingAreReleased) {
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
