#include "src/aws/signer/amz_time.h"

#include <algorithm>
#include <chrono>
#include <cstddef>

namespace gsh::aws {
namespace {

namespace chrono = std::chrono;

template <std::size_t kWidth>
void Put(char* to, unsigned value) {
  for (std::size_t i = kWidth; i-- > 0; value /= 10) to[i] = static_cast<char>('0' + value % 10);
}

// Of digits alone.
int Number(std::string_view digits) {
  int value = 0;
  for (const char c : digits) value = value * 10 + (c - '0');
  return value;
}

}  // namespace

std::optional<AmzTime> AmzTime::From(WallTime time) {
  const auto seconds = chrono::floor<chrono::seconds>(time);
  const auto days = chrono::floor<chrono::days>(seconds);
  const chrono::year_month_day date(days);
  const chrono::hh_mm_ss clock(seconds - days);
  const int year = static_cast<int>(date.year());
  if (year < 1 || year > 9999) return std::nullopt;
  AmzTime result;
  char* const to = result.text_.data();
  Put<4>(to, static_cast<unsigned>(year));
  Put<2>(to + 4, static_cast<unsigned>(date.month()));
  Put<2>(to + 6, static_cast<unsigned>(date.day()));
  to[8] = 'T';
  Put<2>(to + 9, static_cast<unsigned>(clock.hours().count()));
  Put<2>(to + 11, static_cast<unsigned>(clock.minutes().count()));
  Put<2>(to + 13, static_cast<unsigned>(clock.seconds().count()));
  to[15] = 'Z';
  return result;
}

std::optional<WallTime> ParseAmzTime(std::string_view text) {
  if (text.size() != 16 || text[8] != 'T' || text[15] != 'Z') return std::nullopt;
  const auto is_digit = [](char c) { return c >= '0' && c <= '9'; };
  if (!std::ranges::all_of(text.substr(0, 8), is_digit) ||
      !std::ranges::all_of(text.substr(9, 6), is_digit)) {
    return std::nullopt;
  }
  const chrono::year_month_day date(chrono::year(Number(text.substr(0, 4))),
                                    chrono::month(static_cast<unsigned>(Number(text.substr(4, 2)))),
                                    chrono::day(static_cast<unsigned>(Number(text.substr(6, 2)))));
  const int hour = Number(text.substr(9, 2));
  const int minute = Number(text.substr(11, 2));
  const int second = Number(text.substr(13, 2));
  if (!date.ok() || hour > 23 || minute > 59 || second > 59) return std::nullopt;
  const chrono::year year = date.year();
  if (year <= chrono::year(1677) || year >= chrono::year(2262)) return std::nullopt;
  return WallTime(chrono::sys_days(date).time_since_epoch() + chrono::hours(hour) +
                  chrono::minutes(minute) + chrono::seconds(second));
}

}  // namespace gsh::aws
