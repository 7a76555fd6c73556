#include <limits>

#include "src/core/json_number.h"
#include "src/matcher/json_reader.h"
#include "src/matcher/limits.h"

namespace gsh::matcher {
namespace {

constexpr float kInfinity = std::numeric_limits<float>::infinity();

Status ReadStep(const Json& value, const std::string& path, bool lower, WideningStep& step) {
  if (!value.is_object()) return JsonMistake(path, "must be an object with after_s and value");
  for (const char* name : {"after_s", "value"}) {
    if (!value.contains(name)) return JsonMistake(path + "." + name, "is missing");
  }
  for (const auto& [name, number] : value.items()) {
    const std::string at = path + "." + name;
    Status status;
    if (name == "after_s") {
      status = ReadNumber(number, at, false, step.after_s);
    } else if (name == "value") {
      status = ReadNumber(number, at, !lower, step.value);
    } else {
      status = JsonMistake(at, "is not part of a step");
    }
    if (!status.ok()) return status;
  }
  return OkStatus();
}

Status ReadSteps(const Json& value, const std::string& path, bool lower, Limit& limit) {
  if (!value.is_array()) return JsonMistake(path, "must be a list of steps");
  if (value.size() > kMaxWideningSteps) {
    return JsonMistake(path, "more than " + std::to_string(kMaxWideningSteps) + " steps");
  }
  float value_before = limit.value;
  float after_s = -1;
  for (std::size_t i = 0; i < value.size(); ++i) {
    WideningStep step;
    if (Status status = ReadStep(value[i], At(path, i), lower, step); !status.ok()) return status;
    if (step.after_s <= after_s) {
      return JsonMistake(At(path, i) + ".after_s", "must be above the one before");
    }
    if (lower ? step.value >= value_before : step.value <= value_before) {
      return JsonMistake(At(path, i) + ".value", "must be wider than before");
    }
    limit.steps.push_back(step);
    after_s = step.after_s;
    value_before = step.value;
  }
  return OkStatus();
}

Status ReadLinear(const Json& value, const std::string& path, bool lower, Limit& limit) {
  if (!value.is_object()) return JsonMistake(path, "must be an object with per_s");
  if (!value.contains("per_s")) return JsonMistake(path + ".per_s", "is missing");
  for (const auto& [name, number] : value.items()) {
    const std::string at = path + "." + name;
    Status status;
    if (name == "per_s") {
      status = ReadNumber(number, at, false, limit.linear_per_s);
    } else if (name == "after_s") {
      status = ReadNumber(number, at, false, limit.linear_after_s);
    } else if (name == "to") {
      status = ReadNumber(number, at, !lower, limit.linear_to);
    } else {
      status = JsonMistake(at, "is not part of linear widening");
    }
    if (!status.ok()) return status;
  }
  const bool narrower = lower ? limit.linear_to > limit.value : limit.linear_to < limit.value;
  if (limit.linear_per_s > 0 && narrower)
    return JsonMistake(path + ".to", "must be as wide as value");
  return OkStatus();
}

Status ReadWaitOf(const Json& value, const std::string& path, WaitOf& wait_of) {
  if (value == "oldest") {
    wait_of = WaitOf::kOldest;
  } else if (value == "newest") {
    wait_of = WaitOf::kNewest;
  } else if (value == "mean") {
    wait_of = WaitOf::kMean;
  } else {
    return JsonMistake(path, "must be \"oldest\", \"newest\" or \"mean\"");
  }
  return OkStatus();
}

const char* NameOf(WaitOf wait_of) {
  return wait_of == WaitOf::kOldest ? "oldest" : wait_of == WaitOf::kNewest ? "newest" : "mean";
}

}  // namespace

Status ReadLimit(const Json& value, const std::string& path, bool lower, bool whole_match,
                 Limit& limit) {
  limit = {.linear_to = lower ? 0 : kInfinity};
  if (!value.is_object()) return ReadNumber(value, path, !lower, limit.value);
  if (!value.contains("value")) return JsonMistake(path + ".value", "is missing");
  // Before all else: the rest is held against it.
  Status status = ReadNumber(value["value"], path + ".value", !lower, limit.value);
  for (const auto& [name, member] : value.items()) {
    if (!status.ok()) return status;
    const std::string at = path + "." + name;
    if (name == "steps") {
      status = ReadSteps(member, at, lower, limit);
    } else if (name == "linear") {
      status = ReadLinear(member, at, lower, limit);
    } else if (name == "wait_of" && whole_match) {
      status = ReadWaitOf(member, at, limit.wait_of);
    } else if (name != "value") {
      status = JsonMistake(at, "is not part of this limit");
    }
  }
  return status;
}

nlohmann::ordered_json LimitToJson(const Limit& limit, bool lower, bool whole_match) {
  const Limit simple{.value = limit.value, .linear_to = lower ? 0 : kInfinity};
  if (limit == simple) return internal::JsonNumber(limit.value);
  nlohmann::ordered_json json;
  json["value"] = internal::JsonNumber(limit.value);
  if (!limit.steps.empty()) {
    json["steps"] = nlohmann::ordered_json::array();
    for (const WideningStep& step : limit.steps) {
      nlohmann::ordered_json one;
      one["after_s"] = internal::JsonNumber(step.after_s);
      one["value"] = internal::JsonNumber(step.value);
      json["steps"].push_back(one);
    }
  }
  nlohmann::ordered_json linear;
  linear["per_s"] = internal::JsonNumber(limit.linear_per_s);
  linear["after_s"] = internal::JsonNumber(limit.linear_after_s);
  linear["to"] = internal::JsonNumber(limit.linear_to);
  const bool says_something =
      limit.linear_per_s != 0 || limit.linear_after_s != 0 || limit.linear_to != simple.linear_to;
  if (says_something) json["linear"] = linear;
  if (whole_match) json["wait_of"] = NameOf(limit.wait_of);
  return json;
}

}  // namespace gsh::matcher
