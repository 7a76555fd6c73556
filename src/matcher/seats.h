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
  struct Member {
    std::uint32_t players = 1;
    std::uint16_t team = kAnyTeam;  // that it must be on
    float skill = 0;
  };

  // For parties of up to `team_size`.
  Seats(std::uint32_t teams, std::uint32_t team_size)
      : teams_(teams), sums_(teams, 0), open_((std::size_t{team_size} + 1) * teams, 0) {}

  // Appends a team for each of a match's members, so that `places` are all taken: those bound to a
  // team first, then the largest parties, among these the most skilled first, each to the team of
  // the lowest sum of its players' skills so far that has a place for it (ties: the lower team; in
  // members' order).
  void Seat(std::span<const Member> members, std::span<const Places> places,
            std::vector<std::uint16_t>& teams);

 private:
  struct Unseated {
    std::uint64_t turn;  // lower: earlier
    std::uint32_t member;
  };

  void SortUnseated();
  std::uint32_t TeamFor(std::uint32_t players, bool balance);

  const std::uint32_t teams_;
  std::vector<double> sums_;         // skill of each team's players
  std::vector<std::uint32_t> open_;  // places by size, then team; zero between matches
  std::uint32_t last_players_ = 0;   // of who was seated last
  std::uint32_t first_open_ = 0;     // no team below has places of that size
  std::vector<Unseated> unseated_;
};

}  // namespace gsh::matcher

#endif  // GSH_SRC_MATCHER_SEATS_H_
