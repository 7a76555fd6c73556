// Openness: which regions a ticket may play in, and which it goes to first.
#ifndef GSH_SRC_MATCHER_OPENNESS_H_
#define GSH_SRC_MATCHER_OPENNESS_H_

#include <cstdint>
#include <limits>
#include <span>
#include <vector>

#include "gsh/matcher/matcher.h"
#include "src/matcher/grid.h"
#include "src/matcher/widening.h"

namespace gsh::matcher {

inline constexpr std::uint32_t kNoRegion = std::numeric_limits<std::uint32_t>::max();

// A region is open to a ticket whose latency there is in the bands and within the region's limits
// after the ticket's wait. Those that need the least wait for that come first, then those of the
// lowest latency, then the lower ones: so a longer wait adds regions at the end and never changes
// the order of those before.
class Openness {
 public:
  // All must outlive this.
  Openness(const Tickets& tickets, const Rules& rules, const Grid& grid);

  float Latency(std::uint32_t ticket, std::uint32_t region) const {
    return latency_[std::size_t{ticket} * grid_.regions() + region];
  }
  // Whether there are teams that it could be on.
  bool Fits(std::uint32_t ticket) const {
    const std::uint16_t team = TeamOf(tickets_, ticket);
    return PlayersOf(tickets_, ticket) <= team_size_ && (team == kAnyTeam || team < teams_);
  }
  // The first region of a ticket that fits; kNoRegion: none is open.
  std::uint32_t First(std::uint32_t ticket) const {
    const float* const row = latency_.data() + std::size_t{ticket} * grid_.regions();
    std::uint32_t best = std::numeric_limits<std::uint32_t>::max();
    std::uint32_t best_region = kNoRegion;
    for (std::uint32_t region = 0; region < grid_.regions(); ++region) {
      const std::uint32_t offset = grid_.Offset(row[region]);
      const bool better = offset < best && offset < open_at_once_[region];
      best = better ? offset : best;
      best_region = better ? region : best_region;
    }
    return best_region != kNoRegion || !widens_ ? best_region : FirstWidened(ticket);
  }
  bool IsOpen(std::uint32_t ticket, std::uint32_t region) const;
  // The wait, in seconds, from which the region is open to the ticket; infinite: never.
  float OpensAt(std::uint32_t ticket, std::uint32_t region) const;
  // Puts the ticket's open regions into `regions`, first ones first; gives how many there are.
  std::uint32_t Ranked(std::uint32_t ticket, std::span<std::uint32_t> regions) const;

 private:
  const Limit& MaxLatency(std::uint32_t region) const {
    return rules_.max_latency_ms[rules_.max_latency_ms.size() == 1 ? 0 : region];
  }
  std::uint32_t FirstWidened(std::uint32_t ticket) const;

  const Tickets& tickets_;
  const Rules& rules_;
  const Grid& grid_;
  std::span<const float> latency_;
  std::uint32_t teams_;
  std::uint32_t team_size_;
  bool widens_ = false;                      // some region may open later
  std::vector<std::uint32_t> open_at_once_;  // for each region the first offset that is not open
                                             // without a wait
};

}  // namespace gsh::matcher

#endif  // GSH_SRC_MATCHER_OPENNESS_H_
