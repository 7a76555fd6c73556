#include "src/matchsim/sample_matcher.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <set>

#include "gsh/testing/matchers.h"
#include "src/matchsim/chance.h"

namespace gsh::matchsim {
namespace {

using ::gsh::testing::IsOk;
using ::gsh::testing::StatusIs;
using ::testing::ElementsAre;
using ::testing::IsEmpty;
using ::testing::UnorderedElementsAre;

// `latencies` ticket-major over the options' regions.
RoundResult Match(SampleMatcherOptions options, const std::vector<float>& latencies,
                  std::size_t round = 0) {
  const std::size_t regions = options.regions.size();
  auto matcher = MakeSampleMatcher(std::move(options));
  EXPECT_THAT(matcher, IsOk());
  StatusOr<RoundResult> result =
      (*matcher)->Match({.count = latencies.size() / regions, .latency_ms = latencies}, round);
  EXPECT_THAT(result, IsOk());
  return *result;
}

std::vector<float> MembersLatencies(const RoundResult& result, std::size_t match,
                                    const std::vector<float>& latencies) {
  std::vector<float> found;
  for (std::uint32_t i = 0; i < result.matches[match].size; ++i) {
    found.push_back(latencies[result.members[result.matches[match].first_member + i]]);
  }
  return found;
}

TEST(SampleMatcherTest, CorrectedGroupsNeighboursBestFirst) {
  const std::vector<float> latencies = {9, 1, 8, 2, 24.5, 24.7, 5};
  const RoundResult result =
      Match({.regions = {"a"}, .match_size = 2, .corrected = true}, latencies);
  ASSERT_EQ(result.matches.size(), 3u);
  EXPECT_THAT(MembersLatencies(result, 0, latencies), ElementsAre(1, 2));
  EXPECT_THAT(MembersLatencies(result, 1, latencies), ElementsAre(5, 8));
  EXPECT_THAT(MembersLatencies(result, 2, latencies), ElementsAre(9, 24.5));
  EXPECT_THAT(result.reasons, ElementsAre("", "", "", "", "", "left_over_in_its_pools", ""));
}

TEST(SampleMatcherTest, UncorrectedLosesTheGapsAndSharesTheBound) {
  const std::vector<float> latencies = {24.5, 49.9, 74, 74, 99.5, 10};
  const RoundResult result = Match({.regions = {"a"}, .match_size = 2}, latencies);
  // 74 is in two ranges, so both propose the two: one proposal is lost, and it does not show.
  ASSERT_EQ(result.matches.size(), 1u);
  EXPECT_THAT(MembersLatencies(result, 0, latencies), UnorderedElementsAre(74, 74));
  EXPECT_THAT(result.reasons, ElementsAre("in_no_range", "in_no_range", "", "", "in_no_range",
                                          "left_over_in_its_pools"));
}

TEST(SampleMatcherTest, UncorrectedDoesNotSort) {
  std::vector<float> latencies;
  for (int i = 0; i < 400; ++i) latencies.push_back(static_cast<float>(i % 25));
  const RoundResult result = Match({.regions = {"a"}}, latencies);
  ASSERT_EQ(result.matches.size(), 100u);
  double spread = 0;
  for (std::size_t i = 0; i < 100; ++i) {
    const std::vector<float> match = MembersLatencies(result, i, latencies);
    spread += static_cast<double>(std::ranges::max(match) - std::ranges::min(match));
  }
  EXPECT_GT(spread / 100, 12);  // four of 0..24 at random: 14.8
}

// The first match of a profile is the only one with its right score: of two regions with equal
// latencies the proposals win by turns, whatever they are worth.
TEST(SampleMatcherTest, UncorrectedScoresFallWithTheirNumber) {
  std::vector<float> latencies;
  for (int i = 0; i < 40; ++i) {
    const bool near_a = i < 20;
    latencies.push_back(near_a ? 10 : NAN);
    latencies.push_back(near_a ? NAN : 60);
  }
  const RoundResult result = Match({.regions = {"a", "b"}}, latencies);
  ASSERT_EQ(result.matches.size(), 10u);
  std::vector<std::uint32_t> regions;
  for (const RoundMatch& match : result.matches) regions.push_back(match.region);
  // Scores: a 100, 50, 33, 25, 20; b 16.7, 8.3 ...: with more matches b's first would be before.
  EXPECT_THAT(regions, ElementsAre(0, 0, 0, 0, 0, 1, 1, 1, 1, 1));
  const RoundResult more = Match({.regions = {"a", "b"}, .match_size = 2}, latencies);
  regions.clear();
  for (const RoundMatch& match : more.matches) regions.push_back(match.region);
  EXPECT_THAT(regions, ElementsAre(0, 0, 0, 0, 0, 0, 1, 0, 0, 0, 0, 1, 1, 1, 1, 1, 1, 1, 1, 1));
}

TEST(SampleMatcherTest, CorrectedScoresAreEachMatchsOwn) {
  std::vector<float> latencies;
  for (int i = 0; i < 20; ++i) latencies.insert(latencies.end(), {10, NAN, NAN, 60});
  const RoundResult result =
      Match({.regions = {"a", "b"}, .match_size = 2, .corrected = true}, latencies);
  ASSERT_EQ(result.matches.size(), 20u);
  for (std::size_t i = 0; i < 20; ++i) EXPECT_EQ(result.matches[i].region, i < 10 ? 0u : 1u) << i;
}

TEST(SampleMatcherTest, RegionsCollide) {
  std::vector<float> latencies;
  SeededRng rng(1);
  for (int i = 0; i < 4000; ++i) latencies.push_back(static_cast<float>(UniformBelow(rng, 24)));
  for (const bool corrected : {false, true}) {
    const RoundResult result = Match({.regions = {"a", "b"}, .corrected = corrected}, latencies);
    EXPECT_LT(result.members.size(), 2000u);
    EXPECT_GT(result.members.size(), 1000u);
    EXPECT_EQ(std::set<std::uint32_t>(result.members.begin(), result.members.end()).size(),
              result.members.size());
    const auto lost = std::ranges::count(result.reasons, "lost_to_a_better_proposal");
    EXPECT_EQ(static_cast<std::size_t>(lost), 2000 - result.members.size());
  }
}

TEST(SampleMatcherTest, TheMapsOrderIsOfSeedAndRound) {
  std::vector<float> latencies(200, 7);
  const std::vector<std::uint32_t> first = Match({.regions = {"a"}}, latencies).members;
  EXPECT_EQ(Match({.regions = {"a"}}, latencies).members, first);
  EXPECT_NE(Match({.regions = {"a"}}, latencies, 1).members, first);
  EXPECT_NE(Match({.regions = {"a"}, .seed = 2}, latencies).members, first);
}

TEST(SampleMatcherTest, UnreachableRegionsAndNobody) {
  EXPECT_THAT(Match({.regions = {"a"}}, {}).matches, IsEmpty());
  const RoundResult result = Match({.regions = {"a"}, .match_size = 1}, {NAN, -1, INFINITY, 0});
  EXPECT_THAT(result.members, ElementsAre(3));
}

TEST(SampleMatcherTest, Mistakes) {
  EXPECT_THAT(MakeSampleMatcher({.regions = {"a"}, .ranges = "9-3"}),
              StatusIs(StatusCode::kInvalidArgument));
  EXPECT_THAT(MakeSampleMatcher({}), StatusIs(StatusCode::kInvalidArgument));
  EXPECT_THAT(MakeSampleMatcher({.regions = {"a"}, .match_size = 0}),
              StatusIs(StatusCode::kInvalidArgument));
  auto matcher = MakeSampleMatcher({.regions = {"a"}});
  ASSERT_THAT(matcher, IsOk());
  const std::vector<float> latencies = {1};
  const std::vector<std::uint16_t> parties = {2};
  EXPECT_THAT((*matcher)->Match({.count = 1, .latency_ms = latencies, .party_size = parties}, 0),
              StatusIs(StatusCode::kInvalidArgument));
}

TEST(EvaluateTest, HighestScoreFirstAndNoTicketTwice) {
  EXPECT_THAT(Evaluate({{.score = 1, .tickets = {0, 1}},
                        {.score = 3, .tickets = {1, 2}},
                        {.score = 2, .tickets = {2, 3}},
                        {.score = 1, .tickets = {3}},
                        {.score = 1, .tickets = {3}}},
                       4),
              ElementsAre(1, 3));
}

}  // namespace
}  // namespace gsh::matchsim
