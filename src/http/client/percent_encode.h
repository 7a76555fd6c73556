// Text as a part of a request target.
#ifndef GSH_SRC_HTTP_CLIENT_PERCENT_ENCODE_H_
#define GSH_SRC_HTTP_CLIENT_PERCENT_ENCODE_H_

#include <string>
#include <string_view>

namespace gsh::http {

// All but RFC 3986's unreserved characters becomes %XX: for one segment of a path, or one value of
// a query.
inline std::string PercentEncode(std::string_view text) {
  constexpr std::string_view kMarks = "-._~";
  constexpr char kDigits[] = "0123456789ABCDEF";
  std::string out;
  for (const char c : text) {
    const bool plain = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
                       kMarks.find(c) != kMarks.npos;
    const auto byte = static_cast<unsigned char>(c);
    if (plain) {
      out += c;
    } else {
      out += {'%', kDigits[byte >> 4], kDigits[byte & 15]};
    }
  }
  return out;
}

}  // namespace gsh::http

#endif  // GSH_SRC_HTTP_CLIENT_PERCENT_ENCODE_H_
