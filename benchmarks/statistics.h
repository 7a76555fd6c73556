// What benchmarks do with their measurements.
#ifndef GSH_BENCHMARKS_STATISTICS_H_
#define GSH_BENCHMARKS_STATISTICS_H_

#include <time.h>

#include <algorithm>
#include <chrono>
#include <cmath>
#include <cstddef>
#include <utility>
#include <vector>

namespace gsh::benchmarks {

// The smallest value that `share` (0..1] of the values do not exceed; 0 if there are none.
inline double Percentile(std::vector<double> values, double share) {
  if (values.empty()) return 0;
  const double rank = std::ceil(share * static_cast<double>(values.size()));
  const std::size_t index =
      std::clamp<std::size_t>(static_cast<std::size_t>(rank), 1, values.size()) - 1;
  const auto wanted = values.begin() + static_cast<std::ptrdiff_t>(index);
  std::nth_element(values.begin(), wanted, values.end());
  return *wanted;
}

inline double Median(std::vector<double> values) { return Percentile(std::move(values), 0.5); }

inline double Mean(const std::vector<double>& values) {
  double sum = 0;
  for (const double value : values) sum += value;
  return values.empty() ? 0 : sum / static_cast<double>(values.size());
}

// What work takes, in seconds.
struct Cost {
  double time = 0;
  double processor = 0;  // of all threads of the process, which holds the servers too
};

inline double ProcessorTime() {
  timespec used{};
  clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &used);
  return static_cast<double>(used.tv_sec) + static_cast<double>(used.tv_nsec) * 1e-9;
}

// In seconds.
template <typename Work>
double TimeOf(Work&& work) {
  const auto begin = std::chrono::steady_clock::now();
  std::forward<Work>(work)();
  return std::chrono::duration<double>(std::chrono::steady_clock::now() - begin).count();
}

template <typename Work>
Cost CostOf(Work&& work) {
  const double before = ProcessorTime();
  Cost cost;
  cost.time = TimeOf(std::forward<Work>(work));
  cost.processor = ProcessorTime() - before;
  return cost;
}

}  // namespace gsh::benchmarks

#endif  // GSH_BENCHMARKS_STATISTICS_H_
