// gsh-matchsim's --scenario: what is read is written back as the same, and generates tickets that a
// file can hold or says why it cannot.
#include "src/matchsim/generator.h"
#include "src/matchsim/scenario.h"
#include "src/matchsim/ticket_csv.h"
#include "tests/fuzz/fuzz.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using gsh::fuzz::Require;
  auto scenario = gsh::matchsim::ScenarioFromJson(gsh::fuzz::TextOf(data, size));
  if (!scenario.ok()) {
    Require(scenario.status().code() == gsh::StatusCode::kInvalidArgument, "bad input");
    Require(scenario.status().message().starts_with('$'), "errors give the JSON path");
    return 0;
  }
  const std::string json = gsh::matchsim::ScenarioToJson(*scenario);
  const auto again = gsh::matchsim::ScenarioFromJson(json);
  Require(again.ok() && gsh::matchsim::ScenarioToJson(*again) == json, "it survives being written");
  scenario->traffic.tickets %= 20;
  const auto arrivals = gsh::matchsim::GenerateArrivals(scenario->traffic, scenario->regions, 1);
  if (!arrivals.ok()) {
    Require(arrivals.status().code() == gsh::StatusCode::kInvalidArgument, "bad traffic");
    return 0;
  }
  Require(arrivals->size() == scenario->traffic.tickets, "as many tickets as wanted");
  const auto read = gsh::matchsim::ParseTicketCsv(gsh::matchsim::WriteTicketCsv(*arrivals));
  Require(read.ok() && read->time_s == arrivals->time_s && read->regions == arrivals->regions &&
              read->latency_ms == arrivals->latency_ms && read->skill == arrivals->skill,
          "tickets survive being written");
  return 0;
}
