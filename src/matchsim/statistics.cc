#include "src/matchsim/statistics.h"

#include <algorithm>
#include <cmath>

namespace gsh::matchsim {
namespace {

double Rank(std::span<const float> sorted, std::size_t percent) {
  const std::size_t rank = (sorted.size() * percent + 99) / 100;  // rounded up
  return static_cast<double>(sorted[std::max<std::size_t>(rank, 1) - 1]);
}

}  // namespace

Summary Summarize(std::span<const float> sorted) {
  if (sorted.empty()) return {};
  double sum = 0;
  for (const float number : sorted) sum += static_cast<double>(number);
  return {.count = sorted.size(),
          .mean = sum / static_cast<double>(sorted.size()),
          .min = static_cast<double>(sorted.front()),
          .p50 = Rank(sorted, 50),
          .p90 = Rank(sorted, 90),
          .p95 = Rank(sorted, 95),
          .p99 = Rank(sorted, 99),
          .max = static_cast<double>(sorted.back())};
}

Histogram Count(std::span<const float> numbers, double width, std::size_t bars) {
  Histogram histogram{.width = width, .counts = std::vector<std::size_t>(bars)};
  for (const float number : numbers) {
    const double bar = std::floor(static_cast<double>(number) / width);
    ++histogram.counts[static_cast<std::size_t>(std::min(bar, static_cast<double>(bars - 1)))];
  }
  return histogram;
}

double RoundWidth(double max, std::size_t bars) {
  const double wanted = max / static_cast<double>(bars);
  if (!(wanted > 0)) return 1;
  const double power = std::pow(10, std::floor(std::log10(wanted)));
  for (const double step : {1.0, 2.0, 5.0}) {
    if (step * power >= wanted) return step * power;
  }
  return 10 * power;
}

}  // namespace gsh::matchsim
