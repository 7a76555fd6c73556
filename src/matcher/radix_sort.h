#ifndef GSH_SRC_MATCHER_RADIX_SORT_H_
#define GSH_SRC_MATCHER_RADIX_SORT_H_

#include <cstddef>
#include <cstdint>
#include <span>

namespace gsh::matcher {

// Sorts `count` words by their bits [low_bit, low_bit + bits), stably; uses `scratch`, as long as
// `words`. Gives the one of the two arrays that holds the result. `bits` is at most 64 - low_bit.
std::uint64_t* RadixSort(std::uint64_t* words, std::uint64_t* scratch, std::size_t count,
                         unsigned low_bit, unsigned bits);

// The same for many words with the bits of each pass given, from the lowest: more than 11 are fit
// for bits of which few values occur.
std::uint64_t* RadixSortByDigits(std::uint64_t* words, std::uint64_t* scratch, std::size_t count,
                                 unsigned low_bit, std::span<const unsigned> digit_bits);

// The same on several threads, for many words.
std::uint64_t* RadixSortInParallel(std::uint64_t* words, std::uint64_t* scratch, std::size_t count,
                                   unsigned low_bit, unsigned bits, int threads);

}  // namespace gsh::matcher

#endif  // GSH_SRC_MATCHER_RADIX_SORT_H_
