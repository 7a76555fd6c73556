#include "src/matchsim/scenario.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>

#include "gsh/testing/matchers.h"

namespace gsh::matchsim {
namespace {

using ::gsh::testing::IsOk;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::Pair;
using ::testing::StartsWith;

constexpr char kFull[] = R"({
  "version": 1, "description": "an evening", "seed": 7,
  "traffic": {"tickets": 500, "rate": 2.5, "areas": {"europe": 1, "asia": 0.5},
              "party_sizes": [3, 1], "skill": {"mean": 1000, "deviation": 200},
              "attributes": {"mode": {"ranked": 1, "casual": 2}}, "whole_ms": true},
  "regions": [{"name": "eu-west-1", "servers": 5},
              {"name": "perth", "latitude": -32, "longitude": 115.9}],
  "round_seconds": 0.5, "patience_seconds": 30, "drain_seconds": 10,
  "match_seconds": 100, "match_deviation_seconds": 20, "sample_ranges": "0-50,50-100"
})";

std::string MistakeIn(const std::string& json) {
  const StatusOr<Scenario> scenario = ScenarioFromJson(json);
  EXPECT_EQ(scenario.status().code(), StatusCode::kInvalidArgument) << json;
  return scenario.status().message();
}

TEST(ScenarioTest, ReadsAll) {
  const StatusOr<Scenario> scenario = ScenarioFromJson(kFull);
  ASSERT_THAT(scenario, IsOk());
  EXPECT_EQ(scenario->description, "an evening");
  EXPECT_EQ(scenario->seed, 7u);
  EXPECT_EQ(scenario->traffic.tickets, 500u);
  EXPECT_EQ(scenario->traffic.rate, 2.5);
  EXPECT_THAT(scenario->traffic.areas, ElementsAre(Pair("asia", 0.5), Pair("europe", 1)));
  EXPECT_THAT(scenario->traffic.party_sizes, ElementsAre(3, 1));
  EXPECT_EQ(scenario->traffic.skill_mean, 1000);
  EXPECT_EQ(scenario->traffic.skill_deviation, 200);
  EXPECT_EQ(scenario->traffic.attributes.at("mode").at("casual"), 2);
  EXPECT_TRUE(scenario->traffic.whole_ms);
  ASSERT_EQ(scenario->regions.size(), 2u);
  EXPECT_EQ(scenario->regions[0].name, "eu-west-1");
  EXPECT_FALSE(scenario->regions[0].place);
  EXPECT_EQ(scenario->regions[1].place->longitude, 115.9);
  EXPECT_EQ(scenario->simulation.servers.at("eu-west-1"), 5u);
  EXPECT_EQ(scenario->simulation.round_s, 0.5);
  EXPECT_EQ(scenario->simulation.patience_s, 30);
  EXPECT_EQ(scenario->simulation.drain_s, 10);
  EXPECT_EQ(scenario->simulation.match_s, 100);
  EXPECT_EQ(scenario->simulation.match_deviation_s, 20);
  EXPECT_EQ(scenario->sample_ranges, "0-50,50-100");
}

TEST(ScenarioTest, WhatIsWrittenReadsBackTheSame) {
  const StatusOr<Scenario> scenario = ScenarioFromJson(kFull);
  ASSERT_THAT(scenario, IsOk());
  const std::string json = ScenarioToJson(*scenario);
  const StatusOr<Scenario> again = ScenarioFromJson(json);
  ASSERT_THAT(again, IsOk());
  EXPECT_EQ(ScenarioToJson(*again), json);
  EXPECT_THAT(json, HasSubstr("\"attributes\":{\"mode\":{\"casual\":2.0,\"ranked\":1.0}}"));
}

TEST(ScenarioTest, WhatIsLeftOutKeepsItsDefault) {
  const StatusOr<Scenario> scenario =
      ScenarioFromJson(R"({"traffic": {"rate": 3}, "regions": [{"name": "a"}]})");
  ASSERT_THAT(scenario, IsOk());
  EXPECT_EQ(scenario->seed, 1u);
  EXPECT_EQ(scenario->traffic.tickets, 10'000u);
  EXPECT_TRUE(scenario->simulation.servers.empty());
  EXPECT_EQ(scenario->traffic.rate, 3);
}

TEST(ScenarioTest, MistakesHaveTheirPath) {
  EXPECT_EQ(MistakeIn("[]"), "$: must be an object");
  EXPECT_THAT(MistakeIn("{"), StartsWith("$: is not JSON: "));
  EXPECT_EQ(MistakeIn(R"({"colour": 1})"), "$.colour: is not known here");
  EXPECT_EQ(MistakeIn(R"({"traffic": {"rat": 1}})"), "$.traffic.rat: is not known here");
  EXPECT_EQ(MistakeIn(R"({"traffic": {"tickets": -1}})"),
            "$.traffic.tickets: must be a whole number from 0 up");
  EXPECT_EQ(MistakeIn(R"({"traffic": {"tickets": 1.5}})"),
            "$.traffic.tickets: must be a whole number from 0 up");
  EXPECT_EQ(MistakeIn(R"({"traffic": {"rate": "2"}})"), "$.traffic.rate: must be a number");
  EXPECT_EQ(MistakeIn(R"({"traffic": {"party_sizes": [1, null]}})"),
            "$.traffic.party_sizes[1]: must be a number");
  EXPECT_EQ(MistakeIn(R"({"traffic": {"areas": []}})"), "$.traffic.areas: must be an object");
  EXPECT_EQ(MistakeIn(R"({"traffic": {"skill": {"sigma": 1}}})"),
            "$.traffic.skill.sigma: is not known here");
  EXPECT_EQ(MistakeIn(R"({"regions": {}})"), "$.regions: must be a list");
  EXPECT_EQ(MistakeIn(R"({"regions": [{"servers": 1}]})"), "$.regions[0]: has no name");
  EXPECT_EQ(MistakeIn(R"({"regions": [{"name": "a", "latitude": 1}]})"),
            "$.regions[0]: has only one of latitude and longitude");
  EXPECT_EQ(MistakeIn(R"({"regions": [{"name": "a", "latitude": 91, "longitude": 0}]})"),
            "$.regions[0].latitude: is not on the globe");
  EXPECT_EQ(MistakeIn(R"({"version": 2})"), "$.version: must be 1, which is understood here");
  EXPECT_EQ(MistakeIn(R"({"seed": 1, "seed": 2})"), "$.seed: is given twice");
  EXPECT_EQ(MistakeIn(R"({"traffic": {"rate": 1, "rate": 2}})"), "$.traffic.rate: is given twice");
  EXPECT_EQ(MistakeIn(std::string(20, '[') + std::string(20, ']')), "$: nested more than 16 deep");
  EXPECT_THAT(MistakeIn(std::string(1 << 21, ' ')), StartsWith("$: longer than "));
}

}  // namespace
}  // namespace gsh::matchsim
