#include "src/mmf/profile_rules.h"

#include <limits>
#include <set>
#include <string>
#include <string_view>

#include "gsh/matcher/rules_json.h"
#include "gsh/mmf/latency_match_function.h"

namespace gsh::mmf {
namespace {

const std::vector<float> kOneBand = {0, std::numeric_limits<float>::infinity()};

StatusOr<matcher::Rules> FromExtension(const Any& extension, const matcher::Rules& defaults) {
  const std::optional<std::string> json = StringOf(extension);
  if (!json) return InvalidArgumentError("is not a google.protobuf.StringValue");
  return matcher::RulesFromJson(*json, defaults);
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
