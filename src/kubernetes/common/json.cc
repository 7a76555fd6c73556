#include "src/kubernetes/common/json.h"

#include <limits>
#include <utility>

namespace gsh::kubernetes {

bool IsTooDeep(std::string_view text) {
  int depth = 0;
  bool quoted = false;
  for (std::size_t i = 0; i < text.size(); ++i) {
    const char c = text[i];
    if (quoted) {
      if (c == '\\') ++i;
      if (c == '"') quoted = false;
    } else if (c == '"') {
      quoted = true;
    } else if (c == '{' || c == '[') {
      if (++depth > kMaxJsonDepth) return true;
    } else if (c == '}' || c == ']') {
      --depth;
    }
  }
  return false;
}

StatusOr<Json> ParseJson(std::string_view text) {
  if (IsTooDeep(text)) return InvalidArgumentError("JSON that is nested too deeply");
  Json json = Json::parse(text, nullptr, /*allow_exceptions=*/false);
  if (json.is_discarded()) return InvalidArgumentError("not JSON");
  return json;
}

StatusOr<Json> ParseJsonObject(std::string_view text) {
  StatusOr<Json> json = ParseJson(text);
  if (json.ok() && !json->is_object()) return InvalidArgumentError("not a JSON object");
  return json;
}

std::string Dump(const Json& json) {
  return json.dump(-1, ' ', false, Json::error_handler_t::replace);
}

Json WithoutNulls(const Json& json) {
  if (!json.is_object()) return json;
  Json kept = Json::object();
  for (const auto& [key, value] : json.items()) {
    if (!value.is_null()) kept[key] = WithoutNulls(value);
  }
  return kept;
}

const Json* Find(const Json& json, Path path) {
  const Json* here = &json;
  for (const char* key : path) {
    if (!here->is_object()) return nullptr;
    const auto found = here->find(key);
    if (found == here->end()) return nullptr;
    here = &*found;
  }
  return here;
}

std::string TextAt(const Json& json, Path path) {
  const Json* found = Find(json, path);
  return found != nullptr && found->is_string() ? found->get<std::string>() : std::string();
}

std::int64_t IntAt(const Json& json, Path path) {
  const Json* found = Find(json, path);
  return found != nullptr && found->is_number_integer() ? found->get<std::int64_t>() : 0;
}

int Int32At(const Json& json, Path path) {
  const std::int64_t number = IntAt(json, path);
  const bool fits =
      number >= std::numeric_limits<int>::min() && number <= std::numeric_limits<int>::max();
  return fits ? static_cast<int>(number) : 0;
}

bool BoolAt(const Json& json, Path path) {
  const Json* found = Find(json, path);
  return found != nullptr && found->is_boolean() && found->get<bool>();
}

std::map<std::string, std::string> TextMap(const Json& json) {
  std::map<std::string, std::string> texts;
  if (!json.is_object()) return texts;
  for (const auto& [key, value] : json.items()) {
    if (value.is_string()) texts.emplace(key, value.get<std::string>());
  }
  return texts;
}

}  // namespace gsh::kubernetes
