// Grid: the cells, region x band, that rules divide the tickets into.
#ifndef GSH_SRC_MATCHER_GRID_H_
#define GSH_SRC_MATCHER_GRID_H_

#include <algorithm>
#include <bit>
#include <cstdint>
#include <limits>
#include <vector>

#include "gsh/matcher/matcher.h"

namespace gsh::matcher {

// Non-negative floats order as their bit patterns do, and negative ones, NaN and infinity have
// larger patterns than any usable latency: one unsigned comparison says whether a latency lies in
// the bands.
class Grid {
 public:
  // `rules` must have passed CheckRules and outlive the grid.
  explicit Grid(const Rules& rules)
      : bounds_(rules.band_bounds_ms),
        regions_(static_cast<std::uint32_t>(rules.regions.size())),
        low_(Pattern(bounds_.front())),
        width_(Pattern(std::min(bounds_.back(), std::numeric_limits<float>::max())) - low_) {}

  std::uint32_t regions() const { return regions_; }
  std::uint32_t bands() const { return static_cast<std::uint32_t>(bounds_.size() - 1); }
  std::uint32_t cells() const { return regions() * bands(); }

  // How far a latency lies above the lowest bound, in bit patterns; more than width() outside all
  // bands.
  std::uint32_t Offset(float latency_ms) const { return Pattern(latency_ms) - low_; }
  std::uint32_t width() const { return width_; }
  float Latency(std::uint32_t offset) const { return std::bit_cast<float>(offset + low_); }

  bool InBands(float latency_ms) const { return Offset(latency_ms) <= width_; }
  // Of a latency that lies in the bands.
  std::uint32_t Band(float latency_ms) const {
    if (bounds_.size() <= kFewBounds) {  // without a branch
      std::uint32_t band = 0;
      for (std::size_t i = 1; i + 1 < bounds_.size(); ++i) band += latency_ms >= bounds_[i] ? 1 : 0;
      return band;
    }
    const auto inner = bounds_.begin() + 1;
    return static_cast<std::uint32_t>(std::upper_bound(inner, bounds_.end() - 1, latency_ms) -
                                      inner);
  }
  // The first pattern offset of `band`.
  std::uint32_t BeginOffset(std::uint32_t band) const { return Offset(bounds_[band]); }
  // Where `band` ends: the first pattern offset of the next one; of the last band: width() + 1.
  std::uint32_t EndOffset(std::uint32_t band) const {
    return band + 1 == bands() ? width_ + 1 : Offset(bounds_[band + 1]);
  }
  const std::vector<float>& bounds() const { return bounds_; }

 private:
  static constexpr std::size_t kFewBounds = 12;

  // Adding zero turns -0 into +0.
  static std::uint32_t Pattern(float x) { return std::bit_cast<std::uint32_t>(x + 0.0f); }

  const std::vector<float>& bounds_;
  std::uint32_t regions_;
  std::uint32_t low_;
  std::uint32_t width_;
};

inline std::uint64_t KeyOf(const Tickets& tickets, std::uint32_t ticket) {
  return tickets.key.empty() ? 0 : tickets.key[ticket];
}

inline double ScoreOf(double mean_latency_ms) { return 1000.0 / (1.0 + mean_latency_ms); }

}  // namespace gsh::matcher

#endif  // GSH_SRC_MATCHER_GRID_H_
