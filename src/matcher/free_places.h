// FreePlaces: which places of a long line are still free, with the next one on either side at once.
#ifndef GSH_SRC_MATCHER_FREE_PLACES_H_
#define GSH_SRC_MATCHER_FREE_PLACES_H_

#include <bit>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <vector>

namespace gsh::matcher {

// A bit for each place, and above it a bit for each 64 that says whether any of them is set, up to
// a single word: a long run of taken places is skipped in a few steps, and a million places need
// 127 KiB.
class FreePlaces {
 public:
  static constexpr std::uint32_t kNone = std::numeric_limits<std::uint32_t>::max();

  // All of `count` places are free.
  void Reset(std::uint32_t count) {
    levels_.clear();
    std::size_t bits = count;
    do {
      std::vector<std::uint64_t> words((bits + 63) / 64, ~std::uint64_t{0});
      if (bits % 64 != 0) words.back() = (std::uint64_t{1} << bits % 64) - 1;
      bits = words.size();
      levels_.push_back(std::move(words));
    } while (bits > 1);
  }

  bool IsFree(std::uint32_t place) const { return (levels_[0][place / 64] >> place % 64 & 1) != 0; }

  void Take(std::uint32_t place) {
    for (std::vector<std::uint64_t>& words : levels_) {
      words[place / 64] &= ~(std::uint64_t{1} << place % 64);
      if (words[place / 64] != 0) return;
      place /= 64;
    }
  }

  void PutBack(std::uint32_t place) {
    for (std::vector<std::uint64_t>& words : levels_) {
      words[place / 64] |= std::uint64_t{1} << place % 64;
      place /= 64;
    }
  }

  // The first free place above `place`; kNone: there is none.
  std::uint32_t Next(std::uint32_t place) const {
    std::size_t bit = place + std::size_t{1};
    for (std::size_t level = 0; level < levels_.size(); ++level) {
      const std::vector<std::uint64_t>& words = levels_[level];
      if (bit / 64 >= words.size()) return kNone;
      const std::uint64_t rest = words[bit / 64] >> bit % 64;
      if (rest != 0) {
        return Down(level, bit + static_cast<unsigned>(std::countr_zero(rest)), false);
      }
      bit = bit / 64 + 1;
    }
    return kNone;
  }

  // The last free place below `place`; kNone: there is none.
  std::uint32_t Previous(std::uint32_t place) const {
    std::size_t bit = place;  // one above the first candidate
    for (std::size_t level = 0; level < levels_.size(); ++level) {
      if (bit == 0) return kNone;
      --bit;
      const std::uint64_t rest = levels_[level][bit / 64] << (63 - bit % 64);
      if (rest != 0) return Down(level, bit - static_cast<unsigned>(std::countl_zero(rest)), true);
      bit /= 64;
    }
    return kNone;
  }

 private:
  // From a set bit of a level to the first (or last) place under it.
  std::uint32_t Down(std::size_t level, std::size_t bit, bool last) const {
    while (level-- > 0) {
      const std::uint64_t word = levels_[level][bit];
      bit = bit * 64 +
            static_cast<unsigned>(last ? 63 - std::countl_zero(word) : std::countr_zero(word));
    }
    return static_cast<std::uint32_t>(bit);
  }

  std::vector<std::vector<std::uint64_t>> levels_;
};

}  // namespace gsh::matcher

#endif  // GSH_SRC_MATCHER_FREE_PLACES_H_
