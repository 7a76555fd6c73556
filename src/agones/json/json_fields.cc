#include "src/agones/json/json_fields.h"

#include <charconv>
#include <limits>

namespace gsh::agones {
namespace {

using Json = nlohmann::json;

std::optional<std::int64_t> ToInt(const Json& value) {
  if (value.is_number_unsigned()) {
    const auto number = value.get<std::uint64_t>();
    if (number > std::uint64_t{std::numeric_limits<std::int64_t>::max()}) return std::nullopt;
    return static_cast<std::int64_t>(number);
  }
  if (value.is_number_integer()) return value.get<std::int64_t>();
  if (!value.is_string()) return std::nullopt;
  const std::string& text = value.get_ref<const std::string&>();
  std::int64_t number = 0;
  const char* const end = text.data() + text.size();
  const auto [rest, error] = std::from_chars(text.data(), end, number);
  if (error != std::errc() || rest != end) return std::nullopt;
  return number;
}

}  // namespace

bool JsonFields::Check(bool right, const char* name) const {
  if (!right && mistake_.empty()) mistake_ = name;
  return right;
}

const Json* JsonFields::Find(const char* name) const {
  const auto found = object_.find(name);
  return found == object_.end() || found->is_null() ? nullptr : &*found;
}

const Json* JsonFields::Find(const char* name, bool (Json::*is_right)() const noexcept) const {
  const Json* value = Find(name);
  return value != nullptr && Check((value->*is_right)(), name) ? value : nullptr;
}

void JsonFields::Read(const char* name, std::string& to) const {
  if (const Json* text = Find(name, &Json::is_string)) to = text->get<std::string>();
}

void JsonFields::Read(const char* name, std::int64_t& to) const {
  const Json* value = Find(name);
  if (value == nullptr) return;
  const auto number = ToInt(*value);
  if (Check(number.has_value(), name)) to = *number;
}

void JsonFields::Read(const char* name, int& to) const {
  std::int64_t number = to;
  Read(name, number);
  const bool fits =
      number >= std::numeric_limits<int>::min() && number <= std::numeric_limits<int>::max();
  if (Check(fits, name)) to = static_cast<int>(number);
}

void JsonFields::Read(const char* name, bool& to) const {
  if (const Json* value = Find(name, &Json::is_boolean)) to = value->get<bool>();
}

void JsonFields::Read(const char* name, std::vector<std::string>& to) const {
  const Json* list = Find(name, &Json::is_array);
  if (list == nullptr) return;
  for (const Json& element : *list) {
    if (Check(element.is_string(), name)) to.push_back(element.get<std::string>());
  }
}

void JsonFields::Read(const char* name, std::map<std::string, std::string>& to) const {
  const Json* map = Find(name, &Json::is_object);
  if (map == nullptr) return;
  for (const auto& [key, element] : map->items()) {
    if (Check(element.is_string(), name)) to[key] = element.get<std::string>();
  }
}

std::optional<JsonFields> JsonFields::Object(const char* name) const {
  const Json* object = Find(name, &Json::is_object);
  if (object == nullptr) return std::nullopt;
  return JsonFields(*object, mistake_);
}

namespace internal {

std::optional<nlohmann::json> ParseJsonObject(std::string_view text) {
  Json json = Json::parse(text, nullptr, /*allow_exceptions=*/false);
  if (!json.is_object()) return std::nullopt;
  return json;
}

}  // namespace internal
}  // namespace gsh::agones
