// Neighbours: the tightest set of tickets around one of a line that fills a match.
#ifndef GSH_SRC_MATCHER_NEIGHBOURS_H_
#define GSH_SRC_MATCHER_NEIGHBOURS_H_

#include <cstdint>
#include <optional>
#include <span>
#include <vector>

#include "gsh/matcher/matcher.h"
#include "src/matcher/line.h"
#include "src/matcher/party_search.h"
#include "src/matcher/small_parties.h"
#include "src/matcher/team_filling.h"

namespace gsh::matcher {

// Its memory is kept from one search to the next.
class Neighbours {
 public:
  // `line` may change between searches. Both must outlive this.
  Neighbours(const Tickets& tickets, const Rules& rules, Line& line);

  // A new line of so many tickets.
  void Begin(std::size_t tickets);
  // Of the same line.
  void Take(std::uint32_t place) {
    line_.free.Take(place);
    if (line_.kinds.built()) TakeInIndex(place);
  }
  void PutBack(std::uint32_t place);

  // Of all stretches of the free line that hold the seed, a free place, and that fill all teams
  // with `team_size` players each, takes the one of the smallest spread; of several the one that
  // begins nearest to the seed. False: there is none. Stretches wider than `bound_ms` need not be
  // looked at: none, or one of them, may be found if nothing narrower is there.
  bool Find(std::uint32_t seed, std::uint32_t team_size, float bound_ms);

  // What was found: places in the line in rising order, and who fills which team.
  std::span<const std::uint32_t> members() const { return members_; }
  std::span<const Places> places() const { return places_; }  // for several teams only
  float spread_ms() const { return spread_ms_; }
  // Where none was found: no more players than these are within the bound.
  std::uint32_t players_in_reach() const { return players_in_reach_; }

 private:
  const LineTicket& At(std::uint32_t place) const { return line_.tickets[place]; }
  float Spread(std::uint32_t first, std::uint32_t last) const {
    return At(last).latency_ms - At(first).latency_ms;
  }
  bool FindSingles(std::uint32_t seed, std::uint32_t count, float bound_ms);
  bool Small();
  void TakeInIndex(std::uint32_t place);
  std::uint32_t KindOf(std::uint32_t place) const;

  Line& line_;
  const std::uint32_t teams_;
  const std::uint32_t team_size_;
  const bool oldest_first_;
  const bool singles_;
  std::size_t tickets_ = 0;  // in the line
  std::optional<SmallParties> small_;
  std::optional<PartySearch> parties_;
  std::vector<std::uint32_t> lefts_;   // from the seed downwards, the seed first
  std::vector<std::uint32_t> rights_;  // from the seed upwards, the seed first
  std::vector<std::uint32_t> members_;
  std::vector<Places> places_;
  float spread_ms_ = 0;
  std::uint32_t players_in_reach_ = 0;
};

}  // namespace gsh::matcher

#endif  // GSH_SRC_MATCHER_NEIGHBOURS_H_
