#include "gsh/matcher/matcher.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <limits>
#include <numeric>
#include <random>
#include <set>
#include <tuple>

#include "src/matcher/random_input.h"
#include "src/matcher/reference_matcher.h"

namespace gsh::matcher {

namespace {

using ::testing::Each;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;

constexpr float kNan = std::numeric_limits<float>::quiet_NaN();
constexpr float kInfinity = std::numeric_limits<float>::infinity();
const std::vector<float> kSampleBands = {0, 25, 50, 74, 100, 9999};

Rules MakeRules(std::size_t regions, std::vector<float> bands = kSampleBands, int match_size = 4) {
  Rules rules{.band_bounds_ms = std::move(bands), .match_size = match_size};
  for (std::size_t i = 0; i < regions; ++i) rules.regions.push_back("r" + std::to_string(i));
  return rules;
}

struct Input {
  std::vector<float> latencies;
  std::vector<std::uint64_t> keys = {};

  Tickets ForRegions(std::size_t regions) const {
    return {.count = latencies.size() / regions, .latency_ms = latencies, .key = keys};
  }
};

Result MustMatch(const Input& input, const Rules& rules) {
  auto result = MatchTickets(input.ForRegions(rules.regions.size()), rules);
  EXPECT_TRUE(result.ok()) << result.status();
  return result.ok() ? *std::move(result) : Result{};
}

std::size_t LeftOver(const Result& result) { return result.reasons.size() - result.members.size(); }

// What latencies of real players look like, what they never should, and what is easy to get wrong.
Input RandomInput(std::mt19937_64& rng, std::size_t count, std::size_t regions, bool keys) {
  const auto uniform = [&](double low, double high) {
    return static_cast<float>(std::uniform_real_distribution<double>(low, high)(rng));
  };
  Input input;
  const auto kind = rng() % 4;
  for (std::size_t i = 0; i < count * regions; ++i) {
    float latency = uniform(0, 120);
    if (kind == 1) latency = std::floor(latency);  // ties
    if (kind == 2) latency = std::floor(uniform(0, 6)) * 25 - uniform(0, 1) * (rng() % 2);
    if (kind == 3 && rng() % 4 == 0) {
      const float odd[] = {kNan, kInfinity, -kInfinity, -1, -0.0f, 0, 9999, 10000, 1e-42f, 3e38f};
      latency = odd[rng() % std::size(odd)];
    }
    input.latencies.push_back(latency);
  }
  for (std::size_t i = 0; keys && i < count; ++i) {
    input.keys.push_back(rng() % 3 == 0 ? rng() % 4 : rng());  // some equal, some small
  }
  return input;
}

Rules RandomRules(std::mt19937_64& rng, std::size_t regions) {
  const std::vector<float> choices[] = {
      kSampleBands, {0, kInfinity}, {0, 60}, {10, 20, 90}, {0, 25, 50, 75, 100, 125}};
  Rules rules = MakeRules(regions, choices[rng() % std::size(choices)],
                          std::vector<int>{1, 2, 3, 4, 4, 4, 7, 12}[rng() % 8]);
  rules.try_next_best_region = rng() % 4 != 0;
  return rules;
}

void ExpectSound(const Input& input, const Rules& rules, const Result& result) {
  const std::size_t regions = rules.regions.size();
  const auto latency = [&](std::uint32_t ticket, std::uint32_t region) {
    return input.latencies[ticket * regions + region];
  };
  std::set<std::uint32_t> seen;
  double last_score = std::numeric_limits<double>::infinity();
  for (const Match& match : result.matches) {
    ASSERT_EQ(match.size, static_cast<std::uint32_t>(rules.match_size));
    ASSERT_LE(match.first_member + match.size, result.members.size());
    ASSERT_TRUE(match.score > 0 && match.score <= 1000);
    ASSERT_LE(match.score, last_score);
    last_score = match.score;
    ASSERT_LT(match.region, regions);
    const float low = rules.band_bounds_ms[match.band];
    const float high = rules.band_bounds_ms[match.band + 1];
    const bool last_band = match.band + 2 == rules.band_bounds_ms.size();
    float previous = -1;
    for (std::uint32_t i = 0; i < match.size; ++i) {
      const std::uint32_t ticket = result.members[match.first_member + i];
      ASSERT_TRUE(seen.insert(ticket).second) << "ticket " << ticket << " is in two matches";
      ASSERT_EQ(result.reasons[ticket], Unmatched::kMatched);
      const float x = latency(ticket, match.region);
      ASSERT_TRUE(x >= low && (x < high || (last_band && x == high))) << x;
      ASSERT_GE(x, previous);
      previous = x;
    }
  }
  ASSERT_EQ(seen.size(), result.members.size());
  const auto matched =
      std::count(result.reasons.begin(), result.reasons.end(), Unmatched::kMatched);
  ASSERT_EQ(static_cast<std::size_t>(matched), seen.size());
}

TEST(MatchTickets, GroupsNeighboursOfTheBestRegion) {
  // Two tight foursomes in each region, mixed up.
  const Input input{{10, 90, 80, 31, 11, 90, 12, 90, 80, 30, 13, 90, 80, 33, 80, 32}};
  const Result result = MustMatch(input, MakeRules(2));
  ASSERT_EQ(result.matches.size(), 2u);
  EXPECT_THAT(result.members, ElementsAre(0, 2, 3, 5, 4, 1, 7, 6));
  EXPECT_EQ(result.matches[0].region, 0u);
  EXPECT_EQ(result.matches[0].band, 0u);
  EXPECT_FLOAT_EQ(result.matches[0].mean_latency_ms, 11.5f);
  EXPECT_FLOAT_EQ(result.matches[0].spread_ms, 3);
  EXPECT_DOUBLE_EQ(result.matches[0].score, 1000 / 12.5);
  EXPECT_EQ(result.matches[1].region, 1u);
  EXPECT_EQ(result.matches[1].band, 1u);
  EXPECT_THAT(result.reasons, Each(Unmatched::kMatched));
}

TEST(MatchTickets, ASharedBoundBelongsToTheLaterBandAndTheLastBandIsClosed) {
  const Rules rules = MakeRules(1, {0, 25, 50}, 1);
  const Result result = MustMatch({{24.999f, 25, 49.999f, 50, 50.001f}}, rules);
  std::vector<std::uint32_t> bands;
  for (const Match& match : result.matches) bands.push_back(match.band);
  EXPECT_THAT(bands, ElementsAre(0, 1, 1, 1));
  EXPECT_EQ(result.reasons[4], Unmatched::kOutsideBands);
}

TEST(MatchTickets, WhoIsLeftOverGoesToTheNextBestRegion) {
  // Three prefer region 0, one prefers region 1 by a little: together they play in region 0.
  const Input input{{10, 20, 11, 20, 12, 20, 20, 15}};
  const Result result = MustMatch(input, MakeRules(2));
  ASSERT_EQ(result.matches.size(), 1u);
  EXPECT_EQ(result.matches[0].region, 0u);
  EXPECT_THAT(result.members, ElementsAre(0, 1, 2, 3));

  Rules stay = MakeRules(2);
  stay.try_next_best_region = false;
  EXPECT_THAT(MustMatch(input, stay).matches, IsEmpty());
  EXPECT_THAT(MustMatch(input, stay).reasons, Each(Unmatched::kNotEnoughNeighbours));
}

TEST(MatchTickets, TiesBetweenRegionsGoToTheLowerOne) {
  const Result result = MustMatch({{10, 10, 10, 10}}, MakeRules(2, kSampleBands, 2));
  ASSERT_EQ(result.matches.size(), 1u);
  EXPECT_EQ(result.matches[0].region, 0u);
}

TEST(MatchTickets, GivesAReasonForEachTicketLeft) {
  const Input input{{kNan, -1, kInfinity, kNan, 20000, kNan, 5, 20000, -5, 10001}};
  const Result result = MustMatch(input, MakeRules(2));
  EXPECT_THAT(result.reasons, ElementsAre(Unmatched::kUnreachable, Unmatched::kUnreachable,
                                          Unmatched::kOutsideBands, Unmatched::kNotEnoughNeighbours,
                                          Unmatched::kOutsideBands));
}

TEST(MatchTickets, NoTicketsAreNoMatches) {
  const Result result = MustMatch({}, MakeRules(3));
  EXPECT_THAT(result.matches, IsEmpty());
  EXPECT_THAT(result.reasons, IsEmpty());
}

TEST(MatchTickets, ZeroLatencyHasAFiniteScore) {
  const Result result = MustMatch({{0, -0.0f}}, MakeRules(1, kSampleBands, 2));
  ASSERT_EQ(result.matches.size(), 1u);
  EXPECT_EQ(result.matches[0].score, 1000);
}

// Region 0 alone has two whole bands. Best regions first would waste one of them: two of each band
// prefer region 1, where they are a match, and neither half of region 0 is enough any more.
TEST(MatchTickets, LeavesNoMoreOverThanARegionAlone) {
  const Input input{{10, 5, 10, 5, 10, kNan, 10, kNan, 30, 5, 30, 5, 30, kNan, 30, kNan}};
  const Result result = MustMatch(input, MakeRules(2));
  EXPECT_EQ(result.matches.size(), 2u);
  EXPECT_EQ(LeftOver(result), 0u);
}

TEST(MatchTickets, IsTheDefinition) {
  std::mt19937_64 rng(20261121);
  for (int run = 0; run < 3000; ++run) {
    const std::size_t regions = 1 + rng() % 4;
    const Input input = RandomInput(rng, rng() % 60, regions, rng() % 2 == 0);
    const Rules rules = RandomRules(rng, regions);
    const Result expected = MatchTicketsByDefinition(input.ForRegions(regions), rules);
    const Result actual = MustMatch(input, rules);
    ASSERT_EQ(actual.matches, expected.matches) << "run " << run;
    ASSERT_EQ(actual.members, expected.members) << "run " << run;
    ASSERT_EQ(actual.reasons, expected.reasons) << "run " << run;
  }
}

TEST(MatchTickets, IsTheDefinitionForManyTicketsAndRegions) {
  std::mt19937_64 rng(7);
  for (int run = 0; run < 24; ++run) {
    const std::size_t regions = run % 3 == 0 ? 16 : 1 + rng() % 5;
    const Input input = RandomInput(rng, 300 + rng() % 700, regions, run % 2 == 0);
    const Rules rules = RandomRules(rng, regions);
    const Result expected = MatchTicketsByDefinition(input.ForRegions(regions), rules);
    const Result actual = MustMatch(input, rules);
    ASSERT_EQ(actual.matches, expected.matches) << "run " << run;
    ASSERT_EQ(actual.members, expected.members) << "run " << run;
    ASSERT_EQ(actual.reasons, expected.reasons) << "run " << run;
  }
}

TEST(MatchTickets, IsSoundAndLeavesLittleOver) {
  std::mt19937_64 rng(11);
  for (int run = 0; run < 400; ++run) {
    const std::size_t regions = 1 + rng() % 16;
    const Input input = RandomInput(rng, rng() % 2000, regions, run % 2 == 0);
    const Rules rules = RandomRules(rng, regions);
    const Result result = MustMatch(input, rules);
    ASSERT_NO_FATAL_FAILURE(ExpectSound(input, rules, result)) << "run " << run;
    // In each cell of its best region a ticket can only be left with too few others.
    const auto waiting = static_cast<std::size_t>(
        std::count(result.reasons.begin(), result.reasons.end(), Unmatched::kNotEnoughNeighbours));
    const std::size_t bands = rules.band_bounds_ms.size() - 1;
    ASSERT_LE(waiting, regions * bands * static_cast<std::size_t>(rules.match_size - 1));
    if (!rules.try_next_best_region) continue;
    for (std::size_t region = 0; region < regions; ++region) {
      Input alone;
      for (std::size_t i = region; i < input.latencies.size(); i += regions) {
        alone.latencies.push_back(input.latencies[i]);
      }
      Rules one = MakeRules(1, rules.band_bounds_ms, rules.match_size);
      ASSERT_LE(LeftOver(result), LeftOver(MustMatch(alone, one))) << "run " << run;
    }
  }
}

// The set of matches, each by its members' keys.
std::set<std::vector<std::uint64_t>> ByKeys(const Result& result, const Input& input) {
  std::set<std::vector<std::uint64_t>> matches;
  for (const Match& match : result.matches) {
    std::vector<std::uint64_t> keys = {match.region, match.band};
    for (std::uint32_t i = 0; i < match.size; ++i) {
      keys.push_back(input.keys[result.members[match.first_member + i]]);
    }
    matches.insert(keys);
  }
  return matches;
}

TEST(MatchTickets, DoesNotDependOnTheOrderOfTickets) {
  std::mt19937_64 rng(5);
  for (int run = 0; run < 200; ++run) {
    const std::size_t regions = 1 + rng() % 5;
    const std::size_t count = rng() % (run % 10 == 0 ? 20'000 : 500);
    Input input = RandomInput(rng, count, regions, false);
    // Keys that differ in their low, middle or high bits only.
    for (std::size_t i = 0; i < count; ++i) input.keys.push_back((count - i) << (run % 4 * 12));
    const Rules rules = RandomRules(rng, regions);
    std::vector<std::size_t> order(count);
    std::iota(order.begin(), order.end(), std::size_t{0});
    std::shuffle(order.begin(), order.end(), rng);
    Input shuffled;
    for (const std::size_t ticket : order) {
      shuffled.keys.push_back(input.keys[ticket]);
      for (std::size_t region = 0; region < regions; ++region) {
        shuffled.latencies.push_back(input.latencies[ticket * regions + region]);
      }
    }
    ASSERT_EQ(ByKeys(MustMatch(input, rules), input), ByKeys(MustMatch(shuffled, rules), shuffled))
        << "run " << run;
  }
}

TEST(MatchTickets, TwoRunsGiveTheSame) {
  std::mt19937_64 rng(3);
  const Input input = RandomInput(rng, 50'000, 2, true);
  const Result first = MustMatch(input, MakeRules(2));
  const Result second = MustMatch(input, MakeRules(2));
  EXPECT_EQ(first.matches, second.matches);
  EXPECT_EQ(first.members, second.members);
  EXPECT_EQ(first.reasons, second.reasons);
}

TEST(MatchTickets, GivesTheSameOnAnyNumberOfThreads) {
  std::mt19937_64 rng(3);
  for (int run = 0; run < 6; ++run) {
    const std::size_t regions = 1 + rng() % 3;
    Input input = RandomInput(rng, 100'000, regions, true);
    if (run % 2 == 0) std::ranges::for_each(input.latencies, [](float& x) { x = std::floor(x); });
    const Rules rules = MakeRules(regions);
    const Result one = MustMatch(input, rules);
    for (const int threads : {2, 3, 5}) {
      const auto several = MatchTickets(input.ForRegions(regions), rules, {.threads = threads});
      ASSERT_TRUE(several.ok());
      ASSERT_EQ(several->matches, one.matches) << "run " << run << " threads " << threads;
      ASSERT_EQ(several->members, one.members) << "run " << run << " threads " << threads;
      ASSERT_EQ(several->reasons, one.reasons) << "run " << run << " threads " << threads;
    }
  }
}

// Whole milliseconds are packed and sorted in another way, with keys and without them.
TEST(MatchTickets, OrdersManyTiesByKeyAndIndex) {
  std::mt19937_64 rng(8);
  for (int run = 0; run < 8; ++run) {
    const std::size_t count = run < 4 ? 210'000 : 5'000;
    Input input;
    for (std::size_t i = 0; i < count; ++i) {
      input.latencies.push_back(static_cast<float>(rng() % 40));
      // Hashes, a few values, and small numbers.
      input.keys.push_back(run % 4 == 0 ? rng() : run % 4 == 1 ? rng() % 5 : count - i);
    }
    if (run % 4 == 3) input.latencies.back() = 7.5f;  // one that is not whole
    const Result result = MustMatch(input, MakeRules(1, {0, kInfinity}));
    const auto before = [&](std::uint32_t a, std::uint32_t b) {
      return std::tuple(input.latencies[a], input.keys[a], a) <
             std::tuple(input.latencies[b], input.keys[b], b);
    };
    ASSERT_TRUE(std::is_sorted(result.members.begin(), result.members.end(), before)) << run;
    ASSERT_EQ(result.members.size(), count / 4 * 4);
  }
}

TEST(MatchTickets, RefusesArraysOfTheWrongSize) {
  const std::vector<float> latencies(7);
  const std::vector<std::uint64_t> keys(3);
  const auto result =
      MatchTickets({.count = 4, .latency_ms = latencies, .key = keys}, MakeRules(2));
  ASSERT_EQ(result.status().code(), StatusCode::kInvalidArgument);
  EXPECT_THAT(result.status().message(), HasSubstr("latency_ms holds 7"));
  EXPECT_THAT(result.status().message(), HasSubstr("key holds 3"));
}

TEST(CheckRules, NamesEveryMistake) {
  const Status status = CheckRules(
      {.regions = {"a", "", "a"}, .band_bounds_ms = {-1, kInfinity, 5, 5, kNan}, .match_size = 0});
  ASSERT_EQ(status.code(), StatusCode::kInvalidArgument);
  for (const char* part : {"regions[1]", "regions[2]", "band_bounds_ms[0]", "band_bounds_ms[1]",
                           "band_bounds_ms[3]", "band_bounds_ms[4]", "match_size"}) {
    EXPECT_THAT(status.message(), HasSubstr(part));
  }
  EXPECT_FALSE(CheckRules({}).ok());
  EXPECT_TRUE(CheckRules(MakeRules(1, {0, kInfinity})).ok());
}

TEST(UnmatchedName, NamesEveryReason) {
  EXPECT_EQ(UnmatchedName(Unmatched::kMatched), "matched");
  EXPECT_EQ(UnmatchedName(Unmatched::kUnreachable), "unreachable");
  EXPECT_EQ(UnmatchedName(Unmatched::kOutsideBands), "outside_bands");
  EXPECT_EQ(UnmatchedName(Unmatched::kNotEnoughNeighbours), "not_enough_neighbours");
}

}  // namespace
}  // namespace gsh::matcher
