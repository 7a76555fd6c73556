#include "src/matcher/exchange.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <random>
#include <string>
#include <vector>

#include "gsh/matcher/matcher.h"
#include "src/matcher/limits.h"
#include "src/matcher/random_input.h"
#include "src/matcher/reference_matcher.h"

namespace gsh::matcher {
namespace {

using ::testing::ElementsAre;
using ::testing::UnorderedElementsAre;

constexpr float kNan = std::numeric_limits<float>::quiet_NaN();

Rules MakeRules(std::size_t regions, int match_size, std::vector<float> bands = {0, 1000}) {
  Rules rules{.band_bounds_ms = std::move(bands), .match_size = match_size};
  for (std::size_t i = 0; i < regions; ++i) rules.regions.push_back("r" + std::to_string(i));
  return rules;
}

Result MustMatch(const std::vector<float>& latencies, const Rules& rules) {
  auto result = MatchTickets(
      {.count = latencies.size() / rules.regions.size(), .latency_ms = latencies}, rules);
  EXPECT_TRUE(result.ok()) << result.status();
  return result.ok() ? *std::move(result) : Result{};
}

std::vector<std::vector<std::uint32_t>> MembersOfMatches(const Result& result) {
  std::vector<std::vector<std::uint32_t>> members;
  for (const Match& match : result.matches) {
    const auto first = result.members.begin() + match.first_member;
    members.emplace_back(first, first + match.size);
  }
  return members;
}

std::size_t LeftOver(const Result& result) { return result.reasons.size() - result.members.size(); }

// Ticket 2 can only play in r0, and 3 only in r1; ticket 1 is matched in r0 and could play in r1.
const std::vector<float> kOneChain = {10, kNan, 12, 50, 20, kNan, kNan, 30};

TEST(Exchange, AMatchedTicketMakesRoomForOneThatCannotPlayElsewhere) {
  const Result result = MustMatch(kOneChain, MakeRules(2, 2));
  EXPECT_THAT(MembersOfMatches(result), ElementsAre(ElementsAre(0, 2), ElementsAre(3, 1)));
  EXPECT_EQ(result.matches[1].region, 1u);
  EXPECT_EQ(result.matches[1].spread_ms, 20);
}

TEST(Exchange, IsPartOfNextBestRegions) {
  Rules rules = MakeRules(2, 2);
  rules.try_next_best_region = false;
  EXPECT_THAT(MembersOfMatches(MustMatch(kOneChain, rules)), ElementsAre(ElementsAre(0, 1)));
}

TEST(Exchange, GoesThroughSeveralRegions) {
  // 4 takes the place of 1 in r0, which takes that of 3 in r1, which joins 5 in r2.
  const std::vector<float> latencies = {10,   kNan, kNan, 11, 40,   kNan, kNan, 20,   kNan,
                                        kNan, 21,   50,   12, kNan, kNan, kNan, kNan, 30};
  const Result result = MustMatch(latencies, MakeRules(3, 2));
  EXPECT_THAT(MembersOfMatches(result),
              ElementsAre(ElementsAre(0, 4), ElementsAre(2, 1), ElementsAre(5, 3)));
}

TEST(Exchange, LeavesMatchesAloneWhereItDoesNotHelp) {
  // As above, but nobody who is left over can take ticket 1's place.
  const std::vector<float> latencies = {10, kNan, 12, 50, kNan, kNan, kNan, 30};
  const Result result = MustMatch(latencies, MakeRules(2, 2));
  EXPECT_THAT(MembersOfMatches(result), ElementsAre(ElementsAre(0, 1)));
}

TEST(Exchange, KeepsToBands) {
  // Ticket 2 lies in another band of r0 than the match of 0 and 1.
  const Result result = MustMatch(kOneChain, MakeRules(2, 2, {0, 15, 1000}));
  EXPECT_THAT(MembersOfMatches(result), ElementsAre(ElementsAre(0, 1)));
}

TEST(Exchange, TakesTheWorstMatchThatCanLend) {
  // 0 to 5 are matched in r0 two by two; 1 and 3 could play in r1, 6 and 7 are left over.
  const std::vector<float> latencies = {10, kNan, 11, 90,   12, kNan, 13,   90,
                                        14, kNan, 15, kNan, 16, kNan, kNan, 30};
  const Result result = MustMatch(latencies, MakeRules(2, 2));
  EXPECT_THAT(MembersOfMatches(result), UnorderedElementsAre(ElementsAre(0, 1), ElementsAre(2, 6),
                                                             ElementsAre(4, 5), ElementsAre(7, 3)));
}

// Tickets that hardly have a choice, so that much is left over and long chains are needed.
std::vector<float> FewChoices(std::mt19937_64& rng, std::size_t count, std::size_t regions) {
  std::vector<float> latencies;
  for (std::size_t i = 0; i < count * regions; ++i) {
    const auto ms = static_cast<float>(rng() % 100);
    latencies.push_back(rng() % regions < 2 ? ms : kNan);
  }
  return latencies;
}

TEST(Exchange, IsTheDefinition) {
  std::size_t helped = 0;
  for (std::uint64_t run = 0; run < 600; ++run) {
    std::mt19937_64 rng(run);
    const std::size_t regions = 2 + rng() % 5;
    Rules rules = MakeRules(regions, static_cast<int>(2 + rng() % 5));
    if (run % 2 == 0) rules.band_bounds_ms = {0, 30, 60, 100};
    const std::vector<float> latencies = FewChoices(rng, 10 + rng() % 190, regions);
    const Tickets tickets{.count = latencies.size() / regions, .latency_ms = latencies};
    const Result result = MustMatch(latencies, rules);
    const Result expected = MatchTicketsByDefinition(tickets, rules);
    SCOPED_TRACE(run);
    ASSERT_EQ(result.matches, expected.matches);
    ASSERT_EQ(result.members, expected.members);
    ASSERT_EQ(result.reasons, expected.reasons);
    if (LeftOver(result) < static_cast<std::size_t>(rules.match_size)) ++helped;
  }
  EXPECT_GT(helped, 100u);  // nothing more could be matched
}

// With many cells the searches are counted, and end.
TEST(Exchange, EndsAfterSoManySearches) {
  std::mt19937_64 rng(1);
  const std::size_t regions = kMaxExchangeCells;
  const Rules rules = MakeRules(regions, 33);
  const std::vector<float> latencies = FewChoices(rng, 3000, regions);
  const Tickets tickets{.count = 3000, .latency_ms = latencies};
  const Result expected = MatchTicketsByDefinition(tickets, rules);
  const Result result = MustMatch(latencies, rules);
  ASSERT_EQ(result.matches, expected.matches);
  ASSERT_EQ(result.members, expected.members);
}

TEST(Exchange, IsLeftOutForLargeMatchesAndManyCells) {
  const std::size_t size = kMaxExchangeTickets + 1;
  for (const bool large : {false, true}) {
    const std::size_t n = large ? size : kMaxExchangeTickets;
    std::vector<float> latencies;
    for (std::size_t i = 0; i < 2 * n; ++i) {
      // The first n are matched in r0; one of them, and of the others all but one, can play in r1.
      const bool first = i < n;
      latencies.push_back(first || i == n ? 10 : kNan);
      latencies.push_back(i == 0 || i > n ? 50 : kNan);
    }
    const Result result = MustMatch(latencies, MakeRules(2, static_cast<int>(n)));
    EXPECT_EQ(result.matches.size(), large ? 1u : 2u);
  }
  std::vector<float> bands = {0};
  while (bands.size() <= kMaxExchangeCells / 2) bands.push_back(bands.back() + 100);
  EXPECT_EQ(MustMatch(kOneChain, MakeRules(2, 2, bands)).matches.size(), 2u);
  bands.push_back(bands.back() + 100);
  EXPECT_EQ(MustMatch(kOneChain, MakeRules(2, 2, bands)).matches.size(), 1u);
}

}  // namespace
}  // namespace gsh::matcher
