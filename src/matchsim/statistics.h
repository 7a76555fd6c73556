// What is said of many numbers.
#ifndef GSH_SRC_MATCHSIM_STATISTICS_H_
#define GSH_SRC_MATCHSIM_STATISTICS_H_

#include <cstddef>
#include <span>
#include <vector>

namespace gsh::matchsim {

// All 0 of no numbers. pN is the smallest number that N % of them are at or below (nearest rank).
struct Summary {
  std::size_t count = 0;
  double mean = 0;
  double min = 0;
  double p50 = 0;
  double p90 = 0;
  double p95 = 0;
  double p99 = 0;
  double max = 0;
};

// In rising order; the mean is of the sum in that order, so that it does not depend on another.
Summary Summarize(std::span<const float> sorted);

// Bars of equal width from 0 on; what lies beyond the last one is in it.
struct Histogram {
  double width = 1;
  std::vector<std::size_t> counts = {};
};

// `width` x `bars`; no number is negative.
Histogram Count(std::span<const float> numbers, double width, std::size_t bars);

// A width of 1, 2 or 5 times a power of ten with which at most `bars` bars reach `max`.
double RoundWidth(double max, std::size_t bars);

}  // namespace gsh::matchsim

#endif  // GSH_SRC_MATCHSIM_STATISTICS_H_
