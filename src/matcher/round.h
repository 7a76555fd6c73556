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
  Round(const Tickets& tickets, const Rules& rules, const Grid& grid, const Packing& packing,
        int threads = 1);

  // Groups neighbours in their best regions.
  void MatchBestRegions();
  // Offers what is left to next best regions.
  void MatchNextBestRegions();
  // If one region alone would make more matches: moves just enough groups into it.
  void KeepUpWithEachRegion();
  // Lets matched tickets change places, so that more of those left over find a match.
  void ExchangeWithMatched();
  Result TakeResult();

 private:
  // The next group of a region's own, and what of it is known before it is written.
  struct Head {
    RegionGroups* groups = nullptr;
    Standing standing = {};
    double latency_sum_ms = 0;
  };

  // A part of the result: its groups, and where they go.
  struct Share {
    std::vector<RegionGroups> groups = {};  // of each region
    std::size_t first_leftover = 0;         // in leftovers_.groups()
    std::size_t end_leftover = 0;
    std::size_t first_match = 0;
  };

  std::vector<std::uint32_t> CountTicketsInCells() const;
  double LatencySum(const std::uint64_t* first) const;
  Standing StandingOf(std::uint32_t region, const std::uint64_t* first, double latency_sum) const;
  Standing StandingOf(const RegionGroups& groups, std::size_t group) const;
  Head HeadOf(RegionGroups& groups) const;
  std::size_t MatchesMade() const;
  // Takes apart the worst groups outside `region`, as few as let it have `wanted` matches in all.
  void DissolveWorstOutside(std::uint32_t region, std::size_t wanted);
  // Cuts all groups into shares of about equal size, each wholly before the next.
  std::vector<Share> Shares(int number);
  Share SplitOff(Share& share, const Standing& first) const;
  // Writes a share's matches in order, each into what `next` gives: a match and its members.
  template <typename Next>
  void WriteShare(Share& share, const Next& next) const;
  void WriteBestGroup(const Head& head, Match& match, std::uint32_t* members) const;
  void WriteLeftoverGroup(const Leftovers::Group& group, Match& match,
                          std::uint32_t* members) const;

  const Tickets& tickets_;
  const Grid& grid_;
  std::uint32_t match_size_;
  const int threads_;
  Result result_;
  SortedTickets sorted_;
  std::vector<RegionGroups> best_;  // one for each region
  Leftovers leftovers_;
};

}  // namespace gsh::matcher

#endif  // GSH_SRC_MATCHER_ROUND_H_
