#include "src/matchsim/experiment.h"

#include <algorithm>
#include <array>
#include <memory>
#include <utility>

#include "src/matchsim/remainder.h"
#include "src/matchsim/rules_matcher.h"
#include "src/matchsim/sample_matcher.h"

namespace gsh::matchsim {
namespace {

constexpr std::array<std::pair<MatcherKind, std::string_view>, 3> kNames = {
    {{MatcherKind::kGsh, "gsh"},
     {MatcherKind::kSample, "sample"},
     {MatcherKind::kSampleCorrected, "sample-corrected"}}};

StatusOr<std::unique_ptr<RoundMatcher>> MakeMatcher(const Contender& contender,
                                                    const Scenario& scenario) {
  if (contender.kind == MatcherKind::kGsh) return MakeRulesMatcher(contender.rules);
  return MakeSampleMatcher({.regions = contender.rules.regions,
                            .ranges = scenario.sample_ranges,
                            .match_size = contender.rules.match_size,
                            .corrected = contender.kind == MatcherKind::kSampleCorrected,
                            .seed = scenario.seed});
}

bool HasParties(const Arrivals& arrivals) {
  return std::ranges::any_of(arrivals.party_size, [](std::uint16_t size) { return size > 1; });
}

std::optional<std::size_t> LeastUnmatched(const Arrivals& arrivals, const matcher::Rules& rules,
                                          const FirstRound& first) {
  const bool smaller_will_do =
      rules.min_match_size != 0 && rules.min_match_size != rules.match_size;
  if (HasParties(arrivals) || smaller_will_do || rules.match_size < 1) return std::nullopt;
  std::vector<float> latency_ms;  // to the rules' regions
  const std::size_t end = first.first_arrival + first.tickets;
  for (std::size_t ticket = first.first_arrival; ticket < end; ++ticket) {
    for (const std::string& region : rules.regions) {
      const auto found = std::ranges::find(arrivals.regions, region);
      const auto column = static_cast<std::size_t>(found - arrivals.regions.begin());
      latency_ms.push_back(arrivals.latency_ms[ticket * arrivals.regions.size() + column]);
    }
  }
  return LeastRemainder(latency_ms, rules.regions.size(), rules.band_bounds_ms,
                        static_cast<std::size_t>(rules.match_size));
}

StatusOr<ContenderResult> RunOne(const Scenario& scenario, const Arrivals& arrivals,
                                 const Contender& contender, const Progress& progress) {
  const StatusOr<std::unique_ptr<RoundMatcher>> matcher = MakeMatcher(contender, scenario);
  if (!matcher.ok()) return matcher.status();
  SimulationOptions options = scenario.simulation;
  options.seed = scenario.seed;
  options.progress = progress;
  StatusOr<SimulationResult> simulation = Simulate(arrivals, **matcher, options);
  if (!simulation.ok()) return simulation.status();
  ContenderResult result{.contender = contender, .simulation = *std::move(simulation)};
  result.least_unmatched = LeastUnmatched(arrivals, contender.rules, result.simulation.first_round);
  return result;
}

}  // namespace

std::string_view MatcherName(MatcherKind kind) {
  const auto* found =
      std::ranges::find(kNames, kind, [](const auto& entry) { return entry.first; });
  return found == kNames.end() ? std::string_view() : found->second;
}

std::optional<MatcherKind> ParseMatcher(std::string_view name) {
  const auto* found =
      std::ranges::find(kNames, name, [](const auto& entry) { return entry.second; });
  if (found == kNames.end()) return std::nullopt;
  return found->first;
}

StatusOr<Experiment> RunExperiment(const Scenario& scenario, const Arrivals& arrivals,
                                   const std::vector<Contender>& contenders,
                                   const Progress& progress) {
  Experiment experiment{.scenario = scenario,
                        .tickets = arrivals.size(),
                        .last_arrival_s = arrivals.size() == 0 ? 0 : arrivals.time_s.back(),
                        .regions = arrivals.regions};
  for (std::size_t i = 0; i < arrivals.size(); ++i) {
    experiment.players += static_cast<std::size_t>(arrivals.PartySize(i));
  }
  for (const auto& [region, servers] : scenario.simulation.servers) {
    if (std::ranges::find(arrivals.regions, region) == arrivals.regions.end()) {
      return InvalidArgumentError("servers: the tickets have no latency to \"" + region + "\"");
    }
  }
  const auto count = static_cast<double>(contenders.size());
  for (std::size_t i = 0; i < contenders.size(); ++i) {
    const auto over = [&](double part) {
      return !progress || progress((static_cast<double>(i) + part) / count);
    };
    StatusOr<ContenderResult> result = RunOne(scenario, arrivals, contenders[i], over);
    if (!result.ok()) return result.status().WithContext(contenders[i].name);
    experiment.results.push_back(*std::move(result));
  }
  return experiment;
}

}  // namespace gsh::matchsim
