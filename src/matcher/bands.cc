#include "gsh/matcher/bands.h"

#include <charconv>
#include <cmath>
#include <limits>
#include <optional>

#include "src/matcher/limits.h"

namespace gsh::matcher {
namespace {

// How far apart the ends of neighbours written in whole milliseconds are; the slack is for decimals
// ("0-0.7,1.7-3").
constexpr double kJoinedGapMs = 1 + 1e-9;

std::string_view Trim(std::string_view text) {
  constexpr std::string_view kSpace = " \t\r\n";
  const std::size_t begin = text.find_first_not_of(kSpace);
  if (begin == std::string_view::npos) return {};
  return text.substr(begin, text.find_last_not_of(kSpace) - begin + 1);
}

std::vector<std::string_view> SplitAtCommas(std::string_view text) {
  std::vector<std::string_view> items;
  for (;;) {
    const std::size_t comma = text.find(',');
    items.push_back(Trim(text.substr(0, comma)));
    if (comma == std::string_view::npos) return items;
    text.remove_prefix(comma + 1);
  }
}

Status Mistake(std::string_view item, const std::string& what) {
  return InvalidArgumentError("range \"" + std::string(item) + "\": " + what);
}

// Takes a number from the front of `text`.
std::optional<double> TakeNumber(std::string_view& text, std::string& typed) {
  double value = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (error != std::errc() || !std::isfinite(value)) return std::nullopt;
  const auto length = static_cast<std::size_t>(end - text.data());
  typed = text.substr(0, length);
  text = Trim(text.substr(length));
  return value;
}

StatusOr<Band> ParseItem(std::string_view item) {
  if (item.empty()) return Mistake(item, "is empty; wanted min-max, such as 25-49");
  if (item.front() == '-') return Mistake(item, "a latency cannot be negative");
  Band band;
  std::string_view rest = item;
  const std::optional<double> min = TakeNumber(rest, band.typed_min);
  if (!min) return Mistake(item, "the lower bound is not a number");
  if (rest.empty() || rest.front() != '-') return Mistake(item, "wanted min-max, such as 25-49");
  rest = Trim(rest.substr(1));
  if (rest.empty()) return Mistake(item, "the upper bound is missing");
  if (rest.front() == '-') return Mistake(item, "a latency cannot be negative");
  const std::optional<double> max = TakeNumber(rest, band.typed_max);
  if (!max || !rest.empty()) return Mistake(item, "the upper bound is not a number");
  if (*max > std::numeric_limits<float>::max())
    return Mistake(item, "the upper bound is too large");
  if (*max < *min) return Mistake(item, "the upper bound is below the lower one");
  band.min_ms = *min;
  band.max_ms = *max;
  return band;
}

// The matcher's bounds are floats: ones that are the same there would leave a band empty, and too
// large ones would be infinite.
bool IsEmpty(const Band& band) {
  return static_cast<float>(band.min_ms) == static_cast<float>(band.max_ms);
}

// Decides where `band` ends, now that it is known where the next one begins.
Status Join(std::string_view next_item, const Band& next, std::string_view item, Band& band,
            std::vector<std::string>& warnings) {
  const std::string before = "\"" + std::string(item) + "\"";
  if (next.min_ms < band.min_ms) {
    return Mistake(next_item, "begins before " + before + "; ranges must be in rising order");
  }
  if (next.min_ms < band.max_ms) {
    return Mistake(next_item, "overlaps " + before + " by more than a shared bound");
  }
  if (next.min_ms - band.max_ms <= kJoinedGapMs) {
    band.max_ms = next.min_ms;
    return OkStatus();
  }
  warnings.push_back("latencies in [" + band.typed_max + ", " + next.typed_min +
                     ") are in no band: \"" + std::string(next_item) +
                     "\" begins more than 1 after " + before);
  return OkStatus();
}

}  // namespace

StatusOr<Bands> ParseBands(std::string_view text) {
  const std::vector<std::string_view> items = SplitAtCommas(text);
  if (items.size() > kMaxBands) {
    return InvalidArgumentError("more than " + std::to_string(kMaxBands) + " ranges");
  }
  Bands result;
  for (std::size_t i = 0; i < items.size(); ++i) {
    StatusOr<Band> band = ParseItem(items[i]);
    if (!band.ok()) return band.status();
    if (i > 0) {
      Band& before = result.bands.back();
      Status joined = Join(items[i], *band, items[i - 1], before, result.warnings);
      if (!joined.ok()) return joined;
      if (IsEmpty(before)) return Mistake(items[i - 1], "no latency is in it");
    }
    result.bands.push_back(*std::move(band));
  }
  if (IsEmpty(result.bands.back())) {
    return Mistake(items.back(), "a range must be wider than a point");
  }
  return result;
}

}  // namespace gsh::matcher
