#include "src/matcher/order_ties.h"

#include <algorithm>

#include "src/matcher/radix_sort.h"

namespace gsh::matcher {
namespace {

std::uint32_t TicketOf(std::uint64_t word) { return static_cast<std::uint32_t>(word); }

// Sorts the upper half of the keys beside the indices in the run's own space; whole keys are only
// compared where the upper halves are equal.
void OrderRun(std::uint64_t* words, std::uint64_t* scratch, std::size_t count,
              std::uint64_t index_mask, std::span<const std::uint64_t> keys) {
  const std::uint64_t prefix = words[0] & ~index_mask;
  for (std::size_t i = 0; i < count; ++i) {
    const std::uint64_t ticket = words[i] & index_mask;
    scratch[i] = (keys[ticket] >> 32) << 32 | ticket;
  }
  std::uint64_t* sorted = RadixSort(scratch, words, count, 32, 32);
  for (std::size_t i = 1; i < count; ++i) {
    if (sorted[i] >> 32 != sorted[i - 1] >> 32) continue;
    const std::size_t first = i - 1;
    while (i < count && sorted[i] >> 32 == sorted[first] >> 32) ++i;
    std::stable_sort(sorted + first, sorted + i, [&](std::uint64_t a, std::uint64_t b) {
      return keys[TicketOf(a)] < keys[TicketOf(b)];
    });
  }
  for (std::size_t i = 0; i < count; ++i) words[i] = prefix | TicketOf(sorted[i]);
}

}  // namespace

void OrderTiesByKey(std::uint64_t* words, std::uint64_t* scratch, std::size_t count,
                    unsigned index_bits, std::span<const std::uint64_t> keys) {
  const std::uint64_t index_mask = (std::uint64_t{1} << index_bits) - 1;
  for (std::size_t i = 1; i < count; ++i) {
    const std::uint64_t rest = words[i] >> index_bits;
    if (rest != words[i - 1] >> index_bits) [[likely]] {
      continue;
    }
    const std::size_t begin = i - 1;
    while (i < count && words[i] >> index_bits == rest) ++i;
    OrderRun(words + begin, scratch + begin, i - begin, index_mask, keys);
  }
}

}  // namespace gsh::matcher
