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
        BadJson{"{\"x\":" + std::string(100'000, '[') + std::string(100'000, ']') + "}", "$"},
        BadJson{std::string((1 << 20) + 1, ' ') + "{}", "$"}));

}  // namespace
}  // namespace gsh::matcher
