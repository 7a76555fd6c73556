#include <cmath>
#include <set>
#include <string>

#include "gsh/matcher/rules.h"
#include "src/core/mistakes.h"
#include "src/matcher/limits.h"

namespace gsh::matcher {
namespace {

using internal::Mistakes;

std::string Text(float x) {
  std::string text = std::to_string(x);
  text.erase(text.find_last_not_of('0') + 1);
  if (text.ends_with('.')) text.pop_back();
  return text;
}

void CheckNames(const std::string& member, const std::vector<std::string>& names, std::size_t most,
                Mistakes& mistakes) {
  if (names.size() > most) mistakes.Add(member + ": more than " + std::to_string(most));
  std::set<std::string> seen;
  for (std::size_t i = 0; i < names.size(); ++i) {
    const std::string where = member + "[" + std::to_string(i) + "]";
    if (names[i].empty()) mistakes.Add(where + " is empty");
    if (!seen.insert(names[i]).second) mistakes.Add(where + " repeats '" + names[i] + "'");
  }
}

void CheckBands(const std::vector<float>& bounds, Mistakes& mistakes) {
  if (bounds.size() < 2) mistakes.Add("band_bounds_ms: at least two bounds are needed");
  if (bounds.size() > kMaxBands + 1) {
    mistakes.Add("band_bounds_ms: more than " + std::to_string(kMaxBands) + " bands");
  }
  for (std::size_t i = 0; i < bounds.size(); ++i) {
    const std::string where = "band_bounds_ms[" + std::to_string(i) + "]";
    const bool last = i + 1 == bounds.size();
    if (std::isnan(bounds[i]) || bounds[i] < 0) {
      mistakes.Add(where + " is not a number from 0 up");
    } else if (std::isinf(bounds[i]) && !last) {
      mistakes.Add(where + " is infinite, which only the last bound may be");
    } else if (i > 0 && !(bounds[i - 1] < bounds[i])) {
      mistakes.Add(where + " (" + Text(bounds[i]) + ") is not above the bound before it");
    }
  }
}

void CheckSizes(const Rules& rules, Mistakes& mistakes) {
  const int size = rules.match_size;
  if (size < 1 || size > kMaxMatchSize) {
    mistakes.Add("match_size: " + std::to_string(size) + " is not in 1 to " +
                 std::to_string(kMaxMatchSize));
    return;
  }
  if (rules.min_match_size < 0 || rules.min_match_size > size) {
    mistakes.Add("min_match_size: " + std::to_string(rules.min_match_size) +
                 " is not in 0 to match_size");
  }
  if (!(rules.max_wait_s >= 0)) mistakes.Add("max_wait_s is not a number from 0 up");
  if (rules.teams < 1 || rules.teams > size) {
    mistakes.Add("teams: " + std::to_string(rules.teams) + " is not in 1 to match_size");
    return;
  }
  if (size % rules.teams != 0) mistakes.Add("match_size is not a whole number for each team");
  if (rules.min_match_size % rules.teams != 0) {
    mistakes.Add("min_match_size is not a whole number for each team");
  }
}

bool FromZero(float x) { return x >= 0; }
bool FiniteFromZero(float x) { return x >= 0 && std::isfinite(x); }

void CheckLimit(const std::string& where, const Limit& limit, bool lower, Mistakes& mistakes) {
  if (!FromZero(limit.value)) mistakes.Add(where + ".value is not a number from 0 up");
  if (limit.steps.size() > kMaxWideningSteps) {
    mistakes.Add(where + ".steps: more than " + std::to_string(kMaxWideningSteps));
  }
  float value = limit.value;
  float after_s = -1;
  for (std::size_t i = 0; i < limit.steps.size(); ++i) {
    const WideningStep& step = limit.steps[i];
    const std::string at = where + ".steps[" + std::to_string(i) + "]";
    if (!FiniteFromZero(step.after_s) || step.after_s <= after_s) {
      mistakes.Add(at + ".after_s is not a finite number above the one before");
    }
    if (!FromZero(step.value) || (lower ? step.value >= value : step.value <= value)) {
      mistakes.Add(at + ".value is not a number from 0 up, wider than the one before");
    }
    after_s = step.after_s;
    value = step.value;
  }
  if (!FiniteFromZero(limit.linear_per_s)) {
    mistakes.Add(where + ".linear_per_s is not a finite number from 0 up");
  }
  if (!FiniteFromZero(limit.linear_after_s)) {
    mistakes.Add(where + ".linear_after_s is not a finite number from 0 up");
  }
  const bool narrower = lower ? limit.linear_to > limit.value : limit.linear_to < limit.value;
  if (!FromZero(limit.linear_to) || (limit.linear_per_s > 0 && narrower)) {
    mistakes.Add(where + ".linear_to is not a number from 0 up, as wide as value at least");
  }
}

void CheckLimits(const Rules& rules, Mistakes& mistakes) {
  const std::size_t given = rules.max_latency_ms.size();
  if (given > 1 && given != rules.regions.size()) {
    mistakes.Add("max_latency_ms: neither one for all nor one for each region");
  }
  for (std::size_t i = 0; i < given; ++i) {
    CheckLimit("max_latency_ms[" + std::to_string(i) + "]", rules.max_latency_ms[i], false,
               mistakes);
  }
  CheckLimit("max_spread_ms", rules.max_spread_ms, false, mistakes);
  CheckLimit("min_score", rules.min_score, true, mistakes);
}

}  // namespace

Status CheckRules(const Rules& rules) {
  Mistakes mistakes;
  if (rules.regions.empty()) mistakes.Add("regions: none is given");
  CheckNames("regions", rules.regions, kMaxRegions, mistakes);
  CheckBands(rules.band_bounds_ms, mistakes);
  CheckSizes(rules, mistakes);
  CheckLimits(rules, mistakes);
  CheckNames("equal_attributes", rules.equal_attributes, kMaxEqualAttributes, mistakes);
  return mistakes.ToStatus();
}

}  // namespace gsh::matcher
