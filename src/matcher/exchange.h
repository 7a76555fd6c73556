// Exchange: lets matched tickets make room for tickets that are left over.
#ifndef GSH_SRC_MATCHER_EXCHANGE_H_
#define GSH_SRC_MATCHER_EXCHANGE_H_

#include <cstddef>
#include <cstdint>
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
// says in which order, and limits.h how far it goes. Only the worst matches of tickets that are all
// in their best region take part, each once.
class Exchange {
 public:
  // All must outlive this. `best`: the groups of each region.
  Exchange(const Tickets& tickets, const Grid& grid, const SortedTickets& sorted,
           std::uint32_t match_size, std::vector<RegionGroups>& best, Leftovers& leftovers);

  void Run();

 private:
  using Cell = std::uint8_t;
  using Cells = std::uint64_t;  // a set of them
  static constexpr Cell kNone = 0xff;
  static constexpr std::uint16_t kNobody = 0xffff;

  // The matches of a cell that take part, numbered from the worst one, 0.
  struct Lender {
    const std::uint64_t* end = nullptr;  // of the worst match's words
    std::size_t last = 0;                // the worst match's place in its region's groups
    std::uint32_t matches = 0;
  };
  // A matched ticket, by its match's number in the cell and its place there.
  struct Donor {
    std::uint16_t match = kNobody;
    std::uint16_t member = 0;
  };
  // A ticket takes the place of a donor of `from`.
  struct Step {
    std::uint32_t newcomer;
    Cell from;
    Donor donor;
  };

  float Latency(std::uint32_t ticket, std::uint32_t region) const {
    return tickets_.latency_ms[std::size_t{ticket} * grid_.regions() + region];
  }
  std::uint32_t RegionOf(Cell cell) const { return cell / grid_.bands(); }
  Cell CellOf(std::uint32_t ticket, std::uint32_t region) const;
  Cell FreeCell(std::size_t i, std::uint32_t region) const {
    return free_cells_[i * grid_.regions() + region];
  }
  void FindLenders();
  // Where the free tickets can play.
  void FindFreeCells();
  void FindTargets();
  bool Fill(Cell target);
  void Use(std::size_t i);  // the free ticket, in this attempt
  // One more ticket for the target; false: no chain leads to it.
  bool Reach(Cell target);
  void MoveAlong(Cell from, Cell target);
  const std::uint64_t* WordsOf(Cell cell, std::uint32_t match) const {
    return lenders_[cell].end - std::size_t{match + 1} * match_size_;
  }
  std::uint32_t TicketOf(Cell cell, Donor donor) const {
    return sorted_.packing().Ticket(WordsOf(cell, donor.match)[donor.member]);
  }
  // The first donor from `from` to `to`, from the match on.
  Donor FindDonor(Cell from, Cell to, std::uint32_t match) const;
  // The same whose match is not taken.
  Donor FreeDonor(Cell from, Cell to);
  std::size_t Newcomer(Cell cell) const;
  void Commit(Cell target);
  void GiveUp();
  void RemoveTaken();

  const Tickets& tickets_;
  const Grid& grid_;
  const SortedTickets& sorted_;
  const std::uint32_t match_size_;
  const std::uint32_t matches_;  // of a cell, at most
  std::vector<RegionGroups>& best_;
  Leftovers& leftovers_;
  int searches_ = 0;
  std::vector<Lender> lenders_;         // by cell
  std::vector<std::uint8_t> taken_;     // by cell and match
  std::vector<Donor> first_donors_;     // by to and from, as far as known
  std::vector<Cells> lending_;          // by to: those from which somebody may come
  std::vector<std::uint32_t> free_;     // tickets
  std::vector<Cell> free_cells_;        // by free ticket and region
  std::vector<std::uint32_t> waiting_;  // by cell: free tickets that can play there
  std::vector<Cell> targets_;
  // The attempt at hand to fill a cell.
  std::vector<std::uint8_t> used_;     // by free ticket
  std::vector<std::uint32_t> unused_;  // by cell: free tickets that can play there
  std::vector<std::uint32_t> seated_;  // tickets in the cell
  std::vector<Step> steps_;
  std::vector<Cell> next_;  // by cell: where a search came from
  std::vector<Cell> line_;
};

}  // namespace gsh::matcher

#endif  // GSH_SRC_MATCHER_EXCHANGE_H_
