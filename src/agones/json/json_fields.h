// JsonFields: a message's JSON, as protobuf's mapping has it, into plain structs.
#ifndef GSH_SRC_AGONES_JSON_JSON_FIELDS_H_
#define GSH_SRC_AGONES_JSON_JSON_FIELDS_H_

#include <cstdint>
#include <map>
#include <nlohmann/json.hpp>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "gsh/status.h"

namespace gsh::agones {

// Fields that are missing or null keep what their variable has; 64-bit numbers may be texts. What
// is of another kind than it should be is remembered: see ReadJson. For use while that runs.
class JsonFields {
 public:
  using Json = nlohmann::json;

  JsonFields(const Json& object, std::string& mistake) : object_(object), mistake_(mistake) {}

  void Read(const char* name, std::string& to) const;
  void Read(const char* name, std::int64_t& to) const;
  void Read(const char* name, int& to) const;
  void Read(const char* name, bool& to) const;
  void Read(const char* name, std::vector<std::string>& to) const;
  void Read(const char* name, std::map<std::string, std::string>& to) const;
  // Empty if there is no such object; else its fields.
  std::optional<JsonFields> Object(const char* name) const;
  // `read(fields, element)` for each object of a list, or of a map by name.
  template <typename T, typename ReadElement>
  void ReadList(const char* name, std::vector<T>& to, ReadElement read) const {
    const Json* list = Find(name, &Json::is_array);
    if (list == nullptr) return;
    for (const Json& element : *list) {
      if (Check(element.is_object(), name)) read(JsonFields(element, mistake_), to.emplace_back());
    }
  }
  template <typename T, typename ReadElement>
  void ReadMap(const char* name, std::map<std::string, T>& to, ReadElement read) const {
    const Json* map = Find(name, &Json::is_object);
    if (map == nullptr) return;
    for (const auto& [key, element] : map->items()) {
      if (Check(element.is_object(), name)) read(JsonFields(element, mistake_), to[key]);
    }
  }

 private:
  // Null if it is missing, null or wrong.
  const Json* Find(const char* name, bool (Json::*is_right)() const noexcept) const;
  const Json* Find(const char* name) const;
  bool Check(bool right, const char* name) const;

  const Json& object_;
  std::string& mistake_;  // the first field that is wrong
};

namespace internal {
// Null if `text` is no JSON object.
std::optional<nlohmann::json> ParseJsonObject(std::string_view text);
}  // namespace internal

// Calls read(const JsonFields&) with the object that `text` holds. Internal: it holds none, or a
// field is wrong; `what` is whose text it is.
template <typename ReadMessage>
Status ReadJson(std::string_view text, const std::string& what, ReadMessage read) {
  const auto json = internal::ParseJsonObject(text);
  if (!json) return InternalError(what + " is no JSON object");
  std::string mistake;
  read(JsonFields(*json, mistake));
  if (!mistake.empty()) return InternalError(what + " has a bad field \"" + mistake + "\"");
  return OkStatus();
}

}  // namespace gsh::agones

#endif  // GSH_SRC_AGONES_JSON_JSON_FIELDS_H_
