// Exchange: lets matched tickets make room for tickets that are left over.
#ifndef GSH_SRC_MATCHER_EXCHANGE_H_
#define GSH_SRC_MATCHER_EXCHANGE_H_

#include <cstdint>
#include <optional>
#include <set>
#include <span>
#include <utility>
#include <vector>

#include "gsh/matcher/matcher.h"
#include "src/matcher/grid.h"
#include "src/matcher/groups.h"
#include "src/matcher/leftovers.h"
#include "src/matcher/sorted_tickets.h"

namespace gsh::matcher {

// A cell whose free tickets are too few for a match gets more through chains: a free ticket takes
// the place of a matched one, which takes that of another, and so on to the cell. docs/matcher.md
// says in which order. Only matches of tickets that are all in their best region take part, each
// once, and of each cell the worst ones, as ExchangeMatches says.
class Exchange {
 public:
  Exchange(const Tickets& tickets, const Grid& grid, const SortedTickets& sorted,
           std::uint32_t match_size, std::vector<RegionGroups>& best, Leftovers& leftovers);

  void Run();

 private:
  using Cell = std::uint32_t;
  static constexpr std::uint32_t kNone = 0xffffffff;
  // A match of a best region: region, place in its groups.
  using MatchPlace = std::pair<std::uint32_t, std::size_t>;
  struct Donor {
    MatchPlace match;
    std::uint32_t ticket = 0;
    std::uint32_t next = kNone;  // of the same edge, in donors_
  };
  // `newcomer` takes the place of `donor`, who goes on.
  struct Step {
    std::uint32_t newcomer = 0;
    Donor donor;
  };
  // What an attempt to fill a cell has used so far.
  struct Attempt {
    std::vector<std::uint32_t> seated;  // in the cell
    std::set<std::uint32_t> used;       // free tickets: those of `seated`, and newcomers
    std::vector<Step> steps;
  };

  float Latency(std::uint32_t ticket, std::uint32_t region) const {
    return tickets_.latency_ms[std::size_t{ticket} * grid_.regions() + region];
  }
  std::optional<Cell> CellOf(std::uint32_t ticket, std::uint32_t region) const;
  bool Before(std::uint32_t a, std::uint32_t b, std::uint32_t region) const;
  void FindDonors();
  void AddDonor(Cell from, Cell to, const MatchPlace& match, std::uint32_t ticket);
  // The cells where somebody free can play, those with the most first.
  std::vector<Cell> Targets() const;
  bool Fill(Cell target);
  // One more ticket for the target; false: no chain leads to it.
  bool Reach(Cell target, Attempt& attempt);
  const Donor* FreeDonor(Cell from, Cell to) const;
  std::optional<std::uint32_t> Newcomer(Cell cell, const Attempt& attempt) const;
  void Commit(Cell target, const Attempt& attempt);
  std::vector<std::uint32_t> Members(const MatchPlace& match) const;

  const Tickets& tickets_;
  const Grid& grid_;
  const SortedTickets& sorted_;
  const std::uint32_t match_size_;
  std::vector<RegionGroups>& best_;
  Leftovers& leftovers_;
  std::vector<std::uint32_t> free_;
  std::vector<Donor> donors_;
  // Of each edge, from x cells + to: its first and its last donor.
  std::vector<std::pair<std::uint32_t, std::uint32_t>> edges_;
  std::set<MatchPlace> taken_;
};

}  // namespace gsh::matcher

#endif  // GSH_SRC_MATCHER_EXCHANGE_H_
