// How far greedy matching is from the best result there is.
#include <gtest/gtest.h>

#include <algorithm>
#include <vector>

#include "gsh/matcher/matcher.h"
#include "src/matcher/random_input.h"
#include "src/matcher/team_filling.h"
#include "src/matcher/widening.h"

namespace gsh::matcher {
namespace {

// Tries every way to divide the tickets of one region into matches; gives the most players.
class Optimum {
 public:
  Optimum(const RichInput& input, const Rules& rules) : tickets_(input.View()), rules_(rules) {
    const std::size_t sets = std::size_t{1} << input.count;
    best_.assign(sets, -1);
    match_.resize(sets);
    for (std::size_t set = 0; set < sets; ++set) match_[set] = IsMatch(set);
  }

  int MostPlayers() { return Most((std::size_t{1} << tickets_.count) - 1); }

 private:
  // Of the tickets in the set, bit by bit.
  int Most(std::size_t set) {
    if (set == 0) return 0;
    int& best = best_[set];
    if (best >= 0) return best;
    const std::size_t first = set & (~set + 1);
    best = Most(set & ~first);  // the first one is left over
    for (std::size_t rest = set; rest > 0; rest = (rest - 1) & set) {
      if ((rest & first) != 0 && match_[rest]) {
        best = std::max(best, Players(rest) + Most(set & ~rest));
      }
    }
    return best;
  }

  int Players(std::size_t set) const {
    std::uint32_t players = 0;
    for (std::size_t i = 0; i < tickets_.count; ++i) {
      if ((set >> i & 1) != 0) players += PlayersOf(tickets_, i);
    }
    return static_cast<int>(players);
  }

  bool IsMatch(std::size_t set) const {
    if (Players(set) != rules_.match_size) return false;
    float lowest = 1e9f, highest = 0, longest = 0, shortest = 1e9f;
    PartyCounts counts(static_cast<std::uint32_t>(rules_.teams),
                       static_cast<std::uint32_t>(rules_.match_size / rules_.teams));
    std::uint32_t seed = 0;
    for (std::size_t i = 0; i < tickets_.count; ++i) {
      if ((set >> i & 1) == 0) continue;
      seed = PlayersOf(tickets_, i);
      if (seed > counts.largest()) return false;
      ++counts.Of(counts.teams(), seed);
      lowest = std::min(lowest, tickets_.latency_ms[i]);
      highest = std::max(highest, tickets_.latency_ms[i]);
      longest = std::max(longest, WaitOfTicket(tickets_, i));
      shortest = std::min(shortest, WaitOfTicket(tickets_, i));
    }
    const Limit& spread = rules_.max_spread_ms;
    if (highest - lowest > LimitAfter(spread, WaitOfMatch(spread.wait_of, longest, shortest))) {
      return false;
    }
    return TeamFilling(counts.teams()).Find(counts, counts.largest(), seed, counts.teams());
  }

  const Tickets tickets_;
  const Rules& rules_;
  std::vector<int> best_;
  std::vector<bool> match_;
};

struct Distance {
  int matched = 0;
  int most = 0;
  int as_good = 0;
  int runs = 0;
};

Distance Measure(Order order, bool parties, bool widening) {
  Distance distance;
  for (std::uint64_t run = 0; run < 375; ++run) {
    RandomInput random(run);
    Rules rules{.regions = {"r"}, .band_bounds_ms = {0, 1000}};
    rules.teams = parties && run % 2 == 0 ? 2 : 1;
    rules.match_size = rules.teams * static_cast<int>(2 + random.Below(2));
    rules.order = order;
    rules.max_spread_ms = {.value = random.Uniform(5, 25)};
    if (widening) rules.max_spread_ms.steps = {{20, rules.max_spread_ms.value * 2}};
    rules.max_spread_ms.wait_of = run % 3 == 0 ? WaitOf::kNewest : WaitOf::kOldest;
    RichInput input{.count = 9};
    for (std::size_t i = 0; i < input.count; ++i) {
      input.latency_ms.push_back(random.Uniform(0, 100));
      input.wait_s.push_back(random.Uniform(0, 40));
      const std::size_t largest = static_cast<std::size_t>(rules.match_size / rules.teams);
      input.party_size.push_back(parties ? static_cast<std::uint16_t>(1 + random.Below(largest))
                                         : std::uint16_t{1});
    }
    const auto result = MatchTickets(input.View(), rules);
    EXPECT_TRUE(result.ok());
    int matched = 0;
    for (const Match& match : result->matches) matched += static_cast<int>(match.players);
    const int most = Optimum(input, rules).MostPlayers();
    EXPECT_LE(matched, most);
    // A search around the oldest finds a match if there is one.
    EXPECT_TRUE(order != Order::kOldestFirst || (matched == 0) == (most == 0)) << "run " << run;
    distance.matched += matched;
    distance.most += most;
    distance.as_good += matched == most ? 1 : 0;
    ++distance.runs;
  }
  return distance;
}

struct Case {
  const char* name;
  Order order;
  bool parties;
  bool widening;
  double least;  // share of the most players
};

class OptimumTest : public ::testing::TestWithParam<Case> {};

TEST_P(OptimumTest, GreedyIsNearIt) {
  const Case& c = GetParam();
  const Distance distance = Measure(c.order, c.parties, c.widening);
  const double share = static_cast<double>(distance.matched) / distance.most;
  std::printf("%s: %.1f %% of the most players, all of them in %d of %d\n", c.name, 100 * share,
              distance.as_good, distance.runs);
  EXPECT_GE(share, c.least);
}

INSTANTIATE_TEST_SUITE_P(
    Rules, OptimumTest,
    ::testing::Values(Case{"BestQualitySingles", Order::kBestQuality, false, false, 1.0},
                      Case{"BestQualityParties", Order::kBestQuality, true, true, 0.8},
                      Case{"OldestFirstSingles", Order::kOldestFirst, false, false, 0.8},
                      Case{"OldestFirstParties", Order::kOldestFirst, true, true, 0.8}),
    [](const auto& test) { return test.param.name; });

}  // namespace
}  // namespace gsh::matcher
