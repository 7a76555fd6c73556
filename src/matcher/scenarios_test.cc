// The golden scenarios, tests/scenarios/*.json, played by the matcher and by its definition.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <filesystem>
#include <limits>
#include <map>
#include <nlohmann/json.hpp>
#include <string>
#include <vector>

#include "gsh/matcher/matcher.h"
#include "gsh/matcher/rules_json.h"
#include "src/matcher/random_input.h"
#include "src/matcher/reference_rich.h"
#include "tests/scenarios/scenario_files.h"

namespace gsh::matcher {
namespace {

using Json = nlohmann::json;

class Scenario {
 public:
  explicit Scenario(const std::filesystem::path& file) : json_(testing::ReadScenario(file)) {
    const auto rules = RulesFromJson(json_["rules"].dump());
    EXPECT_TRUE(rules.ok()) << rules.status();
    if (rules.ok()) rules_ = *rules;
    for (const Json& ticket : json_["tickets"]) AddTicket(ticket);
    for (const Json& backfill : json_.value("backfills", Json::array())) AddBackfill(backfill);
    if (rules_.party_latency != PartyLatency::kMean) input_.mean_latency_ms.clear();
  }

  const Rules& rules() const { return rules_; }
  Tickets tickets() const { return input_.View(); }
  const Json& json() const { return json_; }
  const std::string& id(std::uint32_t ticket) const { return ids_[ticket]; }

  // As the file has them.
  Json MatchesOf(const Result& result) const {
    Json matches = Json::array();
    for (const Match& match : result.matches) {
      Json one = {{"region", rules_.regions[match.region]}, {"tickets", Json::array()}};
      std::vector<Json> teams(static_cast<std::size_t>(rules_.teams), Json::array());
      for (std::uint32_t i = 0; i < match.size; ++i) {
        const std::string& id = ids_[result.members[match.first_member + i]];
        one["tickets"].push_back(id);
        if (rules_.teams > 1) teams[result.teams[match.first_member + i]].push_back(id);
      }
      if (rules_.teams > 1) one["teams"] = teams;
      if (match.backfill != kNoBackfill) one["backfill"] = match.backfill;
      matches.push_back(one);
    }
    return matches;
  }
  Json UnmatchedOf(const Result& result) const {
    Json unmatched = Json::object();
    for (std::size_t i = 0; i < ids_.size(); ++i) {
      if (result.reasons[i] != Unmatched::kMatched) {
        unmatched[ids_[i]] = UnmatchedName(result.reasons[i]);
      }
    }
    return unmatched;
  }
  Json WidensOf(const Result& result) const {
    Json widens = Json::object();
    for (std::size_t i = 0; i < result.widens_at_s.size(); ++i) {
      if (result.reasons[i] == Unmatched::kWaitsForWidening) {
        widens[ids_[i]] = result.widens_at_s[i];
      }
    }
    return widens;
  }

 private:
  void AddTicket(const Json& ticket) {
    constexpr float kNan = std::numeric_limits<float>::quiet_NaN();
    ids_.push_back(ticket["id"]);
    ++input_.count;
    for (const std::string& region : rules_.regions) {
      input_.latency_ms.push_back(ticket["latency_ms"].value(region, kNan));
      const Json mean = ticket.value("mean_latency_ms", ticket["latency_ms"]);
      input_.mean_latency_ms.push_back(mean.value(region, kNan));
    }
    input_.wait_s.push_back(ticket.value("wait_s", 0.0f));
    input_.party_size.push_back(ticket.value("players", std::uint16_t{1}));
    input_.skill.push_back(ticket.value("skill", 0.0f));
    input_.team.push_back(ticket.value("team", kAnyTeam));
    AddAttributes(ticket, input_.attributes);
  }
  void AddBackfill(const Json& from) {
    Backfill backfill;
    const auto region =
        std::find(rules_.regions.begin(), rules_.regions.end(), from["region"].get<std::string>());
    backfill.region = static_cast<std::uint32_t>(region - rules_.regions.begin());
    backfill.open_slots = from["open_slots"].get<std::vector<std::uint32_t>>();
    backfill.lowest_latency_ms = from.value("lowest_latency_ms", backfill.lowest_latency_ms);
    backfill.highest_latency_ms = from.value("highest_latency_ms", backfill.highest_latency_ms);
    AddAttributes(from, backfill.attributes);
    input_.backfills.push_back(backfill);
  }
  void AddAttributes(const Json& of, std::vector<std::uint32_t>& row) {
    for (const std::string& name : rules_.equal_attributes) {
      const std::string value = of.value("attributes", Json::object()).value(name, "");
      row.push_back(values_.try_emplace(value, values_.size()).first->second);
    }
  }

  const Json json_;
  Rules rules_;
  RichInput input_;
  std::vector<std::string> ids_;
  std::map<std::string, std::uint32_t> values_;
};

class ScenarioTest : public testing::ScenarioFileTest {};

TEST_P(ScenarioTest, ComesOutAsWritten) {
  const Scenario scenario(GetParam());
  const auto result = MatchTickets(scenario.tickets(), scenario.rules());
  ASSERT_TRUE(result.ok()) << result.status();
  EXPECT_EQ(scenario.MatchesOf(*result), scenario.json()["matches"]);
  EXPECT_EQ(scenario.UnmatchedOf(*result), scenario.json()["unmatched"]);
  EXPECT_EQ(scenario.WidensOf(*result), scenario.json().value("widens_at_s", Json::object()));
  const Result defined = MatchRichByDefinition(scenario.tickets(), scenario.rules());
  EXPECT_EQ(result->members, defined.members);
}

INSTANTIATE_TEST_SUITE_P(Files, ScenarioTest, testing::ScenarioParams(), testing::ScenarioName);

}  // namespace
}  // namespace gsh::matcher
