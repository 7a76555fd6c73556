// Seats: which member of a match sits on which team.
#ifndef GSH_SRC_MATCHER_SEATS_H_
#define GSH_SRC_MATCHER_SEATS_H_

#include <cstdint>
#include <span>
#include <vector>

#include "gsh/export.h"
#include "gsh/matcher/matcher.h"
#include "src/matcher/team_filling.h"

namespace gsh::matcher {

// Its memory is kept from one match to the next.
class GSH_EXPORT Seats {
 public:
  // `balance`: with regard to skill, if the tickets have any; they must outlive this.
  Seats(const Tickets& tickets, std::uint32_t teams, bool balance)
      : tickets_(tickets), balance_(balance && !tickets.skill.empty()), sums_(teams, 0) {}

  // Appends a team for each of a match's members (tickets), so that `places` are all taken: those
  // bound to a team first, then the largest parties, among these the most skilled first, each to
  // the team of the lowest sum of its players' skills so far that has a place for it (ties: the
  // lower team; in members' order). Without balance all sums are zero.
  void Seat(std::span<const std::uint32_t> members, std::span<const Places> places,
            std::vector<std::uint16_t>& teams);

 private:
  struct Unseated {
    std::uint32_t players;
    float skill;
    std::uint32_t member;  // in members' order
  };

  float Skill(std::uint32_t ticket) const;
  void SortUnseated();

  const Tickets& tickets_;
  const bool balance_;
  std::vector<double> sums_;  // skill of each team's players
  std::vector<Unseated> unseated_;
  std::vector<Places> free_;
};

}  // namespace gsh::matcher

#endif  // GSH_SRC_MATCHER_SEATS_H_
