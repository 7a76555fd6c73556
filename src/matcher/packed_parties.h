// PackedParties: how many parties there are of each size, in one word.
#ifndef GSH_SRC_MATCHER_PACKED_PARTIES_H_
#define GSH_SRC_MATCHER_PACKED_PARTIES_H_

#include <bit>
#include <cstdint>
#include <vector>

#include "src/matcher/team_filling.h"

namespace gsh::matcher {

// A byte for each size from 1 to 8; up to 255 parties of each.
class PackedParties {
 public:
  static constexpr std::uint32_t kLargest = 8;

  void Add(std::uint32_t size) { word_ += Unit(size); }
  void Remove(std::uint32_t size) { word_ -= Unit(size); }
  std::uint32_t Of(std::uint32_t size) const {
    return static_cast<std::uint32_t>(word_ >> Shift(size) & 0xff);
  }
  // Takes a party of the largest size up to `most` (1 to 8); 0: there is none.
  std::uint32_t TakeLargest(std::uint32_t most) {
    const std::uint64_t rest = word_ & (~std::uint64_t{0} >> (64 - 8 * most));
    if (rest == 0) return 0;
    const auto size = static_cast<std::uint32_t>(63 - std::countl_zero(rest)) / 8 + 1;
    Remove(size);
    return size;
  }

 private:
  static unsigned Shift(std::uint32_t size) { return 8 * (size - 1); }
  static std::uint64_t Unit(std::uint32_t size) { return std::uint64_t{1} << Shift(size); }

  std::uint64_t word_ = 0;
};

// TeamFilling's first path, for parties that any team takes: whether the largest parties first, as
// many as there are, fill team after team; the seed is one of the parties and on team 0.
inline bool FillsGreedily(PackedParties parties, std::uint32_t teams, std::uint32_t team_size,
                          std::uint32_t seed_size) {
  parties.Remove(seed_size);
  for (std::uint32_t team = 0; team < teams; ++team) {
    std::uint32_t left = team_size - (team == 0 ? seed_size : 0);
    while (left > 0) {
      const std::uint32_t size = parties.TakeLargest(left);
      if (size == 0) return false;
      left -= size;
    }
  }
  return true;
}

// The same, and writes who fills which team.
inline bool FillsGreedily(PackedParties parties, std::uint32_t teams, std::uint32_t team_size,
                          std::uint32_t seed_size, std::vector<Places>& places) {
  places.clear();
  places.push_back({0, seed_size, 0, 1});
  parties.Remove(seed_size);
  for (std::uint32_t team = 0; team < teams; ++team) {
    std::uint32_t left = team_size - (team == 0 ? seed_size : 0);
    while (left > 0) {
      const std::uint32_t size = parties.TakeLargest(left);
      if (size == 0) return false;
      left -= size;
      places.push_back({team, size, 0, 1});
    }
  }
  return true;
}

}  // namespace gsh::matcher

#endif  // GSH_SRC_MATCHER_PACKED_PARTIES_H_
