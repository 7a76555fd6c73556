#ifndef GSH_SRC_MATCHER_RADIX_SORT_H_
#define GSH_SRC_MATCHER_RADIX_SORT_H_

#include <cstddef>
#include <cstdint>

namespace gsh::matcher {

// Sorts `count` words by their bits [low_bit, low_bit + bits), stably; uses `scratch`, as long as
// `words`. Gives the one of the two arrays that holds the result. `bits` is at most 64 - low_bit.
// `digit_bits`: bits sorted by in one pass, 0: as suits the count; more than 11 for values of which
// few occur only.
std::uint64_t* RadixSort(std::uint64_t* words, std::uint64_t* scratch, std::size_t count,
                         unsigned low_bit, unsigned bits, unsigned digit_bits = 0);

// The same on several threads, for many words.
std::uint64_t* RadixSortInParallel(std::uint64_t* words, std::uint64_t* scratch, std::size_t count,
                                   unsigned low_bit, unsigned bits, int threads);

}  // namespace gsh::matcher

#endif  // GSH_SRC_MATCHER_RADIX_SORT_H_
