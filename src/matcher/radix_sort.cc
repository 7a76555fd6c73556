#include "src/matcher/radix_sort.h"

#include <algorithm>
#include <utility>
#include <vector>

#include "src/matcher/parallel.h"

namespace gsh::matcher {
namespace {

// 2048 counters and as many open cache lines fit the second-level cache of today's machines; for
// few words, the counters of wide digits cost more than another pass.
constexpr unsigned kWideDigitBits = 11;
constexpr unsigned kNarrowDigitBits = 8;
constexpr std::size_t kManyWords = 16'384;
constexpr std::size_t kSmall = 128;  // below this, comparing is faster

using Counters = std::vector<std::uint32_t>;  // of one digit, by its value

struct Digit {
  unsigned shift;
  std::uint64_t mask;

  std::size_t Of(std::uint64_t word) const { return (word >> shift) & mask; }
};

// As few digits as possible, of equal width.
std::vector<Digit> SplitDigits(unsigned low_bit, unsigned bits, unsigned digit_bits) {
  const unsigned count = (bits + digit_bits - 1) / digit_bits;
  std::vector<Digit> digits;
  for (unsigned i = 0; i < count; ++i) {
    const unsigned begin = bits * i / count;
    const unsigned end = bits * (i + 1) / count;
    digits.push_back({low_bit + begin, (std::uint64_t{1} << (end - begin)) - 1});
  }
  return digits;
}

// All digits in one pass over the words.
std::vector<Counters> CountDigits(const std::uint64_t* words, std::size_t count,
                                  const std::vector<Digit>& digits) {
  std::vector<Counters> counters;
  for (const Digit& digit : digits) counters.emplace_back(digit.mask + 1, 0u);
  if (digits.size() == 3) {  // 32-bit keys, the usual case, unrolled
    const Digit a = digits[0], b = digits[1], c = digits[2];
    std::uint32_t* const count_a = counters[0].data();
    std::uint32_t* const count_b = counters[1].data();
    std::uint32_t* const count_c = counters[2].data();
    for (std::size_t i = 0; i < count; ++i) {
      const std::uint64_t word = words[i];
      ++count_a[a.Of(word)];
      ++count_b[b.Of(word)];
      ++count_c[c.Of(word)];
    }
    return counters;
  }
  for (std::size_t i = 0; i < count; ++i) {
    for (std::size_t d = 0; d < digits.size(); ++d) ++counters[d][digits[d].Of(words[i])];
  }
  return counters;
}

// Turns counts into where each bucket begins; false if one bucket holds everything.
bool PlaceBuckets(Counters& counters, std::size_t count) {
  std::uint32_t begin = 0;
  bool spread = true;
  for (std::uint32_t& bucket : counters) {
    if (bucket == count) spread = false;
    begin += std::exchange(bucket, begin);
  }
  return spread;
}

// Insertion for a handful, which needs no memory; both ways are stable.
void SortSmall(std::uint64_t* words, std::size_t count, std::uint64_t mask) {
  if (count > 24) {
    std::stable_sort(words, words + count,
                     [mask](std::uint64_t a, std::uint64_t b) { return (a & mask) < (b & mask); });
    return;
  }
  for (std::size_t i = 1; i < count; ++i) {
    const std::uint64_t word = words[i];
    std::size_t at = i;
    for (; at > 0 && (words[at - 1] & mask) > (word & mask); --at) words[at] = words[at - 1];
    words[at] = word;
  }
}

std::uint64_t* SortByDigits(std::uint64_t* words, std::uint64_t* scratch, std::size_t count,
                            const std::vector<Digit>& digits) {
  std::vector<Counters> counters = CountDigits(words, count, digits);
  for (std::size_t d = 0; d < digits.size(); ++d) {
    if (!PlaceBuckets(counters[d], count)) continue;
    const Digit digit = digits[d];
    std::uint32_t* next = counters[d].data();
    for (std::size_t i = 0; i < count; ++i) scratch[next[digit.Of(words[i])]++] = words[i];
    std::swap(words, scratch);
  }
  return words;
}

}  // namespace

std::uint64_t* RadixSort(std::uint64_t* words, std::uint64_t* scratch, std::size_t count,
                         unsigned low_bit, unsigned bits) {
  if (bits == 0) return words;
  if (count < kSmall) {
    SortSmall(words, count, (~std::uint64_t{0} >> (64 - bits)) << low_bit);
    return words;
  }
  const unsigned digit_bits = count < kManyWords ? kNarrowDigitBits : kWideDigitBits;
  return SortByDigits(words, scratch, count, SplitDigits(low_bit, bits, digit_bits));
}

std::uint64_t* RadixSortByDigits(std::uint64_t* words, std::uint64_t* scratch, std::size_t count,
                                 unsigned low_bit, std::span<const unsigned> digit_bits) {
  std::vector<Digit> digits;
  for (const unsigned bits : digit_bits) {
    digits.push_back({low_bit, (std::uint64_t{1} << bits) - 1});
    low_bit += bits;
  }
  return SortByDigits(words, scratch, count, digits);
}

// Each thread scatters a part of its own, in order, to where its counts say: stable as ever.
std::uint64_t* RadixSortInParallel(std::uint64_t* words, std::uint64_t* scratch, std::size_t count,
                                   unsigned low_bit, unsigned bits, int threads) {
  std::vector<Counters> next(static_cast<std::size_t>(threads));
  for (const Digit& digit : SplitDigits(low_bit, bits, kWideDigitBits)) {
    InParallel(threads, [&](int thread) {
      Counters& counters = next[static_cast<std::size_t>(thread)];
      counters.assign(digit.mask + 1, 0);
      const auto [first, end] = Part(count, threads, thread);
      for (std::size_t i = first; i < end; ++i) ++counters[digit.Of(words[i])];
    });
    std::uint32_t begin = 0;
    for (std::size_t value = 0; value <= digit.mask; ++value) {
      for (Counters& counters : next) begin += std::exchange(counters[value], begin);
    }
    InParallel(threads, [&](int thread) {
      std::uint32_t* const to = next[static_cast<std::size_t>(thread)].data();
      const auto [first, end] = Part(count, threads, thread);
      for (std::size_t i = first; i < end; ++i) {
        scratch[to[digit.Of(words[i])]++] = words[i];
      }
    });
    std::swap(words, scratch);
  }
  return words;
}

}  // namespace gsh::matcher
