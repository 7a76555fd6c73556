#include "gsh/matcher/rules_json.h"

#include <algorithm>
#include <cmath>
#include <limits>

#include "src/core/json_number.h"
#include "src/matcher/json_reader.h"
#include "src/matcher/limits.h"

namespace gsh::matcher {
namespace {

Status ReadVersion(const Json& value, const std::string& path) {
  if (value != 1 || !value.is_number_integer()) {
    return JsonMistake(path, "must be 1, the version that is understood here");
  }
  return OkStatus();
}

Status ReadRegions(const Json& value, const std::string& path, std::vector<std::string>& regions) {
  if (!value.is_array() || value.empty()) return JsonMistake(path, "must be a list of names");
  return ReadNames(value, path, kMaxRegions, regions);
}

Status ReadBands(const Json& value, const std::string& path, std::vector<float>& bounds) {
  if (!value.is_array() || value.size() < 2) {
    return JsonMistake(path, "must be a list of at least two bounds in ms");
  }
  if (value.size() > kMaxBands + 1) {
    return JsonMistake(path, "more than " + std::to_string(kMaxBands) + " bands");
  }
  bounds.clear();
  for (std::size_t i = 0; i < value.size(); ++i) {
    const bool open_end = value[i].is_null() && i + 1 == value.size();
    if (!open_end && !value[i].is_number()) {
      return JsonMistake(At(path, i), "must be a number (the last may be null: no upper bound)");
    }
    const double wide = open_end ? 0 : value[i].get<double>();
    if (wide < 0 || wide > static_cast<double>(std::numeric_limits<float>::max())) {
      return JsonMistake(At(path, i), "must be a latency from 0 up");
    }
    const float bound =
        open_end ? std::numeric_limits<float>::infinity() : static_cast<float>(wide);
    if (i > 0 && !(bounds.back() < bound)) {
      return JsonMistake(At(path, i), "must be above the bound before it");
    }
    bounds.push_back(bound);
  }
  return OkStatus();
}

// 8, or {"min":4,"max":8}.
Status ReadMatchSize(const Json& value, const std::string& path, Rules& rules) {
  if (!value.is_object()) {
    rules.min_match_size = 0;
    return ReadWhole(value, path, 1, kMaxMatchSize, rules.match_size);
  }
  for (const char* name : {"min", "max"}) {
    if (!value.contains(name)) return JsonMistake(path + "." + name, "is missing");
  }
  for (const auto& [name, number] : value.items()) {
    const std::string at = path + "." + name;
    if (name != "min" && name != "max") return JsonMistake(at, "is not part of a size");
    int& size = name == "min" ? rules.min_match_size : rules.match_size;
    if (Status status = ReadWhole(number, at, 1, kMaxMatchSize, size); !status.ok()) return status;
  }
  if (rules.min_match_size > rules.match_size)
    return JsonMistake(path + ".min", "must not exceed max");
  return OkStatus();
}

// One limit for all regions, or [{"region":"us-east-1","value":80, ...}, ...]: a region that is not
// listed has none.
Status ReadMaxLatency(const Json& value, const std::string& path, Rules& rules) {
  rules.max_latency_ms.clear();
  if (!value.is_array()) {
    return ReadLimit(value, path, false, false, rules.max_latency_ms.emplace_back());
  }
  std::vector<bool> given(rules.regions.size(), false);
  rules.max_latency_ms.resize(rules.regions.size());
  for (std::size_t i = 0; i < value.size(); ++i) {
    const std::string at = At(path, i);
    if (!value[i].is_object() || !value[i].contains("region") || !value[i]["region"].is_string()) {
      return JsonMistake(at + ".region", "must be a region's name");
    }
    const auto found = std::find(rules.regions.begin(), rules.regions.end(),
                                 value[i]["region"].get<std::string>());
    if (found == rules.regions.end())
      return JsonMistake(at + ".region", "is not one of the regions");
    const auto region = static_cast<std::size_t>(found - rules.regions.begin());
    if (given[region]) return JsonMistake(at + ".region", "is given twice");
    given[region] = true;
    Json limit = value[i];
    limit.erase("region");
    Status status = ReadLimit(limit, at, false, false, rules.max_latency_ms[region]);
    if (!status.ok()) return status;
  }
  return OkStatus();
}

Status ReadOrder(const Json& value, const std::string& path, Order& order) {
  if (value != "best_quality" && value != "oldest_first") {
    return JsonMistake(path, "must be \"best_quality\" or \"oldest_first\"");
  }
  order = value == "best_quality" ? Order::kBestQuality : Order::kOldestFirst;
  return OkStatus();
}

Status ReadPartyLatency(const Json& value, const std::string& path, PartyLatency& latency) {
  if (value != "worst" && value != "mean")
    return JsonMistake(path, "must be \"worst\" or \"mean\"");
  latency = value == "worst" ? PartyLatency::kWorst : PartyLatency::kMean;
  return OkStatus();
}

Status ReadMember(const std::string& name, const Json& value, Rules& rules) {
  const std::string path = "$." + name;
  if (name == "version") return ReadVersion(value, path);
  if (name == "regions") return ReadRegions(value, path, rules.regions);
  if (name == "bands") return ReadBands(value, path, rules.band_bounds_ms);
  if (name == "match_size") return ReadMatchSize(value, path, rules);
  if (name == "try_next_best_region") return ReadSwitch(value, path, rules.try_next_best_region);
  if (name == "max_wait_s") return ReadNumber(value, path, true, rules.max_wait_s);
  if (name == "teams") return ReadWhole(value, path, 1, kMaxMatchSize, rules.teams);
  if (name == "balance_teams") return ReadSwitch(value, path, rules.balance_teams);
  if (name == "max_latency_ms") return ReadMaxLatency(value, path, rules);
  if (name == "max_spread_ms") return ReadLimit(value, path, false, true, rules.max_spread_ms);
  if (name == "min_score") return ReadLimit(value, path, true, false, rules.min_score);
  if (name == "order") return ReadOrder(value, path, rules.order);
  if (name == "party_latency") return ReadPartyLatency(value, path, rules.party_latency);
  if (name == "equal_attributes") {
    return ReadNames(value, path, kMaxEqualAttributes, rules.equal_attributes);
  }
  if (name == "backfill_first") return ReadSwitch(value, path, rules.backfill_first);
  if (name == "backfill") return ReadSwitch(value, path, rules.backfill);
  return JsonMistake(path, "is not a rule");
}

// What no member shows alone.
Status CheckTogether(const Rules& rules, const Rules& defaults) {
  if (rules.teams > rules.match_size || rules.match_size % rules.teams != 0) {
    return JsonMistake("$.teams", "does not divide the match size, " +
                                      std::to_string(rules.match_size) + ", into equal teams");
  }
  if (rules.min_match_size % rules.teams != 0) {
    return JsonMistake("$.match_size.min", "must be a whole number for each team");
  }
  // Limits of the defaults' regions say nothing of other ones.
  if (rules.max_latency_ms.size() > 1 && rules.max_latency_ms.size() != rules.regions.size() &&
      rules.regions != defaults.regions) {
    return JsonMistake("$.max_latency_ms", "is missing: the defaults have one for each of theirs");
  }
  return OkStatus();
}

nlohmann::ordered_json MaxLatencyToJson(const Rules& rules) {
  if (rules.max_latency_ms.size() == 1) {
    return LimitToJson(rules.max_latency_ms.front(), false, false);
  }
  auto list = nlohmann::ordered_json::array();
  for (std::size_t i = 0; i < rules.max_latency_ms.size(); ++i) {
    nlohmann::ordered_json one;
    one["region"] = rules.regions[i];
    const nlohmann::ordered_json limit = LimitToJson(rules.max_latency_ms[i], false, false);
    if (limit.is_object()) {
      for (const auto& [name, value] : limit.items()) one[name] = value;
    } else {
      one["value"] = limit;
    }
    list.push_back(one);
  }
  return list;
}

// Members that differ from the defaults.
void WriteRest(const Rules& rules, nlohmann::ordered_json& json) {
  const Rules plain;
  if (rules.max_wait_s != plain.max_wait_s)
    json["max_wait_s"] = internal::JsonNumber(rules.max_wait_s);
  if (rules.teams != plain.teams) json["teams"] = rules.teams;
  if (rules.balance_teams != plain.balance_teams) json["balance_teams"] = rules.balance_teams;
  if (!rules.max_latency_ms.empty()) json["max_latency_ms"] = MaxLatencyToJson(rules);
  if (rules.max_spread_ms != plain.max_spread_ms) {
    json["max_spread_ms"] = LimitToJson(rules.max_spread_ms, false, true);
  }
  if (rules.min_score != plain.min_score) {
    json["min_score"] = LimitToJson(rules.min_score, true, false);
  }
  if (rules.order != plain.order) json["order"] = "oldest_first";
  if (rules.party_latency != plain.party_latency) json["party_latency"] = "mean";
  if (!rules.equal_attributes.empty()) json["equal_attributes"] = rules.equal_attributes;
  if (rules.backfill_first != plain.backfill_first) json["backfill_first"] = rules.backfill_first;
  if (rules.backfill != plain.backfill) json["backfill"] = rules.backfill;
}

}  // namespace

StatusOr<Rules> RulesFromJson(std::string_view json, const Rules& defaults) {
  const StatusOr<Json> parsed = internal::ParseBoundedJson(json, kMaxRulesJson, kMaxRulesDepth);
  if (!parsed.ok()) return parsed.status();
  if (!parsed->is_object()) return JsonMistake("$", "must be an object");
  Rules rules = defaults;
  // The regions first: limits name them.
  if (parsed->contains("regions")) {
    Status status = ReadMember("regions", (*parsed)["regions"], rules);
    if (!status.ok()) return status;
  }
  for (const auto& [name, value] : parsed->items()) {
    if (Status status = ReadMember(name, value, rules); !status.ok()) return status;
  }
  if (Status status = CheckTogether(rules, defaults); !status.ok()) return status;
  return rules;
}

std::string RulesToJson(const Rules& rules) {
  Json bands = Json::array();
  for (const float bound : rules.band_bounds_ms) bands.push_back(internal::JsonNumber(bound));
  nlohmann::ordered_json json;
  json["version"] = 1;
  json["regions"] = rules.regions;
  json["bands"] = bands;
  if (rules.min_match_size == 0) {
    json["match_size"] = rules.match_size;
  } else {
    json["match_size"]["min"] = rules.min_match_size;
    json["match_size"]["max"] = rules.match_size;
  }
  json["try_next_best_region"] = rules.try_next_best_region;
  WriteRest(rules, json);
  return json.dump(-1, ' ', false, Json::error_handler_t::replace);
}

}  // namespace gsh::matcher
