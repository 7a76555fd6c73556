// LogSink: where the library's messages go. The library itself never writes to stdout or stderr.
#ifndef GSH_LOG_H_
#define GSH_LOG_H_

#include <initializer_list>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <utility>

#include "gsh/export.h"

namespace gsh {

enum class LogLevel { kDebug, kInfo, kWarning, kError };

// Values of fields whose key names a secret (password, secret, token, authorization, private key
// ...) never reach a sink: the library writes "[redacted]" in their place.
struct LogField {
  std::string_view key;
  std::string value;
};

// May be called from several threads at once.
class GSH_EXPORT LogSink {
 public:
  virtual ~LogSink() = default;
  virtual bool Enabled(LogLevel level) const = 0;
  virtual void Write(LogLevel level, std::string_view message,
                     std::span<const LogField> fields) = 0;
};

// Writes through `sink` (null: nowhere), secrets redacted.
GSH_EXPORT void Log(LogSink* sink, LogLevel level, std::string_view message,
                    std::initializer_list<LogField> fields = {});

// True for keys whose values must not be logged.
GSH_EXPORT bool IsSecretKey(std::string_view key);

}  // namespace gsh

#endif  // GSH_LOG_H_
