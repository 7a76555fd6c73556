// GameLift's structures as JSON: visitors of Fields.
#ifndef GSH_SRC_AWS_GAMELIFT_JSON_H_
#define GSH_SRC_AWS_GAMELIFT_JSON_H_

#include <cstdint>
#include <nlohmann/json.hpp>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "gsh/clock.h"
#include "gsh/status.h"
#include "src/aws/gamelift/fields.h"

namespace gsh::aws::gamelift {

// For requests that Checker has passed.
class JsonWriter {
 public:
  void Begin(std::string_view) {}
  void Text(const char* name, const std::string& text, const TextShape&, bool required = false) {
    if (required || !text.empty()) json_[name] = text;
  }
  void Texts(const char* name, const std::vector<std::string>& texts, const ListShape&,
             const TextShape&, bool = false) {
    if (!texts.empty()) json_[name] = texts;
  }
  void Integer(const char* name, std::int32_t number, const IntegerShape&) { json_[name] = number; }
  void Integer(const char* name, std::optional<std::int32_t> number, const IntegerShape&) {
    if (number) json_[name] = *number;
  }
  void Number(const char* name, double number, double) { json_[name] = number; }
  // Seconds since 1970.
  void Time(const char* name, const std::optional<WallTime>& time);
  template <typename T>
  void Structure(const char* name, const T& value, bool = false) {
    json_[name] = Write(value);
  }
  template <typename T>
  void Structure(const char* name, const std::optional<T>& value, bool = false) {
    if (value) json_[name] = Write(*value);
  }
  template <typename T>
  void Structures(const char* name, const std::vector<T>& values, const ListShape&, bool = false) {
    if (values.empty()) return;
    nlohmann::json list = nlohmann::json::array();
    for (const T& value : values) list.push_back(Write(value));
    json_[name] = std::move(list);
  }

  template <typename T>
  static nlohmann::json Write(const T& value) {
    JsonWriter writer;
    Fields(writer, value);
    return std::move(writer.json_);
  }

 private:
  nlohmann::json json_ = nlohmann::json::object();
};

// Takes what is there and keeps enumerations as they come; a member of the wrong type is a mistake,
// and so is a required one that is missing.
class JsonReader {
 public:
  explicit JsonReader(const nlohmann::json& json) : json_(&json) {}

  void Begin(std::string_view) {}
  void Text(const char* name, std::string& text, const TextShape&, bool = false);
  void Texts(const char* name, std::vector<std::string>& texts, const ListShape&, const TextShape&,
             bool = false);
  void Integer(const char* name, std::int32_t& number, const IntegerShape&);
  void Integer(const char* name, std::optional<std::int32_t>& number, const IntegerShape&);
  void Number(const char* name, double& number, double);
  void Time(const char* name, std::optional<WallTime>& time);
  template <typename T>
  void Structure(const char* name, T& value, bool required = false) {
    const nlohmann::json* const member = Find(name);
    if (member == nullptr && required) Mistake(name, "is missing");
    if (member != nullptr) Enter(name, *member, value);
  }
  template <typename T>
  void Structure(const char* name, std::optional<T>& value, bool = false) {
    if (const nlohmann::json* const member = Find(name)) Enter(name, *member, value.emplace());
  }
  template <typename T>
  void Structures(const char* name, std::vector<T>& values, const ListShape&, bool = false) {
    const nlohmann::json* const list = Find(name);
    if (list == nullptr) return;
    if (!list->is_array()) return Mistake(name, "is no list");
    values.clear();
    values.reserve(list->size());
    for (const nlohmann::json& element : *list) Enter(name, element, values.emplace_back());
  }

  Status status() const;

 private:
  const nlohmann::json* Find(const char* name) const;  // null for what is missing or null
  void Mistake(const char* name, const char* what);
  template <typename T>
  void Enter(const char* name, const nlohmann::json& json, T& value) {
    if (!json.is_object()) return Mistake(name, "is no object");
    const nlohmann::json* const outer = std::exchange(json_, &json);
    Fields(*this, value);
    json_ = outer;
  }

  const nlohmann::json* json_;
  std::string mistake_;  // the first
};

// The answer of an operation. InternalError for what is none.
StatusOr<nlohmann::json> ParseAnswer(std::string_view body);

template <typename T>
StatusOr<T> ReadAnswer(std::string_view body) {
  const auto json = ParseAnswer(body);
  if (!json.ok()) return json.status();
  T value;
  JsonReader reader(*json);
  Fields(reader, value);
  if (Status status = reader.status(); !status.ok()) return status;
  return value;
}

}  // namespace gsh::aws::gamelift

#endif  // GSH_SRC_AWS_GAMELIFT_JSON_H_
