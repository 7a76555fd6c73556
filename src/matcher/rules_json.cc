#include "gsh/matcher/rules_json.h"

#include <cmath>
#include <limits>
#include <nlohmann/json.hpp>
#include <optional>
#include <set>

#include "src/matcher/limits.h"

namespace gsh::matcher {
namespace {

using Json = nlohmann::json;

Status Mistake(const std::string& path, const std::string& what) {
  return InvalidArgumentError(path + ": " + what);
}
std::string At(const std::string& path, std::size_t index) {
  return path + "[" + std::to_string(index) + "]";
}

// Parses with bounds on size and depth, and refuses a member that is given twice, of which one
// would be lost.
StatusOr<Json> ParseBounded(std::string_view text) {
  if (text.size() > kMaxRulesJson) {
    return Mistake("$", "longer than " + std::to_string(kMaxRulesJson) + " bytes");
  }
  bool too_deep = false;
  std::set<std::string> members;  // of the outermost object
  std::optional<std::string> repeated;
  const auto look = [&](int depth, Json::parse_event_t event, Json& value) {
    if (depth > kMaxRulesDepth) too_deep = true;
    if (event == Json::parse_event_t::key && depth == 1) {
      const std::string name = value.get<std::string>();
      if (!members.insert(name).second) repeated = name;
    }
    return !too_deep;  // what is too deep is not built
  };
  try {
    Json json = Json::parse(text, look);
    if (too_deep)
      return Mistake("$", "nested more than " + std::to_string(kMaxRulesDepth) + " deep");
    if (repeated) return Mistake("$." + *repeated, "is given twice");
    return json;
  } catch (const Json::exception& error) {  // the only way to learn where the mistake is
    return Mistake("$", std::string("is not JSON: ") + error.what());
  }
}

Status ReadVersion(const Json& value, const std::string& path) {
  if (value != 1 || !value.is_number_integer()) {
    return Mistake(path, "must be 1, the version that is understood here");
  }
  return OkStatus();
}

Status ReadRegions(const Json& value, const std::string& path, std::vector<std::string>& regions) {
  if (!value.is_array() || value.empty()) return Mistake(path, "must be a list of names");
  if (value.size() > kMaxRegions) {
    return Mistake(path, "more than " + std::to_string(kMaxRegions) + " regions");
  }
  regions.clear();
  for (std::size_t i = 0; i < value.size(); ++i) {
    if (!value[i].is_string()) return Mistake(At(path, i), "must be a name");
    const auto name = value[i].get<std::string>();
    if (name.empty()) return Mistake(At(path, i), "is empty");
    if (std::find(regions.begin(), regions.end(), name) != regions.end()) {
      return Mistake(At(path, i), "repeats \"" + name + "\"");
    }
    regions.push_back(name);
  }
  return OkStatus();
}

Status ReadBands(const Json& value, const std::string& path, std::vector<float>& bounds) {
  if (!value.is_array() || value.size() < 2) {
    return Mistake(path, "must be a list of at least two bounds in ms");
  }
  if (value.size() > kMaxBands + 1) {
    return Mistake(path, "more than " + std::to_string(kMaxBands) + " bands");
  }
  bounds.clear();
  for (std::size_t i = 0; i < value.size(); ++i) {
    const bool open_end = value[i].is_null() && i + 1 == value.size();
    if (!open_end && !value[i].is_number()) {
      return Mistake(At(path, i), "must be a number (the last may be null: no upper bound)");
    }
    const double wide = open_end ? 0 : value[i].get<double>();
    if (wide < 0 || wide > static_cast<double>(std::numeric_limits<float>::max())) {
      return Mistake(At(path, i), "must be a latency from 0 up");
    }
    const float bound =
        open_end ? std::numeric_limits<float>::infinity() : static_cast<float>(wide);
    if (i > 0 && !(bounds.back() < bound)) {
      return Mistake(At(path, i), "must be above the bound before it");
    }
    bounds.push_back(bound);
  }
  return OkStatus();
}

Status ReadMatchSize(const Json& value, const std::string& path, int& match_size) {
  const bool whole = value.is_number_integer();
  if (!whole || value < 1 || value > kMaxMatchSize) {
    return Mistake(path, "must be a whole number from 1 to " + std::to_string(kMaxMatchSize));
  }
  match_size = value.get<int>();
  return OkStatus();
}

Status ReadSwitch(const Json& value, const std::string& path, bool& on) {
  if (!value.is_boolean()) return Mistake(path, "must be true or false");
  on = value.get<bool>();
  return OkStatus();
}

Status ReadMember(const std::string& name, const Json& value, Rules& rules) {
  const std::string path = "$." + name;
  if (name == "version") return ReadVersion(value, path);
  if (name == "regions") return ReadRegions(value, path, rules.regions);
  if (name == "bands") return ReadBands(value, path, rules.band_bounds_ms);
  if (name == "match_size") return ReadMatchSize(value, path, rules.match_size);
  if (name == "try_next_best_region") return ReadSwitch(value, path, rules.try_next_best_region);
  return Mistake(path, "is not a rule");
}

// The shortest decimal that reads back as the same float: 0.1, not 0.10000000149011612.
Json Shortest(float bound) {
  if (std::isinf(bound)) return nullptr;
  for (int digits = 1; digits < std::numeric_limits<float>::max_digits10; ++digits) {
    char text[32];
    std::snprintf(text, sizeof(text), "%.*g", digits, static_cast<double>(bound));
    if (std::strtof(text, nullptr) == bound) return std::strtod(text, nullptr);
  }
  return bound;
}

}  // namespace

StatusOr<Rules> RulesFromJson(std::string_view json, const Rules& defaults) {
  const StatusOr<Json> parsed = ParseBounded(json);
  if (!parsed.ok()) return parsed.status();
  if (!parsed->is_object()) return Mistake("$", "must be an object");
  Rules rules = defaults;
  for (const auto& [name, value] : parsed->items()) {
    if (Status status = ReadMember(name, value, rules); !status.ok()) return status;
  }
  return rules;
}

std::string RulesToJson(const Rules& rules) {
  Json bands = Json::array();
  for (const float bound : rules.band_bounds_ms) bands.push_back(Shortest(bound));
  nlohmann::ordered_json json;
  json["version"] = 1;
  json["regions"] = rules.regions;
  json["bands"] = bands;
  json["match_size"] = rules.match_size;
  json["try_next_best_region"] = rules.try_next_best_region;
  return json.dump(-1, ' ', false, Json::error_handler_t::replace);
}

}  // namespace gsh::matcher
