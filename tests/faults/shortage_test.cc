// No game server for long, and then there are.
#include <gtest/gtest.h>

#include <chrono>

#include "tests/faults/arena.h"
#include "tests/faults/matchmaking.h"

namespace gsh::faults {
namespace {

using Kind = director::Event::Kind;
using std::chrono::milliseconds;
using std::chrono::seconds;

TEST(ShortageTest, EverythingGoesOnWhenServersCome) {
  Arena arena({.insecure = true, .replicas = 0});
  arena.QueuePlayers();
  const Matchmaking matchmaking(arena, {});
  // Everybody is matched, finds no server and is released, several times over.
  const SteadyTime deadline = SystemClock().SteadyNow() + seconds(30);
  while (matchmaking.Tickets(Kind::kReleased) < 3 * Arena::kPlayers) {
    ASSERT_LT(SystemClock().SteadyNow(), deadline)
        << matchmaking.Tickets(Kind::kReleased) << " tickets were released";
    SystemClock().SleepFor(milliseconds(10));
  }
  EXPECT_EQ(arena.players->assigned(), 0u);
  // Just enough for all, and too few for those of one region.
  arena.sandbox->ScaleFleet("us-east-1", 100);
  arena.sandbox->ScaleFleet("us-east-2", 150);
  arena.ExpectAllPlay();
  EXPECT_EQ(arena.game_servers->ended(), 0);
  EXPECT_EQ(matchmaking.Count(Kind::kGivenBack), 0);
}

}  // namespace
}  // namespace gsh::faults
