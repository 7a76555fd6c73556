#include "src/matchsim/json_reader.h"

#include "src/core/bounded_json.h"

namespace gsh::matchsim {
namespace {

constexpr std::size_t kMaxBytes = 1 << 20;
constexpr int kMaxDepth = 16;

}  // namespace

StatusOr<nlohmann::json> ParseJson(std::string_view text) {
  return internal::ParseBoundedJson(text, kMaxBytes, kMaxDepth);
}

Status JsonValue::Mistake(const std::string& what) const {
  return internal::JsonMistake(path_, what);
}

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
