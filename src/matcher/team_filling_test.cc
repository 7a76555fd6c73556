#include "src/matcher/team_filling.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <numeric>
#include <random>
#include <utility>
#include <vector>

#include "src/matcher/packed_parties.h"

namespace gsh::matcher {
namespace {

using Party = std::pair<std::uint32_t, std::uint32_t>;  // size, team (the number of teams: any)

// Tries every way: each party on a team or on none, the first one (the seed) on one.
bool CanFill(const std::vector<Party>& parties, std::size_t next, std::vector<std::uint32_t> left) {
  if (next > 0 && std::accumulate(left.begin(), left.end(), 0u) == 0) return true;
  if (next == parties.size()) return false;
  const auto [size, bound] = parties[next];
  for (std::uint32_t team = 0; team < left.size(); ++team) {
    if ((bound != left.size() && bound != team) || left[team] < size) continue;
    left[team] -= size;
    if (CanFill(parties, next + 1, left)) return true;
    left[team] += size;
  }
  return next > 0 && CanFill(parties, next + 1, left);
}

void ExpectFilled(const TeamFilling& filling, std::uint32_t teams, std::uint32_t team_size,
                  const PartyCounts& counts) {
  std::vector<std::uint32_t> players(teams, 0);
  PartyCounts used(teams, counts.largest());
  for (const Places& places : filling.places()) {
    players[places.team] += places.size * (places.bound + places.any);
    used.Of(places.team, places.size) += places.bound;
    used.Of(teams, places.size) += places.any;
  }
  for (const std::uint32_t on_team : players) ASSERT_EQ(on_team, team_size);
  for (std::uint32_t team = 0; team <= teams; ++team) {
    for (std::uint32_t size = 1; size <= counts.largest(); ++size) {
      ASSERT_LE(used.Of(team, size), counts.Of(team, size));
    }
  }
}

TEST(TeamFilling, FindsAFillingWheneverThereIsOne) {
  std::mt19937_64 rng(1);
  int filled = 0;
  for (int run = 0; run < 4000; ++run) {
    const auto teams = static_cast<std::uint32_t>(1 + rng() % 3);
    const auto team_size = static_cast<std::uint32_t>(1 + rng() % 6);
    const bool bound = rng() % 2 == 0;
    std::vector<Party> parties;
    PartyCounts counts(teams, team_size);
    for (std::size_t n = 1 + rng() % 8; n > 0; --n) {
      const auto size = static_cast<std::uint32_t>(1 + rng() % team_size);
      const auto team = static_cast<std::uint32_t>(bound && rng() % 2 == 0 ? rng() % teams : teams);
      parties.emplace_back(size, team);
      ++counts.Of(team, size);
    }
    TeamFilling filling(teams);
    filling.set_bound(bound);
    const auto [seed_size, seed_team] = parties[0];
    const bool expected = CanFill(parties, 0, std::vector<std::uint32_t>(teams, team_size));
    ASSERT_EQ(filling.Find(counts, team_size, seed_size, seed_team), expected) << "run " << run;
    ASSERT_EQ(filling.CanFill(counts, team_size, seed_size, seed_team), expected) << "run " << run;
    if (!expected) continue;
    ++filled;
    ASSERT_TRUE(filling.Find(counts, team_size, seed_size, seed_team));
    ASSERT_NO_FATAL_FAILURE(ExpectFilled(filling, teams, team_size, counts)) << "run " << run;
  }
  EXPECT_GT(filled, 500);
}

// 4 + 1 and 3 + 2, not 4 and then nothing that fits.
TEST(TeamFilling, LooksBeyondTheLargestPartiesFirst) {
  PartyCounts counts(1, 5);
  for (const std::uint32_t size : {4u, 3u, 2u}) ++counts.Of(1, size);
  TeamFilling filling(1);
  EXPECT_TRUE(filling.Find(counts, 5, 2, 1));
  EXPECT_FALSE(filling.Find(counts, 5, 4, 1));
}

TEST(TeamFilling, GivesUpInsteadOfTryingForever) {
  // Sums of even sizes are never odd, in very many ways.
  PartyCounts counts(20, 51);
  for (std::uint32_t size = 2; size <= 50; size += 2) counts.Of(20, size) = 3;
  TeamFilling filling(20);
  filling.set_bound(false);
  EXPECT_FALSE(filling.Find(counts, 51, 2, 20));
}

TEST(PackedParties, TakesTheLargestThatFits) {
  PackedParties parties;
  for (const std::uint32_t size : {1u, 3u, 3u, 8u}) parties.Add(size);
  EXPECT_EQ(parties.Of(3), 2u);
  EXPECT_EQ(parties.TakeLargest(7), 3u);
  EXPECT_EQ(parties.TakeLargest(8), 8u);
  EXPECT_EQ(parties.TakeLargest(2), 1u);
  EXPECT_EQ(parties.TakeLargest(2), 0u);
  EXPECT_EQ(parties.TakeLargest(8), 3u);
}

}  // namespace
}  // namespace gsh::matcher
