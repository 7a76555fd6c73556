#include "src/testing/sandbox/agones/labels.h"

#include <algorithm>

namespace gsh::sandbox {
namespace {

constexpr std::size_t kMaxName = 63;
constexpr std::size_t kMaxPrefix = 253;

bool IsLower(char c) { return c >= 'a' && c <= 'z'; }
bool IsDigit(char c) { return c >= '0' && c <= '9'; }
bool IsAlphanumeric(char c) { return IsLower(c) || IsDigit(c) || (c >= 'A' && c <= 'Z'); }

// Letters, digits, '-', '_' and '.', with a letter or digit at both ends; not empty.
bool IsName(std::string_view text) {
  return !text.empty() && IsAlphanumeric(text.front()) && IsAlphanumeric(text.back()) &&
         std::all_of(text.begin(), text.end(),
                     [](char c) { return IsAlphanumeric(c) || c == '-' || c == '_' || c == '.'; });
}

bool IsDnsLabel(std::string_view text) {
  return !text.empty() && text.front() != '-' && text.back() != '-' &&
         std::all_of(text.begin(), text.end(),
                     [](char c) { return IsLower(c) || IsDigit(c) || c == '-'; });
}

bool IsDnsSubdomain(std::string_view text) {
  if (text.size() > kMaxPrefix) return false;
  for (;;) {
    const std::size_t dot = text.find('.');
    if (!IsDnsLabel(text.substr(0, dot))) return false;
    if (dot == std::string_view::npos) return true;
    text.remove_prefix(dot + 1);
  }
}

}  // namespace

std::string QualifiedNameError(std::string_view key) {
  std::string_view name = key;
  if (const std::size_t slash = key.find('/'); slash != std::string_view::npos) {
    if (!IsDnsSubdomain(key.substr(0, slash)))
      return "prefix part must be a lowercase DNS subdomain";
    name = key.substr(slash + 1);
  }
  if (name.empty()) return "name part must be non-empty";
  if (name.size() > kMaxName) return "name part must be no more than 63 bytes";
  if (!IsName(name)) {
    return "name part must consist of alphanumeric characters, '-', '_' or '.', alphanumeric at "
           "both ends";
  }
  return "";
}

std::string LabelValueError(std::string_view value) {
  if (value.size() > kMaxName) return "must be no more than 63 bytes";
  if (!value.empty() && !IsName(value)) {
    return "must be empty or consist of alphanumeric characters, '-', '_' or '.', alphanumeric at "
           "both ends";
  }
  return "";
}

}  // namespace gsh::sandbox
