// Times as text, in UTC: RFC 3339.
#ifndef GSH_SRC_CORE_UTC_TIME_H_
#define GSH_SRC_CORE_UTC_TIME_H_

#include <array>
#include <charconv>
#include <chrono>
#include <cstdint>
#include <ctime>
#include <optional>
#include <string>
#include <string_view>

#include "gsh/clock.h"

namespace gsh::internal {

// "2026-11-21T14:00:00", without a zone.
inline std::string FormatUtcSeconds(WallTime time) {
  // Not back to WallTime: the first second that it knows only in part would be beyond it.
  const std::time_t whole =
      std::chrono::floor<std::chrono::seconds>(time).time_since_epoch().count();
  std::tm parts = {};
  gmtime_r(&whole, &parts);
  std::array<char, 32> text = {};
  return {text.data(), std::strftime(text.data(), text.size(), "%Y-%m-%dT%H:%M:%S", &parts)};
}

// "2026-11-21T14:00:00Z".
inline std::string FormatUtcTime(WallTime time) { return FormatUtcSeconds(time) + "Z"; }

class UtcTimeReader {
 public:
  explicit UtcTimeReader(std::string_view text) : text_(text) {}

  std::optional<WallTime> Read() {
    std::tm parts = {};
    const bool date = TakeNumber(4, parts.tm_year) && Take('-') && TakeNumber(2, parts.tm_mon) &&
                      Take('-') && TakeNumber(2, parts.tm_mday) && Take('T');
    const bool time = date && TakeNumber(2, parts.tm_hour) && Take(':') &&
                      TakeNumber(2, parts.tm_min) && Take(':') && TakeNumber(2, parts.tm_sec);
    if (!time) return std::nullopt;
    const auto fraction = TakeFraction();
    // WallTime counts nanoseconds, from 1677 to 2262.
    const bool in_range = parts.tm_year >= 1700 && parts.tm_year <= 2200 && parts.tm_mon >= 1 &&
                          parts.tm_mon <= 12 && parts.tm_mday >= 1 && parts.tm_mday <= 31 &&
                          parts.tm_hour < 24 && parts.tm_min < 60 && parts.tm_sec <= 60;
    if (!fraction || text_ != "Z" || !in_range) return std::nullopt;
    parts.tm_year -= 1900;
    parts.tm_mon -= 1;
    return std::chrono::system_clock::from_time_t(timegm(&parts)) +
           std::chrono::duration_cast<WallTime::duration>(*fraction);
  }

 private:
  bool Take(char c) {
    if (!text_.starts_with(c)) return false;
    text_.remove_prefix(1);
    return true;
  }
  // Exactly `size` digits.
  bool TakeNumber(std::size_t size, int& number) {
    if (text_.size() < size) return false;
    const auto [end, error] = std::from_chars(text_.data(), text_.data() + size, number);
    if (error != std::errc() || end != text_.data() + size || number < 0) return false;
    text_.remove_prefix(size);
    return true;
  }
  // Up to nine digits after the point count.
  std::optional<std::chrono::nanoseconds> TakeFraction() {
    if (!Take('.')) return std::chrono::nanoseconds(0);
    std::int64_t nanos = 0;
    std::int64_t unit = 100'000'000;
    std::size_t digits = 0;
    for (; !text_.empty() && text_.front() >= '0' && text_.front() <= '9'; ++digits) {
      nanos += (text_.front() - '0') * unit;
      unit /= 10;
      text_.remove_prefix(1);
    }
    if (digits == 0) return std::nullopt;
    return std::chrono::nanoseconds(nanos);
  }

  std::string_view text_;
};

// RFC 3339 with any number of fractional digits; "Z" alone as zone.
inline std::optional<WallTime> ParseUtcTime(std::string_view text) {
  return UtcTimeReader(text).Read();
}

}  // namespace gsh::internal

#endif  // GSH_SRC_CORE_UTC_TIME_H_
