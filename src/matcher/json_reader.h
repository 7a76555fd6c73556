// What the readers of rules share: mistakes with their JSON path, numbers, names, limits.
#ifndef GSH_SRC_MATCHER_JSON_READER_H_
#define GSH_SRC_MATCHER_JSON_READER_H_

#include <nlohmann/json.hpp>
#include <string>
#include <string_view>

#include "gsh/matcher/rules.h"
#include "gsh/status.h"
#include "src/core/bounded_json.h"

namespace gsh::matcher {

using Json = nlohmann::json;
using internal::JsonMistake;

inline std::string At(const std::string& path, std::size_t index) {
  return path + "[" + std::to_string(index) + "]";
}

Status ReadWhole(const Json& value, const std::string& path, int least, int most, int& whole);
Status ReadSwitch(const Json& value, const std::string& path, bool& on);
// From 0 up, finite; null is infinite where `open_end` says so.
Status ReadNumber(const Json& value, const std::string& path, bool open_end, float& number);
// A list of different, non-empty names.
Status ReadNames(const Json& value, const std::string& path, std::size_t most,
                 std::vector<std::string>& names);

// A number, or {"value":..,"steps":[{"after_s":..,"value":..}],"linear":{"per_s":..,"after_s":..,
// "to":..},"wait_of":"oldest"}; `lower`: it widens downwards; `whole_match`: it has a wait_of.
Status ReadLimit(const Json& value, const std::string& path, bool lower, bool whole_match,
                 Limit& limit);
nlohmann::ordered_json LimitToJson(const Limit& limit, bool lower, bool whole_match);

}  // namespace gsh::matcher

#endif  // GSH_SRC_MATCHER_JSON_READER_H_
