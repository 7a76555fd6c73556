#include "src/matchsim/json_reader.h"

#include <optional>
#include <set>

namespace gsh::matchsim {
namespace {

using Json = nlohmann::json;

constexpr std::size_t kMaxBytes = 1 << 20;
constexpr int kMaxDepth = 16;

Status MistakeAt(const std::string& path, const std::string& what) {
  return InvalidArgumentError(path + ": " + what);
}

}  // namespace

StatusOr<Json> ParseJson(std::string_view text) {
  if (text.size() > kMaxBytes) {
    return MistakeAt("$", "longer than " + std::to_string(kMaxBytes) + " bytes");
  }
  bool too_deep = false;
  std::optional<std::string> repeated;
  std::vector<std::set<std::string>> objects;  // members of those that are open
  const auto look = [&](int depth, Json::parse_event_t event, Json& value) {
    if (depth > kMaxDepth) too_deep = true;
    if (event == Json::parse_event_t::object_start) objects.emplace_back();
    if (event == Json::parse_event_t::object_end) objects.pop_back();
    if (event == Json::parse_event_t::key) {
      const std::string name = value.get<std::string>();
      if (!objects.back().insert(name).second && !repeated) repeated = name;
    }
    return true;
  };
  try {
    Json json = Json::parse(text, look);
    if (too_deep) return MistakeAt("$", "nested too deep");
    if (repeated) return MistakeAt("$", "the member \"" + *repeated + "\" is given twice");
    return json;
  } catch (const Json::exception& error) {  // the only way to learn where the mistake is
    return MistakeAt("$", std::string("is not JSON: ") + error.what());
  }
}

Status JsonValue::Mistake(const std::string& what) const { return MistakeAt(path_, what); }

Status JsonValue::Read(double& value) const {
  if (!json_->is_number()) return Mistake("must be a number");
  value = json_->get<double>();
  return OkStatus();
}

Status JsonValue::Read(std::uint64_t& value) const {
  if (!json_->is_number_unsigned()) return Mistake("must be a whole number from 0 up");
  value = json_->get<std::uint64_t>();
  return OkStatus();
}

Status JsonValue::Read(bool& value) const {
  if (!json_->is_boolean()) return Mistake("must be true or false");
  value = json_->get<bool>();
  return OkStatus();
}

Status JsonValue::Read(std::string& value) const {
  if (!json_->is_string()) return Mistake("must be a text");
  value = json_->get<std::string>();
  return OkStatus();
}

Status JsonValue::ReadObject(
    const std::function<Status(const std::string&, const JsonValue&)>& member) const {
  if (!json_->is_object()) return Mistake("must be an object");
  for (const auto& [name, json] : json_->items()) {
    const JsonValue value(json, path_ + "." + name);
    Status status = member(name, value);
    if (status.code() == StatusCode::kNotFound) return value.Mistake("is not known here");
    if (!status.ok()) return status;
  }
  return OkStatus();
}

Status JsonValue::ReadArray(const Reader& element) const {
  if (!json_->is_array()) return Mistake("must be a list");
  for (std::size_t i = 0; i < json_->size(); ++i) {
    const JsonValue value((*json_)[i], path_ + "[" + std::to_string(i) + "]");
    if (const Status status = element(value); !status.ok()) return status;
  }
  return OkStatus();
}

}  // namespace gsh::matchsim
