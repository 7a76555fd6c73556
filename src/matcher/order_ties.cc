#include "src/matcher/order_ties.h"

#include <algorithm>
#include <bit>

#include "src/matcher/radix_sort.h"

namespace gsh::matcher {
namespace {

constexpr std::size_t kFew = 24;  // up to here insertion is faster
constexpr unsigned kSpareBits = 4;

// A run's own order, tickets of equal latency: by key, then by index.
class Run {
 public:
  Run(std::uint64_t* words, std::uint64_t* scratch, std::size_t count, std::uint64_t index_mask,
      std::span<const std::uint64_t> keys)
      : words_(words),
        scratch_(scratch),
        count_(count),
        mask_(index_mask),
        keys_(keys),
        prefix_(words[0] & ~index_mask) {}

  void Order() {
    if (count_ <= kFew) {
      OrderFew(words_, count_);
      return;
    }
    TakeKeys();
    // So many bits tell nearly all of them apart.
    const unsigned bits =
        std::min(key_bits_, static_cast<unsigned>(std::bit_width(count_)) + kSpareBits);
    const unsigned shift = 32 + key_bits_ - bits;
    std::uint64_t* const sorted = RadixSort(scratch_, words_, count_, shift, bits);
    for (std::size_t begin = 0; begin < count_;) {
      std::size_t end = begin + 1;
      while (end < count_ && sorted[end] >> shift == sorted[begin] >> shift) ++end;
      if (end > begin + 1) OrderAlike(sorted + begin, sorted + end);
      begin = end;
    }
    for (std::size_t i = 0; i < count_; ++i) words_[i] = prefix_ | (sorted[i] & 0xffffffff);
  }

 private:
  std::uint64_t KeyOf(std::uint64_t word) const { return keys_[word & mask_]; }
  bool Before(std::uint64_t a, std::uint64_t b) const {
    const std::uint64_t key_a = KeyOf(a);
    const std::uint64_t key_b = KeyOf(b);
    return key_a != key_b ? key_a < key_b : a < b;
  }

  void OrderFew(std::uint64_t* words, std::size_t count) const {
    for (std::size_t i = 1; i < count; ++i) {
      const std::uint64_t word = words[i];
      std::size_t at = i;
      for (; at > 0 && Before(word, words[at - 1]); --at) words[at] = words[at - 1];
      words[at] = word;
    }
  }

  // The 32 bits of the keys from the first one on in which they differ, above the ticket.
  void TakeKeys() {
    const std::uint64_t first = KeyOf(words_[0]);
    std::uint64_t different = 0;
    for (std::size_t i = 0; i < count_; ++i) {
      scratch_[i] = KeyOf(words_[i]);
      different |= scratch_[i] ^ first;
    }
    key_bits_ = std::min(static_cast<unsigned>(std::bit_width(different)), 32u);
    const auto shift = static_cast<unsigned>(std::bit_width(different)) - key_bits_;
    const std::uint64_t key_mask = (std::uint64_t{1} << key_bits_) - 1;
    for (std::size_t i = 0; i < count_; ++i) {
      scratch_[i] = (scratch_[i] >> shift & key_mask) << 32 | (words_[i] & mask_);
    }
  }

  // By the rest of the 32 bits; whole keys are only compared where those are equal.
  void OrderAlike(std::uint64_t* begin, std::uint64_t* end) const {
    std::sort(begin, end);
    for (std::uint64_t* at = begin; at < end;) {
      std::uint64_t* const first = at++;
      while (at < end && *at >> 32 == *first >> 32) ++at;
      if (at == first + 1) continue;
      std::sort(first, at, [this](std::uint64_t a, std::uint64_t b) { return Before(a, b); });
    }
  }

  std::uint64_t* const words_;
  std::uint64_t* const scratch_;
  const std::size_t count_;
  const std::uint64_t mask_;  // of indices
  const std::span<const std::uint64_t> keys_;
  const std::uint64_t prefix_;
  unsigned key_bits_ = 0;
};

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
    if (i - begin == 2) {  // nearly all, in many continuous latencies; without a branch
      const std::uint64_t first = words[begin];
      const std::uint64_t second = words[begin + 1];
      const bool swap = keys[second & index_mask] < keys[first & index_mask];
      words[begin] = swap ? second : first;
      words[begin + 1] = swap ? first : second;
      continue;
    }
    Run(words + begin, scratch + begin, i - begin, index_mask, keys).Order();
  }
}

}  // namespace gsh::matcher
