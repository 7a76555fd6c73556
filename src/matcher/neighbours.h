// Neighbours: the tightest set of tickets around one of a line that fills a match.
#ifndef GSH_SRC_MATCHER_NEIGHBOURS_H_
#define GSH_SRC_MATCHER_NEIGHBOURS_H_

#include <cstdint>
#include <optional>
#include <span>
#include <vector>

#include "gsh/matcher/matcher.h"
#include "src/matcher/line.h"
#include "src/matcher/small_parties.h"
#include "src/matcher/team_filling.h"

namespace gsh::matcher {

// Its memory is kept from one search to the next.
class Neighbours {
 public:
  // `line` may change between searches. Both must outlive this.
  Neighbours(const Tickets& tickets, const Rules& rules, const Line& line);

  // Of all stretches of the free line that hold the seed, a free place, and that fill all teams
  // with `team_size` players each, takes the one of the smallest spread; of several the one that
  // begins nearest to the seed. False: there is none. Stretches wider than `bound_ms` need not be
  // looked at: none, or one of them, may be found if nothing narrower is there.
  bool Find(std::uint32_t seed, std::uint32_t team_size, float bound_ms);

  // What was found: places in the line in rising order, and who fills which team.
  std::span<const std::uint32_t> members() const { return members_; }
  std::span<const Places> places() const { return places_; }  // for several teams only
  float spread_ms() const { return spread_ms_; }

 private:
  const LineTicket& At(std::uint32_t place) const { return line_.tickets[place]; }
  float Spread(std::uint32_t first, std::uint32_t last) const {
    return At(last).latency_ms - At(first).latency_ms;
  }
  std::uint32_t Row(const LineTicket& ticket) const {
    return ticket.team == kAnyTeam ? teams_ : ticket.team;
  }

  bool FindSingles(std::uint32_t seed, std::uint32_t count, float bound_ms);
  bool FindParties(std::uint32_t seed, std::uint32_t team_size, float bound_ms);
  void ExtendRight(float bound_ms);
  std::uint32_t NextLeft();
  void DropNeedlessRights();
  void Add(std::uint32_t place);
  void Remove(std::uint32_t place);
  bool Useful(std::uint32_t place) const { return At(place).players <= largest_; }
  bool Fills();
  void ChooseMembers();

  const Line& line_;
  const std::uint32_t teams_;
  const bool oldest_first_;
  const bool singles_;
  PartyCounts counts_;  // of the stretch; zero between searches
  PartyCounts wanted_;
  TeamFilling filling_;
  std::optional<SmallParties> small_;
  // The search at hand.
  std::uint32_t seed_ = 0;
  std::uint32_t team_size_ = 0;
  std::uint32_t needed_ = 0;           // players
  std::uint32_t largest_ = 0;          // party beside the seed that can be of use
  std::uint32_t players_ = 0;          // in the stretch
  bool fills_ = false;                 // the stretch does
  std::vector<std::uint32_t> lefts_;   // from the seed downwards, the seed first
  std::vector<std::uint32_t> rights_;  // from the seed upwards, the seed first
  std::vector<std::uint32_t> members_;
  std::vector<std::uint32_t> by_turn_;
  std::vector<Places> places_;
  float spread_ms_ = 0;
};

}  // namespace gsh::matcher

#endif  // GSH_SRC_MATCHER_NEIGHBOURS_H_
