// The log of our programs: spdlog behind gsh::LogSink, as text for people or JSON for machines.
#ifndef GSH_SRC_SERVICE_LOGGING_H_
#define GSH_SRC_SERVICE_LOGGING_H_

#include <atomic>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>

#include "gsh/clock.h"
#include "gsh/log.h"

namespace spdlog {
class logger;
namespace sinks {
class sink;
}
}  // namespace spdlog

namespace gsh::service {

enum class LogFormat { kText, kJson };

std::optional<LogLevel> ParseLogLevel(
    std::string_view name);  // "debug", "info", "warning", "error"

// One line, without its end. Text is "2006/01/02 15:04:05 message key=value" in local time (what
// Go's log package prints, which people grep for), "warning: " or the like before messages of other
// levels than info. JSON is one object with time (UTC), level, message and the fields. Secrets are
// redacted; control bytes are escaped, so that nobody outside can forge a line.
std::string FormatLogLine(LogFormat format, WallTime time, LogLevel level, std::string_view message,
                          std::span<const LogField> fields);

// "redis://user:secret@host" -> "redis://user:[redacted]@host", wherever it stands in `text`.
std::string RedactUrls(std::string_view text);

class ProgramLog final : public LogSink {
 public:
  // Null: stderr.
  explicit ProgramLog(std::shared_ptr<spdlog::sinks::sink> sink = nullptr,
                      Clock& clock = SystemClock());
  ~ProgramLog() override;

  void Configure(LogFormat format, LogLevel level);
  bool Enabled(LogLevel level) const override;
  void Write(LogLevel level, std::string_view message, std::span<const LogField> fields) override;
  // At info, whatever --log-level says. Text has the message alone, JSON also the fields.
  void Line(std::string_view message, std::span<const LogField> fields);

 private:
  void Emit(const std::string& line);

  Clock& clock_;
  std::atomic<LogFormat> format_ = LogFormat::kText;
  std::atomic<LogLevel> level_ = LogLevel::kInfo;
  std::unique_ptr<spdlog::logger> logger_;
};

}  // namespace gsh::service

#endif  // GSH_SRC_SERVICE_LOGGING_H_
