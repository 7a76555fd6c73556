// JSON from outside, parsed with bounds.
#ifndef GSH_SRC_CORE_BOUNDED_JSON_H_
#define GSH_SRC_CORE_BOUNDED_JSON_H_

#include <cstddef>
#include <nlohmann/json.hpp>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "gsh/status.h"

namespace gsh::internal {

// InvalidArgument "PATH: WHAT"; the whole text's path is "$", a member's "$.name".
inline Status JsonMistake(const std::string& path, const std::string& what) {
  return InvalidArgumentError(path + ": " + what);
}

// "is not JSON: WHY", where WHY may quote what was read: no more than a line of it.
inline Status NotJson(std::string_view why) {
  constexpr std::size_t kShown = 200;
  const bool whole = why.size() <= kShown;
  return JsonMistake("$",
                     "is not JSON: " + std::string(why.substr(0, kShown)) + (whole ? "" : "..."));
}

// Where the first member stands that its object has twice.
class RepeatedJsonMember {
 public:
  using Event = nlohmann::json::parse_event_t;

  // What a parser's callback is told, all of it.
  void Look(int depth, Event event, const nlohmann::json& value) {
    open_.resize(static_cast<std::size_t>(depth));
    if (event == Event::key) {
      Name(value.get_ref<const std::string&>());
    } else if (event != Event::object_end && event != Event::array_end) {
      if (!open_.empty()) ++open_.back().elements;
      if (event != Event::value) open_.push_back({.is_list = event == Event::array_start});
    }
  }
  const std::optional<std::string>& path() const { return path_; }

 private:
  struct Open {  // an object or a list
    bool is_list = false;
    std::size_t elements = 0;          // so far
    std::string name = {};             // the last one
    std::set<std::string> names = {};  // all so far
  };

  void Name(const std::string& name) {
    open_.back().name = name;
    if (open_.back().names.insert(name).second || path_) return;
    path_ = "$";
    for (const Open& open : open_) {
      *path_ += open.is_list ? '[' + std::to_string(open.elements - 1) + ']' : '.' + open.name;
    }
  }

  std::vector<Open> open_;
  std::optional<std::string> path_;
};

// InvalidArgument for what is no JSON, longer or nested deeper than this, or gives a member of an
// object twice, of which one would be lost.
inline StatusOr<nlohmann::json> ParseBoundedJson(std::string_view text, std::size_t max_bytes,
                                                 int max_depth) {
  if (text.size() > max_bytes) {
    return JsonMistake("$", "longer than " + std::to_string(max_bytes) + " bytes");
  }
  bool too_deep = false;
  RepeatedJsonMember repeated;
  const auto look = [&](int depth, nlohmann::json::parse_event_t event, nlohmann::json& value) {
    const bool opens = event == nlohmann::json::parse_event_t::object_start ||
                       event == nlohmann::json::parse_event_t::array_start;
    if (opens && depth >= max_depth) too_deep = true;
    if (!too_deep) repeated.Look(depth, event, value);
    return !too_deep;  // what is too deep is not built
  };
  try {
    nlohmann::json json = nlohmann::json::parse(text, look);
    if (too_deep)
      return JsonMistake("$", "nested more than " + std::to_string(max_depth) + " deep");
    if (repeated.path()) return JsonMistake(*repeated.path(), "is given twice");
    return json;
  } catch (const nlohmann::json::exception& error) {  // the only way to learn where the mistake is
    return NotJson(error.what());
  }
}

}  // namespace gsh::internal

#endif  // GSH_SRC_CORE_BOUNDED_JSON_H_
