// A text as JSON.
#ifndef GSH_SRC_CORE_JSON_TEXT_H_
#define GSH_SRC_CORE_JSON_TEXT_H_

#include <algorithm>
#include <nlohmann/json.hpp>
#include <string>
#include <string_view>

namespace gsh::internal {

// True if the text between quotation marks is its JSON (RFC 8259): nothing in it to escape, and
// all of it ASCII. Ids, regions and names usually are.
inline bool IsPlainJsonText(std::string_view text) {
  return std::ranges::all_of(text,
                             [](char c) { return c >= ' ' && c <= '~' && c != '"' && c != '\\'; });
}

// With its quotation marks; bytes that are no UTF-8 become U+FFFD.
inline std::string JsonText(const std::string& text) {
  if (IsPlainJsonText(text)) return '"' + text + '"';
  using Json = nlohmann::json;
  return Json(text).dump(-1, ' ', false, Json::error_handler_t::replace);
}

}  // namespace gsh::internal

#endif  // GSH_SRC_CORE_JSON_TEXT_H_
