#include "src/matcher/party_search.h"

#include <gtest/gtest.h>

#include <chrono>
#include <limits>
#include <random>

#include "gsh/matcher/matcher.h"
#include "src/matcher/kind_index.h"
#include "src/matcher/random_input.h"
#include "src/matcher/reference_rich.h"
#include "src/testing/sanitized.h"

namespace gsh::matcher {
namespace {

constexpr float kInfinity = std::numeric_limits<float>::infinity();

// Parties whose sizes hardly fit together, in one line.
struct Hostile {
  Rules rules;
  RichInput input;

  Hostile(std::uint64_t seed, std::size_t count) : input{.count = count} {
    std::mt19937_64 rng(seed);
    const auto below = [&rng](std::size_t n) { return rng() % n; };
    const std::vector<std::uint16_t> sizes[] = {{2, 1},    {3, 1},    {4, 3},      {2, 4, 1},
                                                {4, 6, 3}, {3, 5, 7}, {4, 6, 9, 1}};
    const std::vector<std::uint16_t>& size = sizes[below(std::size(sizes))];
    const std::size_t rare = 1 + below(100);
    rules = {.regions = {"r"}, .band_bounds_ms = {0, 200}};
    rules.teams = static_cast<int>(1 + below(3));
    const int team_size = static_cast<int>(4 + below(10));
    rules.match_size = rules.teams * team_size;
    if (below(2) == 0) {
      rules.min_match_size = rules.teams * static_cast<int>(1 + below(4));
      rules.max_wait_s = static_cast<float>(below(60));
    }
    rules.order = below(2) == 0 ? Order::kOldestFirst : Order::kBestQuality;
    rules.max_spread_ms.value = std::vector<float>{2, 20, kInfinity}[below(3)];
    if (below(2) == 0) rules.max_spread_ms.linear_per_s = 0.3f;
    if (rules.max_spread_ms.value == kInfinity) rules.max_spread_ms.linear_per_s = 0;
    rules.max_spread_ms.wait_of = below(2) == 0 ? WaitOf::kNewest : WaitOf::kOldest;
    const bool teams = rules.teams > 1 && below(3) == 0;
    for (std::size_t i = 0; i < count; ++i) {
      input.latency_ms.push_back(static_cast<float>(below(10'000)) / 100);
      input.wait_s.push_back(static_cast<float>(below(50)));
      const bool last = below(rare) == 0;
      input.party_size.push_back(last ? size.back() : size[below(size.size() - 1)]);
      if (!teams) continue;
      const auto team = static_cast<std::uint16_t>(below(static_cast<std::size_t>(rules.teams)));
      input.team.push_back(below(3) == 0 ? team : kAnyTeam);
    }
  }
};

constexpr std::uint64_t kRuns = testing::kThreadSanitized ? 80 : 400;

TEST(PartySearch, FindsWhatTheDefinitionFinds) {
  for (std::uint64_t run = 0; run < kRuns; ++run) {
    const Hostile hostile(run, 20 + run % 160);
    SCOPED_TRACE(run);
    ASSERT_TRUE(CheckRules(hostile.rules).ok()) << CheckRules(hostile.rules);
    const auto result = MatchTickets(hostile.input.View(), hostile.rules);
    ASSERT_TRUE(result.ok()) << result.status();
    const Result expected = MatchRichByDefinition(hostile.input.View(), hostile.rules);
    ASSERT_EQ(result->matches, expected.matches);
    ASSERT_EQ(result->members, expected.members);
    ASSERT_EQ(result->teams, expected.teams);
    ASSERT_EQ(result->reasons, expected.reasons);
  }
}

// Ten times the tickets take some ten times the steps: with its square it would be minutes.
TEST(PartySearch, LongLinesEnd) {
  for (std::uint64_t run = 0; run < 12; ++run) {
    const Hostile hostile(run, 20'000);
    const auto begin = std::chrono::steady_clock::now();
    ASSERT_TRUE(MatchTickets(hostile.input.View(), hostile.rules).ok());
    EXPECT_LT(std::chrono::steady_clock::now() - begin, std::chrono::seconds(20)) << run;
  }
}

TEST(KindIndex, KnowsTheNextOneAndWhoseTurnIsFirst) {
  std::mt19937_64 rng(1);
  for (std::uint32_t count = 1; count < 40; ++count) {
    Line line;
    line.tickets = Buffer<LineTicket>(count);
    line.rest = Buffer<LineRest>(count);
    line.free.Reset(count);
    for (std::uint32_t i = 0; i < count; ++i) {
      line.tickets[i] = {.latency_ms = static_cast<float>(i), .players = 3, .team = kAnyTeam};
      line.rest[i] = {.ticket = i, .wait_s = static_cast<float>(rng() % 5), .skill = 0};
    }
    KindIndex index;
    index.Build(line, count, 1, 5, true);
    ASSERT_EQ(index.size(), 1u);
    ASSERT_EQ(index.KindOf(1, 3), 0u);
    ASSERT_EQ(index.KindOf(1, 2), KindIndex::kNone);
    for (int step = 0; step < 60; ++step) {
      const auto place = static_cast<std::uint32_t>(rng() % count);
      if (line.free.IsFree(place)) {
        line.free.Take(place);
        index.Take(0, place);
      } else {
        line.free.PutBack(place);
        index.PutBack(0, place);
      }
      const auto seed = static_cast<std::uint32_t>(rng() % count);
      ASSERT_EQ(index.FirstFrom(0, seed + 1), line.free.Next(seed));
      ASSERT_EQ(index.LastBefore(0, seed), line.free.Previous(seed));
      const auto last = seed + static_cast<std::uint32_t>(rng() % (count - seed));
      std::vector<std::uint32_t> expected;
      for (std::uint32_t i = seed; i <= last; ++i) {
        if (line.free.IsFree(i)) expected.push_back(i);
      }
      std::sort(expected.begin(), expected.end(),
                [&](std::uint32_t a, std::uint32_t b) { return line.TurnsBefore(a, b); });
      if (expected.size() > 3) expected.resize(3);
      std::vector<std::uint32_t> found;
      index.FirstTurns(0, seed, last, 3, found);
      ASSERT_EQ(found, expected);
    }
  }
}

}  // namespace
}  // namespace gsh::matcher
