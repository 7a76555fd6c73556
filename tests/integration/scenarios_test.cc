// The golden scenarios, tests/scenarios/*.json, over gRPC: their rules in the profile, their
// tickets and backfills from the query service.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <chrono>
#include <cmath>
#include <limits>
#include <map>
#include <nlohmann/json.hpp>
#include <string>
#include <vector>

#include "gsh/mmf/backfill_slots.h"
#include "gsh/mmf/latency_match_function.h"
#include "gsh/testing/manual_clock.h"
#include "tests/integration/match_function_over_grpc.h"
#include "tests/scenarios/scenario_files.h"

namespace gsh {
namespace {

using Json = nlohmann::json;

std::map<std::string, std::string> AttributesOf(const Json& of) {
  return of.value("attributes", std::map<std::string, std::string>());
}

openmatch::Ticket TicketOf(const Json& from, WallTime now) {
  openmatch::Ticket ticket{.id = from["id"]};
  auto& doubles = ticket.search_fields.double_args;
  for (const auto& [region, ms] : from["latency_ms"].items()) {
    doubles["latency-" + region] = ms.get<double>();
  }
  const Json means = from.value("mean_latency_ms", Json::object());
  for (const auto& [region, ms] : means.items()) {
    doubles["mean-latency-" + region] = ms.get<double>();
  }
  if (from.contains("players")) doubles["party-size"] = from["players"].get<double>();
  if (from.contains("skill")) doubles["skill"] = from["skill"].get<double>();
  ticket.search_fields.string_args = AttributesOf(from);
  if (from.contains("team")) {
    ticket.search_fields.string_args["team"] = std::to_string(from["team"].get<int>());
  }
  const auto waited = std::chrono::milliseconds(std::lround(from.value("wait_s", 0.0) * 1000));
  ticket.create_time = now - waited;
  return ticket;
}

openmatch::Backfill BackfillOf(const Json& from, std::size_t number) {
  constexpr float kNan = std::numeric_limits<float>::quiet_NaN();
  openmatch::Backfill backfill{.id = std::to_string(number)};
  backfill.search_fields.string_args = AttributesOf(from);
  backfill.extensions[mmf::kBackfillExtension] =
      mmf::BackfillSlotsToAny({.region = from["region"],
                               .open_slots = from["open_slots"],
                               .lowest_latency_ms = from.value("lowest_latency_ms", kNan),
                               .highest_latency_ms = from.value("highest_latency_ms", kNan)});
  return backfill;
}

// As the file has it.
Json FromProposal(const openmatch::Match& proposal) {
  const auto text = [&](const char* key) {
    return StringOf(proposal.extensions.at(key)).value_or("no text");
  };
  Json match = {{"region", text(mmf::kRegionExtension)}, {"tickets", Json::array()}};
  for (const openmatch::Ticket& ticket : proposal.tickets) match["tickets"].push_back(ticket.id);
  if (proposal.extensions.contains(mmf::kTeamsExtension)) {
    const Json teams = Json::parse(text(mmf::kTeamsExtension));
    for (const auto& [team, members] : teams.items()) match["teams"][std::stoul(team)] = members;
  }
  if (proposal.backfill) match["backfill"] = std::stoi(proposal.backfill->id);
  return match;
}

Json UnmatchedOf(const mmf::RunReport& report) {
  Json unmatched = Json::object();
  for (std::size_t i = 0; i < report.ticket_ids.size(); ++i) {
    const matcher::Unmatched reason = report.result->reasons[i];
    if (reason != matcher::Unmatched::kMatched) {
      unmatched[std::string(report.ticket_ids[i])] = matcher::UnmatchedName(reason);
    }
  }
  return unmatched;
}

class ScenarioOverGrpcTest : public testing::ScenarioFileTest {};

TEST_P(ScenarioOverGrpcTest, ComesOutAsWritten) {
  const Json scenario = testing::ReadScenario(GetParam());
  testing::ManualClock clock;
  Json unmatched;
  MatchFunctionOverGrpc function(
      {.on_run = [&](const mmf::RunReport& report) { unmatched = UnmatchedOf(report); },
       .clock = &clock});
  for (const Json& ticket : scenario["tickets"]) {
    function.query_service.tickets.push_back(TicketOf(ticket, clock.Now()));
  }
  for (const Json& backfill : scenario.value("backfills", Json::array())) {
    auto& backfills = function.query_service.backfills;
    backfills.push_back(BackfillOf(backfill, backfills.size()));
  }
  Json matches = Json::array();
  for (const openmatch::Match& proposal : function.Run(
           {.name = "scenario",
            .pools = {{.name = "all"}},
            .extensions = {{mmf::kRulesExtension, AnyString(scenario["rules"].dump())}}})) {
    matches.push_back(FromProposal(proposal));
  }
  EXPECT_EQ(matches, scenario["matches"]);
  EXPECT_EQ(unmatched, scenario["unmatched"]);
}

INSTANTIATE_TEST_SUITE_P(Files, ScenarioOverGrpcTest, testing::ScenarioParams(),
                         testing::ScenarioName);

}  // namespace
}  // namespace gsh
