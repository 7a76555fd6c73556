// What JSON needs to know of a text.
#ifndef GSH_SRC_CORE_JSON_TEXT_H_
#define GSH_SRC_CORE_JSON_TEXT_H_

#include <algorithm>
#include <string_view>

namespace gsh::internal {

// True if the text between quotation marks is its JSON (RFC 8259): nothing in it to escape, and
// all of it ASCII. Ids, regions and names usually are.
inline bool IsPlainJsonText(std::string_view text) {
  return std::ranges::all_of(text,
                             [](char c) { return c >= ' ' && c <= '~' && c != '"' && c != '\\'; });
}

}  // namespace gsh::internal

#endif  // GSH_SRC_CORE_JSON_TEXT_H_
