#include "gsh/matcher/rules_json.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <limits>

namespace gsh::matcher {
namespace {

using ::testing::ElementsAre;
using ::testing::StartsWith;

TEST(RulesFromJson, ReadsEveryMember) {
  const auto rules = RulesFromJson(
      R"({"version":1,"regions":["us-east-1","us-east-2"],"bands":[0,25,49.5],"match_size":8,
          "try_next_best_region":false})");
  ASSERT_TRUE(rules.ok()) << rules.status();
  EXPECT_THAT(rules->regions, ElementsAre("us-east-1", "us-east-2"));
  EXPECT_THAT(rules->band_bounds_ms, ElementsAre(0.f, 25.f, 49.5f));
  EXPECT_EQ(rules->match_size, 8);
  EXPECT_FALSE(rules->try_next_best_region);
}

TEST(RulesFromJson, MembersLeftOutKeepTheDefault) {
  const Rules defaults{.regions = {"eu"}, .band_bounds_ms = {0, 10}, .match_size = 6};
  const auto rules = RulesFromJson(R"({"bands":[5,null]})", defaults);
  ASSERT_TRUE(rules.ok()) << rules.status();
  EXPECT_THAT(rules->regions, ElementsAre("eu"));
  EXPECT_THAT(rules->band_bounds_ms, ElementsAre(5.f, std::numeric_limits<float>::infinity()));
  EXPECT_EQ(rules->match_size, 6);
  EXPECT_TRUE(rules->try_next_best_region);
}

TEST(RulesToJson, IsReadBackTheSame) {
  const Rules rules{.regions = {"us-east-1", "a \"b\""},
                    .band_bounds_ms = {0, 0.1f, 24.3f, 1e-20f + 24.4f, 9999,
                                       std::numeric_limits<float>::infinity()},
                    .match_size = 12,
                    .try_next_best_region = false};
  const auto back = RulesFromJson(RulesToJson(rules));
  ASSERT_TRUE(back.ok()) << back.status();
  EXPECT_EQ(back->regions, rules.regions);
  EXPECT_EQ(back->band_bounds_ms, rules.band_bounds_ms);
  EXPECT_EQ(back->match_size, rules.match_size);
  EXPECT_EQ(back->try_next_best_region, rules.try_next_best_region);
}

constexpr char kEverything[] = R"({"version":1,"regions":["eu","us"],"bands":[0,null],
  "match_size":{"min":6,"max":10},"max_wait_s":60,"teams":2,"balance_teams":false,
  "max_latency_ms":[{"region":"us","value":50,"steps":[{"after_s":10,"value":100}]}],
  "max_spread_ms":{"value":10,"steps":[{"after_s":5,"value":20},{"after_s":9,"value":null}],
                   "linear":{"per_s":0.5,"after_s":3,"to":40},"wait_of":"mean"},
  "min_score":{"value":20,"steps":[{"after_s":8,"value":5}],"linear":{"per_s":1}},
  "order":"oldest_first","try_next_best_region":false,"party_latency":"mean",
  "equal_attributes":["mode","build"],"backfill_first":false,"backfill":true})";

TEST(RulesFromJson, ReadsEveryRule) {
  const auto rules = RulesFromJson(kEverything);
  ASSERT_TRUE(rules.ok()) << rules.status();
  constexpr float kInfinity = std::numeric_limits<float>::infinity();
  EXPECT_TRUE(CheckRules(*rules).ok()) << CheckRules(*rules);
  const Rules expected{
      .regions = {"eu", "us"},
      .band_bounds_ms = {0, kInfinity},
      .match_size = 10,
      .try_next_best_region = false,
      .min_match_size = 6,
      .max_wait_s = 60,
      .teams = 2,
      .balance_teams = false,
      .max_latency_ms = {{}, {.value = 50, .steps = {{10, 100}}}},
      .max_spread_ms = {.value = 10,
                        .steps = {{5, 20}, {9, kInfinity}},
                        .linear_per_s = 0.5f,
                        .linear_after_s = 3,
                        .linear_to = 40,
                        .wait_of = WaitOf::kMean},
      .min_score = {.value = 20, .steps = {{8, 5}}, .linear_per_s = 1, .linear_to = 0},
      .order = Order::kOldestFirst,
      .party_latency = PartyLatency::kMean,
      .equal_attributes = {"mode", "build"},
      .backfill_first = false,
      .backfill = true};
  EXPECT_EQ(*rules, expected);
  const auto back = RulesFromJson(RulesToJson(*rules));
  ASSERT_TRUE(back.ok()) << back.status();
  EXPECT_EQ(*back, expected);
}

TEST(RulesFromJson, TakesANumberForALimit) {
  const auto rules =
      RulesFromJson(R"({"regions":["a","b"],"max_latency_ms":80,"max_spread_ms":null})");
  ASSERT_TRUE(rules.ok()) << rules.status();
  ASSERT_EQ(rules->max_latency_ms.size(), 1u);
  EXPECT_EQ(rules->max_latency_ms[0].value, 80);
  EXPECT_EQ(rules->max_spread_ms, Limit{});
}

// Limits of the defaults' regions mean nothing for others.
TEST(RulesFromJson, RefusesLimitsOfOtherRegions) {
  const Rules defaults{.regions = {"eu", "us"}, .max_latency_ms = {{.value = 1}, {.value = 2}}};
  EXPECT_TRUE(RulesFromJson(R"({"match_size":2})", defaults).ok());
  const auto rules = RulesFromJson(R"({"regions":["a","b","c"]})", defaults);
  EXPECT_THAT(rules.status().message(), StartsWith("$.max_latency_ms: "));
}

TEST(RulesToJson, IsTheDocumentedText) {
  EXPECT_EQ(RulesToJson({.regions = {"us-east-1"}, .band_bounds_ms = {0, 24.3f, 9999}}),
            R"({"version":1,"regions":["us-east-1"],"bands":[0.0,24.3,9999.0],"match_size":4,)"
            R"("try_next_best_region":true})");
}

struct BadJson {
  std::string json;
  const char* path;

  friend std::ostream& operator<<(std::ostream& out, const BadJson& bad) {
    return out << bad.json.substr(0, 80);  // some are a megabyte
  }
};

class RulesFromJsonRefuses : public ::testing::TestWithParam<BadJson> {};

TEST_P(RulesFromJsonRefuses, AndGivesThePath) {
  const auto rules = RulesFromJson(GetParam().json);
  ASSERT_FALSE(rules.ok());
  EXPECT_EQ(rules.status().code(), StatusCode::kInvalidArgument);
  EXPECT_THAT(rules.status().message(), StartsWith(std::string(GetParam().path) + ": "));
}

INSTANTIATE_TEST_SUITE_P(
    Texts, RulesFromJsonRefuses,
    ::testing::Values(
        BadJson{"", "$"}, BadJson{"{", "$"}, BadJson{"[]", "$"}, BadJson{"{} x", "$"},
        BadJson{"{\"regions\":[\"\xff\"]}", "$"}, BadJson{R"({"bands":[0,1e999]})", "$"},
        BadJson{R"({"spread":3})", "$.spread"}, BadJson{R"({"version":2})", "$.version"},
        BadJson{R"({"version":1.0})", "$.version"}, BadJson{R"({"version":"1"})", "$.version"},
        BadJson{R"({"regions":[]})", "$.regions"}, BadJson{R"({"regions":"a"})", "$.regions"},
        BadJson{R"({"regions":["a",1]})", "$.regions[1]"},
        BadJson{R"({"regions":["a",""]})", "$.regions[1]"},
        BadJson{R"({"regions":["a","b","a"]})", "$.regions[2]"},
        BadJson{R"({"bands":[0]})", "$.bands"}, BadJson{R"({"bands":{"a":1}})", "$.bands"},
        BadJson{R"({"bands":[0,"1"]})", "$.bands[1]"}, BadJson{R"({"bands":[-1,1]})", "$.bands[0]"},
        BadJson{R"({"bands":[0,5,5]})", "$.bands[2]"},
        BadJson{R"({"bands":[0,1e39]})", "$.bands[1]"},
        BadJson{R"({"bands":[0,null,5]})", "$.bands[1]"},
        BadJson{R"({"match_size":0})", "$.match_size"},
        BadJson{R"({"match_size":2.5})", "$.match_size"},
        BadJson{R"({"match_size":4294967300})", "$.match_size"},
        BadJson{R"({"match_size":true})", "$.match_size"},
        BadJson{R"({"try_next_best_region":1})", "$.try_next_best_region"},
        BadJson{R"({"match_size":3,"match_size":4})", "$.match_size"},
        BadJson{R"({"match_size":{"min":3}})", "$.match_size.max"},
        BadJson{R"({"match_size":{"min":5,"max":4}})", "$.match_size.min"},
        BadJson{R"({"match_size":{"min":1,"max":4,"mean":2}})", "$.match_size.mean"},
        BadJson{R"({"teams":3})", "$.teams"}, BadJson{R"({"teams":0})", "$.teams"},
        BadJson{R"({"teams":2,"match_size":{"min":3,"max":4}})", "$.match_size.min"},
        BadJson{R"({"max_wait_s":-1})", "$.max_wait_s"},
        BadJson{R"({"order":"newest_first"})", "$.order"},
        BadJson{R"({"party_latency":"best"})", "$.party_latency"},
        BadJson{R"({"equal_attributes":["mode","mode"]})", "$.equal_attributes[1]"},
        BadJson{R"({"max_spread_ms":"1"})", "$.max_spread_ms"},
        BadJson{R"({"max_spread_ms":{"steps":[]}})", "$.max_spread_ms.value"},
        BadJson{R"({"max_spread_ms":{"value":1,"step":[]}})", "$.max_spread_ms.step"},
        BadJson{R"({"max_spread_ms":{"value":1,"value":2}})", "$.max_spread_ms.value"},
        BadJson{R"({"max_spread_ms":{"value":1,"wait_of":"all"}})", "$.max_spread_ms.wait_of"},
        BadJson{R"({"max_spread_ms":{"value":9,"steps":[{"after_s":1,"value":9}]}})",
                "$.max_spread_ms.steps[0].value"},
        BadJson{R"({"max_spread_ms":{"value":9,"steps":[{"after_s":1,"value":10},
                                                        {"after_s":1,"value":11}]}})",
                "$.max_spread_ms.steps[1].after_s"},
        BadJson{R"({"max_spread_ms":{"value":9,"steps":[{"after_s":1}]}})",
                "$.max_spread_ms.steps[0].value"},
        BadJson{R"({"max_spread_ms":{"value":9,"linear":{"to":12}}})",
                "$.max_spread_ms.linear.per_s"},
        BadJson{R"({"max_spread_ms":{"value":9,"linear":{"per_s":1,"to":8}}})",
                "$.max_spread_ms.linear.to"},
        BadJson{R"({"min_score":{"value":5,"steps":[{"after_s":1,"value":6}]}})",
                "$.min_score.steps[0].value"},
        BadJson{R"({"max_latency_ms":{"value":5,"wait_of":"oldest"}})", "$.max_latency_ms.wait_of"},
        BadJson{R"({"regions":["a"],"max_latency_ms":[{"region":"b","value":5}]})",
                "$.max_latency_ms[0].region"},
        BadJson{R"({"max_latency_ms":[{"region":"a","value":5}],"regions":["a","b"],
                    "backfill_first":1})",
                "$.backfill_first"},
        BadJson{R"({"regions":["a"],"max_latency_ms":[{"region":"a","value":5},
                                                      {"region":"a","value":6}]})",
                "$.max_latency_ms[1].region"},
        BadJson{"{\"x\":" + std::string(100'000, '[') + std::string(100'000, ']') + "}", "$"},
        BadJson{std::string((1 << 20) + 1, ' ') + "{}", "$"}));

}  // namespace
}  // namespace gsh::matcher
