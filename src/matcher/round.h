// Round: one run of the matcher over one set of tickets.
#ifndef GSH_SRC_MATCHER_ROUND_H_
#define GSH_SRC_MATCHER_ROUND_H_

#include <cstdint>
#include <vector>

#include "gsh/matcher/matcher.h"
#include "src/matcher/grid.h"
#include "src/matcher/groups.h"
#include "src/matcher/leftovers.h"
#include "src/matcher/sorted_tickets.h"

namespace gsh::matcher {

// The steps, in order; matcher.h says what they add up to.
class Round {
 public:
  // Rules and arrays must have been checked, and `packing` must fit.
  Round(const Tickets& tickets, const Rules& rules, const Grid& grid, const Packing& packing);

  // Groups neighbours in their best regions.
  void MatchBestRegions();
  // Offers what is left to next best regions.
  void MatchNextBestRegions();
  // If one region alone would make more matches: moves just enough groups into it.
  void KeepUpWithEachRegion();
  Result TakeResult();

 private:
  // The next group of a region's own, and what of it is known before it is written.
  struct Head {
    RegionGroups* groups = nullptr;
    Standing standing = {};
    double latency_sum_ms = 0;
  };

  double LatencySum(const std::uint64_t* first) const;
  Standing StandingOf(std::uint32_t region, const std::uint64_t* first, double latency_sum) const;
  Head HeadOf(RegionGroups& groups) const;
  std::size_t MatchesMade() const;
  // Takes apart the worst groups outside `region`, as few as let it have `wanted` matches in all.
  void DissolveWorstOutside(std::uint32_t region, std::size_t wanted);
  void WriteBestGroup(const Head& head);
  void WriteLeftoverGroup(const Leftovers::Group& group);

  const Tickets& tickets_;
  const Grid& grid_;
  std::uint32_t match_size_;
  Result result_;
  SortedTickets sorted_;
  std::vector<RegionGroups> best_;  // one for each region
  Leftovers leftovers_;
};

}  // namespace gsh::matcher

#endif  // GSH_SRC_MATCHER_ROUND_H_
