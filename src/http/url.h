// The parts of a request target.
#ifndef GSH_SRC_HTTP_URL_H_
#define GSH_SRC_HTTP_URL_H_

#include <optional>
#include <string>
#include <string_view>

namespace gsh::http {

// "a%20b" -> "a b"; with `plus_is_space` also "a+b". Empty optional for an incomplete or bad
// escape, and for %00.
std::optional<std::string> PercentDecode(std::string_view text, bool plus_is_space = false);

// The first value of `key` in "a=1&b=2", decoded; empty if there is none, or a bad one.
std::string QueryValue(std::string_view query, std::string_view key);

struct Target {
  std::string path;   // decoded, starts with '/'
  std::string query;  // encoded
};

// "/path?query" or "http://host/path?query" (RFC 9112, section 3.2: origin form and absolute form).
std::optional<Target> ParseTarget(std::string_view target);

}  // namespace gsh::http

#endif  // GSH_SRC_HTTP_URL_H_
