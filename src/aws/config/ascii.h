// Blanks, letters and digits of ASCII, whatever the locale.
#ifndef GSH_SRC_AWS_CONFIG_ASCII_H_
#define GSH_SRC_AWS_CONFIG_ASCII_H_

#include <string>
#include <string_view>

namespace gsh::aws {

inline std::string_view Trim(std::string_view text) {
  constexpr std::string_view kBlanks = " \t\r\n";
  const std::size_t begin = text.find_first_not_of(kBlanks);
  if (begin == text.npos) return {};
  return text.substr(begin, text.find_last_not_of(kBlanks) - begin + 1);
}

inline std::string Lower(std::string_view text) {
  std::string out(text);
  for (char& c : out) {
    if (c >= 'A' && c <= 'Z') c = static_cast<char>(c + ('a' - 'A'));
  }
  return out;
}

constexpr bool IsDigit(char c) { return c >= '0' && c <= '9'; }
constexpr bool IsAlphaNumeric(char c) {
  return IsDigit(c) || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}

}  // namespace gsh::aws

#endif  // GSH_SRC_AWS_CONFIG_ASCII_H_
