// JSON that comes from outside: bounded in depth, read without exceptions.
#ifndef GSH_SRC_KUBERNETES_COMMON_JSON_H_
#define GSH_SRC_KUBERNETES_COMMON_JSON_H_

#include <cstdint>
#include <initializer_list>
#include <map>
#include <nlohmann/json.hpp>
#include <optional>
#include <string>
#include <string_view>

#include "gsh/status.h"

namespace gsh::kubernetes {

using Json = nlohmann::json;
using Path = std::initializer_list<const char*>;

// Deeper documents are refused: writing them recurses.
inline constexpr int kMaxJsonDepth = 200;

// InvalidArgument, without a word of the text: it may hold secrets.
StatusOr<Json> ParseJson(std::string_view text);
// The same, and an object.
StatusOr<Json> ParseJsonObject(std::string_view text);
bool IsTooDeep(std::string_view text);

// Bytes that are no UTF-8 become U+FFFD.
std::string Dump(const Json& json);

// The object without the members, at any depth of objects, that are null.
Json WithoutNulls(const Json& json);

// What is at the path; null if something on the way is missing or no object.
const Json* Find(const Json& json, Path path);
// Empty, 0, false if it is missing or of another type.
std::string TextAt(const Json& json, Path path);
std::int64_t IntAt(const Json& json, Path path);
int Int32At(const Json& json, Path path);  // 0 for what does not fit, too
bool BoolAt(const Json& json, Path path);
// The members that are texts; empty if it is no object.
std::map<std::string, std::string> TextMap(const Json& json);

}  // namespace gsh::kubernetes

#endif  // GSH_SRC_KUBERNETES_COMMON_JSON_H_
