// Header fields, in order.
#ifndef GSH_SRC_HTTP_CLIENT_HEADERS_H_
#define GSH_SRC_HTTP_CLIENT_HEADERS_H_

#include <algorithm>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace gsh::http {

using Headers = std::vector<std::pair<std::string, std::string>>;

inline bool SameFieldName(std::string_view a, std::string_view b) {
  const auto lower = [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c + 32) : c; };
  return std::ranges::equal(a, b, {}, lower, lower);
}

// The value of the first header of that name (in any case); null if there is none.
inline const std::string* FindHeader(const Headers& headers, std::string_view name) {
  const auto found =
      std::ranges::find_if(headers, [name](const auto& h) { return SameFieldName(h.first, name); });
  return found == headers.end() ? nullptr : &found->second;
}

}  // namespace gsh::http

#endif  // GSH_SRC_HTTP_CLIENT_HEADERS_H_
