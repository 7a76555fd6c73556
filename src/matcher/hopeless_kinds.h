// HopelessKinds: seeds that no match can be made around, whoever of the line would join.
#ifndef GSH_SRC_MATCHER_HOPELESS_KINDS_H_
#define GSH_SRC_MATCHER_HOPELESS_KINDS_H_

#include <bit>
#include <cstddef>
#include <cstdint>
#include <vector>

#include "src/matcher/line.h"
#include "src/matcher/team_filling.h"

namespace gsh::matcher {

// With parties, sizes can be left that never fill a team, such as pairs for teams of five. Each
// seed would look through all of its neighbourhood for what is nowhere in the line: once one has
// failed (and then two, four and so on), it is asked whether the whole line could fill the match,
// and if not, nobody of its kind (its size and team) looks any more, as the line only gets shorter.
class HopelessKinds {
 public:
  HopelessKinds(std::uint32_t teams, std::uint32_t team_size, std::uint32_t least_team_size,
                bool parties, bool bound)
      : parties_(parties),
        teams_(teams),
        team_size_(team_size),
        least_team_size_(least_team_size),
        counts_(teams, team_size),
        filling_(teams) {
    filling_.set_bound(bound);
  }

  void Begin(const Line& line, std::size_t tickets) {
    if (!parties_) return;
    counts_.Clear();
    for (std::size_t i = 0; i < tickets; ++i) ++CountOf(line.tickets[i]);
    hopeless_.assign((std::size_t{teams_} + 1) * (team_size_ + 1), 0);
    failed_.assign(hopeless_.size(), 0);
  }
  void Take(const LineTicket& ticket) {
    if (parties_) --CountOf(ticket);
  }
  bool Has(const LineTicket& seed) const { return parties_ && hopeless_[KindOf(seed)] != 0; }
  // The seed, not yet taken, has found no match.
  void Failed(const LineTicket& seed) {
    if (!parties_ || !std::has_single_bit(++failed_[KindOf(seed)])) return;
    for (std::uint32_t size = team_size_; size > 0 && size >= least_team_size_; --size) {
      if (filling_.CanFill(counts_, size, seed.players, seed.Row(teams_))) return;
      if (filling_.gave_up()) return;
    }
    hopeless_[KindOf(seed)] = 1;
  }

 private:
  std::uint32_t& CountOf(const LineTicket& ticket) {
    return counts_.Of(ticket.Row(teams_), ticket.players);
  }
  std::size_t KindOf(const LineTicket& ticket) const {
    return std::size_t{ticket.Row(teams_)} * (team_size_ + 1) + ticket.players;
  }

  const bool parties_;
  const std::uint32_t teams_;
  const std::uint32_t team_size_;
  const std::uint32_t least_team_size_;
  PartyCounts counts_;  // of who is free in the line
  TeamFilling filling_;
  std::vector<std::uint8_t> hopeless_;
  std::vector<std::uint32_t> failed_;  // searches, of each kind
};

}  // namespace gsh::matcher

#endif  // GSH_SRC_MATCHER_HOPELESS_KINDS_H_
