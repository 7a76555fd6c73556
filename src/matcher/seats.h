// Seats: which member of a match sits on which team.
#ifndef GSH_SRC_MATCHER_SEATS_H_
#define GSH_SRC_MATCHER_SEATS_H_

#include <cstdint>
#include <span>
#include <vector>

#include "gsh/matcher/matcher.h"
#include "src/matcher/team_filling.h"

namespace gsh::matcher {

// Gives each of a match's members (tickets) a team, so that `places` are all taken: those bound to
// a team first, then the largest parties, among these the most skilled first, each to the team of
// the lowest sum of its players' skills so far that has a place for it (ties: the lower team; in
// members' order). No regard to skill without `balance`.
GSH_EXPORT std::vector<std::uint16_t> SeatMembers(const Tickets& tickets,
                                                  std::span<const std::uint32_t> members,
                                                  std::span<const Places> places,
                                                  std::uint32_t teams, bool balance);

}  // namespace gsh::matcher

#endif  // GSH_SRC_MATCHER_SEATS_H_
