// gsh-matchsim's --tickets: what is read has whole columns in range, is written back as the same,
// and can be simulated.
#include <algorithm>
#include <cmath>

#include "src/matchsim/rules_matcher.h"
#include "src/matchsim/simulation.h"
#include "src/matchsim/ticket_csv.h"
#include "tests/fuzz/fuzz.h"

namespace gsh::matchsim {
namespace {

using fuzz::Require;

bool Same(float a, float b) { return a == b || (std::isnan(a) && std::isnan(b)); }

void CheckColumns(const Arrivals& arrivals) {
  const std::size_t count = arrivals.size();
  Require(arrivals.latency_ms.size() == count * arrivals.regions.size(), "a latency each");
  Require(arrivals.key.size() == count, "a key each");
  Require(arrivals.party_size.empty() || arrivals.party_size.size() == count, "a party each");
  Require(arrivals.skill.empty() || arrivals.skill.size() == count, "a skill each");
  Require(std::ranges::is_sorted(arrivals.time_s), "in order of time");
  for (const Attribute& attribute : arrivals.attributes) {
    Require(attribute.index.size() == count, "a value each");
    for (const std::uint32_t index : attribute.index) {
      Require(index < attribute.values.size(), "known values");
    }
  }
}

void CheckSimulation(const Arrivals& arrivals) {
  auto matcher = MakeRulesMatcher(
      {.regions = {arrivals.regions.front()}, .band_bounds_ms = {0, 50, 1000}, .match_size = 2});
  if (!matcher.ok()) return;  // a region's name may be too odd for rules
  const auto result = Simulate(arrivals, **matcher, {.round_s = 1e5, .patience_s = 1});
  if (!result.ok()) return;
  Require(result->matched + result->left + result->waiting == arrivals.size(), "nobody is lost");
}

}  // namespace
}  // namespace gsh::matchsim

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using gsh::fuzz::Require;
  const auto arrivals = gsh::matchsim::ParseTicketCsv(gsh::fuzz::TextOf(data, size));
  if (!arrivals.ok()) {
    Require(arrivals.status().code() == gsh::StatusCode::kInvalidArgument, "bad input");
    Require(arrivals.status().message().starts_with("line "), "errors give the line");
    return 0;
  }
  gsh::matchsim::CheckColumns(*arrivals);
  gsh::matchsim::CheckSimulation(*arrivals);
  const auto again = gsh::matchsim::ParseTicketCsv(gsh::matchsim::WriteTicketCsv(*arrivals));
  Require(again.ok(), "what is written can be read");
  Require(again->time_s == arrivals->time_s && again->regions == arrivals->regions, "the same");
  Require(again->party_size == arrivals->party_size && again->skill == arrivals->skill, "the same");
  Require(std::ranges::equal(again->latency_ms, arrivals->latency_ms, gsh::matchsim::Same),
          "the same latencies");
  return 0;
}
