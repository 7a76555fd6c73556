#include "src/mmf/profile_rules.h"

#include <algorithm>
#include <limits>
#include <set>
#include <string>
#include <string_view>

#include "gsh/matcher/rules_json.h"
#include "gsh/mmf/latency_match_function.h"
#include "gsh/mmf/search_fields.h"

namespace gsh::mmf {
namespace {

const std::vector<float> kOneBand = {0, std::numeric_limits<float>::infinity()};

// `rules` has none of the limits that `defaults` gives for each of its regions: they are looked up
// by the regions' names. A region that the defaults do not know has no limit.
void TakeLimits(const matcher::Rules& defaults, matcher::Rules& rules) {
  rules.max_latency_ms.assign(rules.regions.size(), {});
  for (std::size_t i = 0; i < rules.regions.size(); ++i) {
    const auto known = std::ranges::find(defaults.regions, rules.regions[i]);
    if (known == defaults.regions.end()) continue;
    const auto at = static_cast<std::size_t>(known - defaults.regions.begin());
    if (at < defaults.max_latency_ms.size()) rules.max_latency_ms[i] = defaults.max_latency_ms[at];
  }
}

bool HasLimitsByRegion(const matcher::Rules& rules) { return rules.max_latency_ms.size() > 1; }

StatusOr<matcher::Rules> FromExtension(const Any& extension, const matcher::Rules& defaults) {
  const std::optional<std::string> json = StringOf(extension);
  if (!json) return InvalidArgumentError("is not a google.protobuf.StringValue");
  if (!HasLimitsByRegion(defaults)) return matcher::RulesFromJson(*json, defaults);
  matcher::Rules without = defaults;
  without.max_latency_ms.clear();
  StatusOr<matcher::Rules> rules = matcher::RulesFromJson(*json, without);
  if (rules.ok() && rules->max_latency_ms.empty()) TakeLimits(defaults, *rules);
  return rules;
}

std::set<std::string> RegionsOfRanges(const openmatch::MatchProfile& profile) {
  std::set<std::string> regions;
  for (const openmatch::Pool& pool : profile.pools) {
    for (const openmatch::DoubleRangeFilter& range : pool.double_range_filters) {
      if (!range.double_arg.starts_with(kLatencyPrefix)) continue;
      regions.insert(range.double_arg.substr(std::string_view(kLatencyPrefix).size()));
    }
  }
  return regions;
}

StatusOr<matcher::Rules> FromRanges(const openmatch::MatchProfile& profile,
                                    const matcher::Rules& defaults) {
  const std::set<std::string> regions = RegionsOfRanges(profile);
  if (regions.size() > 1) {
    return InvalidArgumentError("has ranges on several regions' latencies, but no " +
                                std::string(kRulesExtension));
  }
  matcher::Rules rules = defaults;
  if (regions.empty()) {
    if (!rules.regions.empty()) return rules;
    return InvalidArgumentError("has neither the extension " + std::string(kRulesExtension) +
                                " nor a range on latency-<region>, and no rules are set here");
  }
  rules.regions = {*regions.begin()};
  if (HasLimitsByRegion(defaults)) TakeLimits(defaults, rules);
  rules.band_bounds_ms = kOneBand;
  return rules;
}

}  // namespace

StatusOr<matcher::Rules> RulesOf(const openmatch::MatchProfile& profile,
                                 const matcher::Rules& defaults) {
  const std::string context = "profile " + profile.name;
  const auto extension = profile.extensions.find(kRulesExtension);
  const bool own = extension != profile.extensions.end();
  StatusOr<matcher::Rules> rules =
      own ? FromExtension(extension->second, defaults) : FromRanges(profile, defaults);
  if (!rules.ok()) {
    return rules.status().WithContext(own ? context + ": " + kRulesExtension : context);
  }
  if (rules->band_bounds_ms.empty()) rules->band_bounds_ms = kOneBand;
  if (Status status = matcher::CheckRules(*rules); !status.ok()) return status.WithContext(context);
  return rules;
}

}  // namespace gsh::mmf
