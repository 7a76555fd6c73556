#include "src/kubernetes/common/micro_time.h"

#include <array>
#include <chrono>
#include <cstdio>

#include "src/core/utc_time.h"

namespace gsh::kubernetes {

std::string FormatMicroTime(WallTime time) {
  const auto micros =
      std::chrono::floor<std::chrono::microseconds>(time.time_since_epoch()).count();
  std::array<char, 16> fraction = {};
  std::snprintf(fraction.data(), fraction.size(), ".%06dZ",
                static_cast<int>((micros % 1'000'000 + 1'000'000) % 1'000'000));
  return internal::FormatUtcSeconds(time) + fraction.data();
}

std::string FormatTime(WallTime time) { return internal::FormatUtcTime(time); }

std::optional<WallTime> ParseTime(std::string_view text) { return internal::ParseUtcTime(text); }

}  // namespace gsh::kubernetes
