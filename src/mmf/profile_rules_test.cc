#include "src/mmf/profile_rules.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <limits>

#include "gsh/mmf/latency_match_function.h"

namespace gsh::mmf {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;

constexpr float kInfinity = std::numeric_limits<float>::infinity();
const matcher::Rules kFileRules{
    .regions = {"eu-west-1"}, .band_bounds_ms = {0, 40, 80}, .match_size = 6};

openmatch::MatchProfile BandProfile(const std::string& region) {
  return {.name = "band",
          .pools = {{.name = "pool",
                     .double_range_filters = {{.double_arg = "skill", .max = 5},
                                              {.double_arg = "latency-" + region,
                                               .max = 50,
                                               .min = 25,
                                               .exclude = openmatch::Exclude::kMax}}}}};
}

openmatch::MatchProfile JointProfile(const std::string& json) {
  return {.name = "joint", .extensions = {{kRulesExtension, AnyString(json)}}};
}

TEST(RulesOf, TheProfilesOwnGoFirst) {
  const auto rules =
      RulesOf(JointProfile(R"({"regions":["a","b"],"bands":[0,9],"match_size":2})"), kFileRules);
  ASSERT_TRUE(rules.ok()) << rules.status();
  EXPECT_THAT(rules->regions, ElementsAre("a", "b"));
  EXPECT_THAT(rules->band_bounds_ms, ElementsAre(0.f, 9.f));
  EXPECT_EQ(rules->match_size, 2);
}

TEST(RulesOf, WhatTheProfileLeavesOutComesFromTheDefaults) {
  const auto rules = RulesOf(JointProfile(R"({"regions":["a"]})"), kFileRules);
  ASSERT_TRUE(rules.ok()) << rules.status();
  EXPECT_THAT(rules->regions, ElementsAre("a"));
  EXPECT_THAT(rules->band_bounds_ms, ElementsAre(0.f, 40.f, 80.f));
  EXPECT_EQ(rules->match_size, 6);
}

TEST(RulesOf, WithoutBandsThereIsOne) {
  const auto rules = RulesOf(JointProfile(R"({"regions":["a"]})"), {.match_size = 3});
  ASSERT_TRUE(rules.ok()) << rules.status();
  EXPECT_THAT(rules->band_bounds_ms, ElementsAre(0.f, kInfinity));
  EXPECT_EQ(rules->match_size, 3);
}

TEST(RulesOf, ABandProfileIsItsOneRegionWhateverTheDefaultsSay) {
  const auto rules = RulesOf(BandProfile("us-east-1"), kFileRules);
  ASSERT_TRUE(rules.ok()) << rules.status();
  EXPECT_THAT(rules->regions, ElementsAre("us-east-1"));
  EXPECT_THAT(rules->band_bounds_ms, ElementsAre(0.f, kInfinity));
  EXPECT_EQ(rules->match_size, 6);
}

// Limits for each region of the defaults go with the regions' names.
TEST(RulesOf, LimitsOfTheDefaultsFollowTheRegions) {
  matcher::Rules defaults = kFileRules;
  defaults.regions = {"a", "b"};
  defaults.max_latency_ms = {{.value = 40}, {.value = 60}};
  auto rules = RulesOf(BandProfile("b"), defaults);
  ASSERT_TRUE(rules.ok()) << rules.status();
  ASSERT_EQ(rules->max_latency_ms.size(), 1u);
  EXPECT_EQ(rules->max_latency_ms[0].value, 60);

  rules = RulesOf(JointProfile(R"({"regions":["c","b","a"]})"), defaults);
  ASSERT_TRUE(rules.ok()) << rules.status();
  ASSERT_EQ(rules->max_latency_ms.size(), 3u);
  EXPECT_EQ(rules->max_latency_ms[0].value, kInfinity);
  EXPECT_EQ(rules->max_latency_ms[1].value, 60);
  EXPECT_EQ(rules->max_latency_ms[2].value, 40);

  defaults.max_latency_ms.resize(1);  // one for all stays one for all
  EXPECT_EQ(RulesOf(BandProfile("c"), defaults)->max_latency_ms, defaults.max_latency_ms);
}

TEST(RulesOf, AProfileMayGiveEveryRule) {
  const auto rules =
      RulesOf(JointProfile(R"({"regions":["a"],"bands":[0,100],"match_size":{"min":4,"max":8},
                       "teams":2,"max_wait_s":30,"order":"oldest_first",
                       "max_latency_ms":{"value":50,"steps":[{"after_s":10,"value":100}]},
                       "max_spread_ms":20,"party_latency":"mean","equal_attributes":["mode"],
                       "backfill_first":false})"),
              kFileRules);
  ASSERT_TRUE(rules.ok()) << rules.status();
  EXPECT_EQ(rules->teams, 2);
  EXPECT_EQ(rules->min_match_size, 4);
  EXPECT_EQ(rules->max_wait_s, 30);
  EXPECT_EQ(rules->order, matcher::Order::kOldestFirst);
  EXPECT_EQ(rules->max_latency_ms.at(0).steps.at(0).value, 100);
  EXPECT_EQ(rules->max_spread_ms.value, 20);
  EXPECT_EQ(rules->party_latency, matcher::PartyLatency::kMean);
  EXPECT_THAT(rules->equal_attributes, ElementsAre("mode"));
  EXPECT_FALSE(rules->backfill_first);
}

TEST(RulesOf, AProfileThatSaysNothingTakesTheDefaults) {
  const auto rules = RulesOf({.name = "plain", .pools = {{.name = "all"}}}, kFileRules);
  ASSERT_TRUE(rules.ok()) << rules.status();
  EXPECT_THAT(rules->regions, ElementsAre("eu-west-1"));
}

TEST(RulesOf, RefusesWhatLeavesTheRegionsUnknown) {
  openmatch::MatchProfile two = BandProfile("a");
  two.pools.push_back(BandProfile("b").pools[0]);
  for (const auto& profile : {two, openmatch::MatchProfile{.name = "plain"}}) {
    const auto rules = RulesOf(profile, {});
    ASSERT_EQ(rules.status().code(), StatusCode::kInvalidArgument);
    EXPECT_THAT(rules.status().message(), HasSubstr("profile " + profile.name));
  }
}

TEST(RulesOf, RefusesBadRulesAndSaysWhere) {
  const auto bad = RulesOf(JointProfile(R"({"bands":[5,2]})"), {});
  ASSERT_EQ(bad.status().code(), StatusCode::kInvalidArgument);
  EXPECT_THAT(bad.status().message(), HasSubstr("profile joint: gsh.rules: $.bands[1]"));

  const auto other_type =
      RulesOf({.name = "joint", .extensions = {{kRulesExtension, AnyDouble(1)}}}, kFileRules);
  ASSERT_EQ(other_type.status().code(), StatusCode::kInvalidArgument);
  EXPECT_THAT(other_type.status().message(), HasSubstr("StringValue"));

  const auto no_regions = RulesOf(JointProfile("{}"), {});
  ASSERT_EQ(no_regions.status().code(), StatusCode::kInvalidArgument);
  EXPECT_THAT(no_regions.status().message(), HasSubstr("regions"));
}

}  // namespace
}  // namespace gsh::mmf
