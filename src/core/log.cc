#include "gsh/log.h"

#include <algorithm>
#include <array>
#include <cctype>
#include <vector>

namespace gsh {

bool IsSecretKey(std::string_view key) {
  static constexpr std::array<std::string_view, 13> kSecretWords = {
      "password",   "passwd", "passphrase", "secret",  "token",  "authorization", "private",
      "credential", "cookie", "api_key",    "api-key", "apikey", "access_key"};
  std::string lower(key);
  std::transform(lower.begin(), lower.end(), lower.begin(),
                 [](unsigned char c) { return static_cast<char>(std::tolower(c)); });
  return std::any_of(kSecretWords.begin(), kSecretWords.end(),
                     [&](std::string_view word) { return lower.find(word) != std::string::npos; });
}

void Log(LogSink* sink, LogLevel level, std::string_view message,
         std::initializer_list<LogField> fields) {
  if (sink == nullptr || !sink->Enabled(level)) return;
  std::vector<LogField> safe(fields);
  for (LogField& field : safe) {
    if (IsSecretKey(field.key)) field.value = "[redacted]";
  }
  sink->Write(level, message, safe);
}

}  // namespace gsh
