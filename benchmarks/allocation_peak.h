// AllocationPeak: how much memory a piece of work holds at most.
#ifndef GSH_BENCHMARKS_ALLOCATION_PEAK_H_
#define GSH_BENCHMARKS_ALLOCATION_PEAK_H_

#include <cstddef>

namespace gsh::benchmarks {

// Counts what the process allocates and frees by new and delete while it exists; one at a time. The
// program's operators are replaced by ones that count, which costs the others a look at a flag.
class AllocationPeak {
 public:
  AllocationPeak();
  ~AllocationPeak();
  AllocationPeak(const AllocationPeak&) = delete;
  AllocationPeak& operator=(const AllocationPeak&) = delete;

  // Bytes above what was held at the beginning.
  std::size_t bytes() const;
};

}  // namespace gsh::benchmarks

#endif  // GSH_BENCHMARKS_ALLOCATION_PEAK_H_
