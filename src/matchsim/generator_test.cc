#include "src/matchsim/generator.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <numeric>
#include <set>

#include "gsh/testing/matchers.h"

namespace gsh::matchsim {
namespace {

using ::gsh::testing::IsOk;
using ::testing::Each;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::StartsWith;

const std::vector<RegionSite> kEast = {{.name = "us-east-1"}, {.name = "us-east-2"}};

Arrivals Generate(const Traffic& traffic, const std::vector<RegionSite>& regions,
                  std::uint64_t seed = 1) {
  StatusOr<Arrivals> arrivals = GenerateArrivals(traffic, regions, seed);
  EXPECT_THAT(arrivals, IsOk());
  return arrivals.ok() ? *arrivals : Arrivals{};
}

std::string MistakeOf(const Traffic& traffic, const std::vector<RegionSite>& regions = kEast) {
  const StatusOr<Arrivals> arrivals = GenerateArrivals(traffic, regions, 1);
  EXPECT_EQ(arrivals.status().code(), StatusCode::kInvalidArgument);
  return arrivals.status().message();
}

double MeanOf(const Arrivals& arrivals, std::size_t region) {
  double sum = 0;
  for (std::size_t i = 0; i < arrivals.size(); ++i) {
    sum += static_cast<double>(arrivals.latency_ms[i * arrivals.regions.size() + region]);
  }
  return sum / static_cast<double>(arrivals.size());
}

TEST(GeneratorTest, GivesTheFirstTicketsForEver) {
  const Arrivals arrivals =
      Generate({.tickets = 3, .rate = 2, .areas = {{"north-america", 1}}}, kEast);
  EXPECT_THAT(arrivals.regions, ElementsAre("us-east-1", "us-east-2"));
  EXPECT_THAT(arrivals.time_s, ElementsAre(0.233, 0.452, 0.681));
  EXPECT_THAT(arrivals.latency_ms,
              ElementsAre(17.055f, 25.259f, 53.821f, 45.731f, 16.544f, 23.709f));
}

TEST(GeneratorTest, PoissonArrivalsHaveTheRate) {
  const Arrivals arrivals = Generate({.tickets = 20'000, .rate = 50}, kEast);
  EXPECT_TRUE(std::ranges::is_sorted(arrivals.time_s));
  EXPECT_NEAR(arrivals.time_s.back(), 400, 12);
  const Arrivals at_once = Generate({.tickets = 100, .rate = 0}, kEast);
  EXPECT_THAT(at_once.time_s, Each(0));
}

TEST(GeneratorTest, PlayersAreNearTheRegionOfTheirArea) {
  const std::vector<RegionSite> regions = {{.name = "eu-central-1"}, {.name = "us-east-1"}};
  const Arrivals europe = Generate({.tickets = 2000, .areas = {{"europe", 1}}}, regions);
  EXPECT_LT(MeanOf(europe, 0), 45);
  EXPECT_GT(MeanOf(europe, 1), 80);
  const Arrivals both =
      Generate({.tickets = 2000, .areas = {{"europe", 1}, {"north-america", 1}}}, regions);
  EXPECT_GT(MeanOf(both, 0), MeanOf(europe, 0) + 20);
}

TEST(GeneratorTest, AFurtherRegionOrPartiesLeaveTheRestAsItIs) {
  const Traffic traffic{.tickets = 200, .rate = 5};
  const Arrivals two = Generate(traffic, kEast);
  Traffic with_parties = traffic;
  with_parties.party_sizes = {1, 1};
  const Arrivals three =
      Generate(with_parties, {{.name = "us-east-1"}, {.name = "us-east-2"}, {.name = "eu-west-1"}});
  EXPECT_EQ(two.time_s, three.time_s);
  EXPECT_EQ(two.key, three.key);
  for (std::size_t i = 0; i < two.size(); ++i) {
    EXPECT_EQ(two.latency_ms[2 * i], three.latency_ms[3 * i]);
    EXPECT_EQ(two.latency_ms[2 * i + 1], three.latency_ms[3 * i + 1]);
  }
}

TEST(GeneratorTest, SeedsDiffer) {
  const Traffic traffic{.tickets = 50};
  EXPECT_EQ(Generate(traffic, kEast, 5).latency_ms, Generate(traffic, kEast, 5).latency_ms);
  EXPECT_NE(Generate(traffic, kEast, 5).latency_ms, Generate(traffic, kEast, 6).latency_ms);
}

TEST(GeneratorTest, PartiesSkillAndWholeMilliseconds) {
  const Arrivals arrivals = Generate({.tickets = 4000,
                                      .party_sizes = {3, 0, 1},
                                      .skill_mean = 1000,
                                      .skill_deviation = 200,
                                      .whole_ms = true},
                                     kEast);
  const auto alone = std::ranges::count(arrivals.party_size, 1);
  EXPECT_NEAR(static_cast<double>(alone), 3000, 120);
  EXPECT_EQ(std::ranges::count(arrivals.party_size, 3), 4000 - alone);
  EXPECT_NEAR(std::accumulate(arrivals.skill.begin(), arrivals.skill.end(), 0.0) / 4000, 1000, 15);
  for (const float ms : arrivals.latency_ms) EXPECT_EQ(ms, std::round(ms));
  EXPECT_EQ(std::set<std::uint64_t>(arrivals.key.begin(), arrivals.key.end()).size(), 4000u);
}

TEST(GeneratorTest, AttributesFollowTheirWeights) {
  const Arrivals arrivals =
      Generate({.tickets = 4000,
                .attributes = {{"build", {{"7", 1}}}, {"mode", {{"casual", 1}, {"ranked", 3}}}}},
               kEast);
  ASSERT_EQ(arrivals.attributes.size(), 2u);
  EXPECT_THAT(arrivals.attributes[0].index, Each(0));
  EXPECT_THAT(arrivals.attributes[1].values, ElementsAre("casual", "ranked"));
  EXPECT_NEAR(static_cast<double>(std::ranges::count(arrivals.attributes[1].index, 1u)), 3000, 120);
}

TEST(GeneratorTest, APlaceOfOnesOwn) {
  const Arrivals arrivals = Generate({.tickets = 500, .areas = {{"oceania", 1}}},
                                     {{.name = "perth", .place = Place{-32.0, 115.9}}});
  EXPECT_NEAR(MeanOf(arrivals, 0), 55, 15);
}

TEST(GeneratorTest, MistakesAreNamed) {
  EXPECT_THAT(MistakeOf({.areas = {{"atlantis", 1}}}),
              StartsWith("areas: \"atlantis\" is none of north-america, "));
  EXPECT_THAT(MistakeOf({.areas = {{"europe", -1}}}), HasSubstr("europe: no weight"));
  EXPECT_THAT(MistakeOf({.areas = {{"europe", 0}}}), HasSubstr("no area has a weight"));
  EXPECT_THAT(MistakeOf({.rate = -1}), StartsWith("rate: "));
  EXPECT_THAT(MistakeOf({.tickets = 1000, .rate = 1e-9}), StartsWith("rate: "));
  EXPECT_THAT(MistakeOf({.tickets = kMaxTickets + 1}), StartsWith("tickets: at most"));
  EXPECT_THAT(MistakeOf({.party_sizes = {0}}), StartsWith("party_sizes: "));
  EXPECT_THAT(MistakeOf({.party_sizes = {1, NAN}}), StartsWith("party_sizes: "));
  EXPECT_THAT(MistakeOf({.skill_deviation = -1}), StartsWith("skill: "));
  EXPECT_THAT(MistakeOf({.attributes = {{"mode", {}}}}), StartsWith("attributes: mode: no weight"));
  EXPECT_THAT(MistakeOf({.attributes = {{"mode", {{"a", -1}}}}}),
              StartsWith("attributes: mode: a"));
  EXPECT_THAT(MistakeOf({.areas = {{"europe", 1e300}}}), HasSubstr("europe: no weight"));
  EXPECT_THAT(MistakeOf({.party_sizes = {1e300}}), StartsWith("party_sizes: "));
  EXPECT_THAT(MistakeOf({.skill_mean = 1e300}), StartsWith("skill: "));
  EXPECT_THAT(MistakeOf({.skill_mean = NAN}), StartsWith("skill: "));
  EXPECT_THAT(MistakeOf({.skill_deviation = 1e300}), StartsWith("skill: "));
  EXPECT_THAT(MistakeOf({}, {}), StartsWith("regions: none"));
  EXPECT_THAT(MistakeOf({}, {{.name = "a", .place = Place{}}, {.name = "a", .place = Place{}}}),
              HasSubstr("twice"));
  EXPECT_THAT(MistakeOf({}, {{.name = "mars-1"}}), StartsWith("regions: where is \"mars-1\"?"));
}

// What is written as CSV must be read back.
TEST(GeneratorTest, RefusesWhatAFileOfTicketsCannotHold) {
  EXPECT_THAT(MistakeOf({.attributes = {{"mode", {{"a\nb", 1}}}}}), HasSubstr("a line break"));
  EXPECT_THAT(MistakeOf({.attributes = {{"m\node", {{"a", 1}}}}}), HasSubstr("a line break"));
  EXPECT_THAT(MistakeOf({.attributes = {{"", {{"a", 1}}}}}), HasSubstr("no name"));
  EXPECT_THAT(MistakeOf({}, {{.name = "a\nb", .place = Place{}}}), HasSubstr("a line break"));
  Traffic many;
  for (std::size_t i = 0; i <= kMaxAttributes; ++i) many.attributes[std::to_string(i)] = {{"a", 1}};
  EXPECT_EQ(MistakeOf(many), "attributes: at most 64");
  std::vector<RegionSite> regions;
  for (std::size_t i = 0; i <= kMaxRegions; ++i) {
    regions.push_back({.name = std::to_string(i), .place = Place{}});
  }
  EXPECT_EQ(MistakeOf({}, regions), "regions: at most 256");
}

}  // namespace
}  // namespace gsh::matchsim
