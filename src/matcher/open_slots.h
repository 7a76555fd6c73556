// OpenSlots: fills the free places of running matches.
#ifndef GSH_SRC_MATCHER_OPEN_SLOTS_H_
#define GSH_SRC_MATCHER_OPEN_SLOTS_H_

#include <cstdint>
#include <span>
#include <vector>

#include "gsh/matcher/matcher.h"
#include "src/matcher/cells.h"
#include "src/matcher/grid.h"
#include "src/matcher/line_matcher.h"
#include "src/matcher/openness.h"

namespace gsh::matcher {

class OpenSlots {
 public:
  // All must outlive this.
  OpenSlots(const Tickets& tickets, const Rules& rules, const Grid& grid, const Openness& openness,
            const AttributeGroups& groups);

  // Fills the backfills in their order with tickets whose `free` is not 0, and clears it for those
  // it takes.
  void Fill(std::vector<std::uint8_t>& free, Made& made);

 private:
  struct Candidate {
    float latency_ms;
    float wait_s;
    std::uint32_t ticket;
  };
  struct Joined {
    Candidate candidate;
    std::uint16_t team;
  };

  // The tickets that may play in the region, in a line's order.
  std::vector<Candidate> CandidatesOf(std::uint32_t region,
                                      const std::vector<std::uint8_t>& free) const;
  bool MayPlayIn(std::uint32_t ticket, std::uint32_t region) const;
  // Those of them that the running match's band, attributes and widest spread let in, in the order
  // of their turns.
  std::vector<Candidate> TurnsOf(const Backfill& backfill, std::span<const Candidate> candidates,
                                 const std::vector<std::uint8_t>& free) const;
  void FillOne(std::uint32_t index, std::span<const Candidate> turns,
               std::vector<std::uint8_t>& free, Made& made) const;
  void Write(std::uint32_t index, std::vector<Joined>& joined, float spread_ms, Made& made) const;
  bool InLine(const Candidate& a, const Candidate& b) const;

  const Tickets& tickets_;
  const Rules& rules_;
  const Grid& grid_;
  const Openness& openness_;
  const AttributeGroups& groups_;
};

}  // namespace gsh::matcher

#endif  // GSH_SRC_MATCHER_OPEN_SLOTS_H_
