#include "src/service/logging.h"

#include <spdlog/logger.h>
#include <spdlog/sinks/stdout_sinks.h>

#include <algorithm>
#include <array>
#include <cstddef>
#include <ctime>
#include <nlohmann/json.hpp>
#include <utility>

namespace gsh::service {
namespace {

constexpr std::array<std::string_view, 4> kLevelNames = {"debug", "info", "warning", "error"};

std::string_view LevelName(LogLevel level) {
  return kLevelNames[std::min<std::size_t>(static_cast<std::size_t>(level), 3)];
}

std::string FormatTime(WallTime time, const char* format, bool utc) {
  const std::time_t seconds = std::chrono::system_clock::to_time_t(time);
  std::tm parts = {};
  utc ? gmtime_r(&seconds, &parts) : localtime_r(&seconds, &parts);
  std::array<char, 64> text = {};
  return {text.data(), std::strftime(text.data(), text.size(), format, &parts)};
}

std::string Rfc3339(WallTime time) {
  using std::chrono::milliseconds;
  const auto since_epoch = std::chrono::floor<milliseconds>(time.time_since_epoch()).count();
  const std::string fraction = std::to_string(1000 + (since_epoch % 1000 + 1000) % 1000).substr(1);
  return FormatTime(time, "%Y-%m-%dT%H:%M:%S.", true) + fraction + "Z";
}

bool IsControl(char c) { return (c >= 0 && c < ' ') || c == 0x7f; }

void AppendEscaped(std::string_view text, bool quoted, std::string& out) {
  constexpr std::string_view kHex = "0123456789abcdef";
  for (char c : text) {
    if (c == '\n') {
      out += "\\n";
    } else if (c == '\t') {
      out += "\\t";
    } else if (IsControl(c)) {
      out += "\\x";
      out += kHex[static_cast<unsigned char>(c) >> 4];
      out += kHex[static_cast<unsigned char>(c) & 15];
    } else {
      if (quoted && (c == '"' || c == '\\')) out += '\\';
      out += c;
    }
  }
}

void AppendTextValue(std::string_view value, std::string& out) {
  const bool plain = !value.empty() && std::none_of(value.begin(), value.end(), [](char c) {
    return c == ' ' || c == '"' || c == '=' || IsControl(c);
  });
  if (plain) {
    out += value;
    return;
  }
  out += '"';
  AppendEscaped(value, true, out);
  out += '"';
}

std::string SafeValue(const LogField& field) {
  return IsSecretKey(field.key) ? "[redacted]" : RedactUrls(field.value);
}

std::string FormatText(WallTime time, LogLevel level, std::string_view message,
                       std::span<const LogField> fields) {
  std::string line = FormatTime(time, "%Y/%m/%d %H:%M:%S ", false);
  if (level != LogLevel::kInfo) line.append(LevelName(level)).append(": ");
  AppendEscaped(RedactUrls(message), false, line);
  for (const LogField& field : fields) {
    line += ' ';
    AppendEscaped(field.key, false, line);
    line += '=';
    AppendTextValue(SafeValue(field), line);
  }
  return line;
}

std::string FormatJson(WallTime time, LogLevel level, std::string_view message,
                       std::span<const LogField> fields) {
  nlohmann::ordered_json object;
  object["time"] = Rfc3339(time);
  object["level"] = LevelName(level);
  object["message"] = RedactUrls(message);
  for (const LogField& field : fields) {
    std::string key(field.key);
    while (object.contains(key)) key += '_';  // no field hides the line's own members, or another
    object[key] = SafeValue(field);
  }
  return object.dump(-1, ' ', false, nlohmann::ordered_json::error_handler_t::replace);
}

}  // namespace

std::optional<LogLevel> ParseLogLevel(std::string_view name) {
  const auto found = std::find(kLevelNames.begin(), kLevelNames.end(), name);
  if (found == kLevelNames.end()) return std::nullopt;
  return static_cast<LogLevel>(found - kLevelNames.begin());
}

std::string RedactUrls(std::string_view text) {
  std::string result;
  for (;;) {
    const std::size_t scheme = text.find("://");
    if (scheme == std::string_view::npos) break;
    const std::size_t begin = scheme + 3;
    const std::size_t end = std::min(text.find_first_of("/ \t\n\"'?#", begin), text.size());
    const std::string_view authority = text.substr(begin, end - begin);
    const std::size_t at = authority.rfind('@');
    result += text.substr(0, begin);
    if (at == std::string_view::npos) {
      result += authority;
    } else {
      const std::string_view user_info = authority.substr(0, at);
      result.append(user_info.substr(0, user_info.find(':'))).append(":[redacted]");
      result += authority.substr(at);
    }
    text.remove_prefix(end);
  }
  return result.append(text);
}

std::string FormatLogLine(LogFormat format, WallTime time, LogLevel level, std::string_view message,
                          std::span<const LogField> fields) {
  return format == LogFormat::kJson ? FormatJson(time, level, message, fields)
                                    : FormatText(time, level, message, fields);
}

ProgramLog::ProgramLog(std::shared_ptr<spdlog::sinks::sink> sink, Clock& clock) : clock_(clock) {
  if (sink == nullptr) sink = std::make_shared<spdlog::sinks::stderr_sink_mt>();
  logger_ = std::make_unique<spdlog::logger>("gsh", std::move(sink));
  logger_->set_pattern("%v");
  logger_->set_level(spdlog::level::trace);  // Enabled() decides
  logger_->flush_on(spdlog::level::trace);
}

ProgramLog::~ProgramLog() = default;

void ProgramLog::Configure(LogFormat format, LogLevel level) {
  format_ = format;
  level_ = level;
}

bool ProgramLog::Enabled(LogLevel level) const { return level >= level_.load(); }

void ProgramLog::Write(LogLevel level, std::string_view message, std::span<const LogField> fields) {
  if (Enabled(level)) Emit(FormatLogLine(format_, clock_.Now(), level, message, fields));
}

void ProgramLog::Line(std::string_view message, std::span<const LogField> fields) {
  const LogFormat format = format_;
  if (format == LogFormat::kText) fields = {};
  Emit(FormatLogLine(format, clock_.Now(), LogLevel::kInfo, message, fields));
}

void ProgramLog::Emit(const std::string& line) {
  logger_->log(spdlog::level::info, spdlog::string_view_t(line));
}

}  // namespace gsh::service
