// Leftovers: matches the tickets that found no group in their best region.
#ifndef GSH_SRC_MATCHER_LEFTOVERS_H_
#define GSH_SRC_MATCHER_LEFTOVERS_H_

#include <cstdint>
#include <span>
#include <utility>
#include <vector>

#include "gsh/matcher/matcher.h"
#include "src/matcher/grid.h"
#include "src/matcher/groups.h"

namespace gsh::matcher {

// A few tickets usually: fewer than match_size for each band and region.
class Leftovers {
 public:
  struct Group {
    Standing standing;
    double latency_sum_ms = 0;
    std::uint32_t band = 0;
    float last_latency_ms = 0;
    std::size_t first_member = 0;  // in members()
  };

  Leftovers(const Tickets& tickets, const Grid& grid, std::uint32_t match_size)
      : tickets_(tickets), grid_(grid), match_size_(match_size) {}

  void Add(std::vector<std::uint32_t> tickets);
  // Groups the free tickets rank by rank: first each in its best region, then also in its second
  // best, and so on; in the end no cell has enough free tickets for a match.
  void MatchByRank();
  // Groups the free tickets that can play in `region`.
  void MatchIn(std::uint32_t region);
  // Takes apart the groups whose place in groups() is marked.
  void Dissolve(const std::vector<bool>& marked);

  const std::vector<std::uint32_t>& free() const { return free_; }
  const std::vector<Group>& groups() const { return groups_; }
  std::span<const std::uint32_t> members(const Group& group) const {
    return {members_.data() + group.first_member, match_size_};
  }
  void SortGroups();  // in the order of Before
  // One more group, of tickets that were matched otherwise until now and can play in `region`, in
  // one band.
  void AddGroup(std::uint32_t region, const std::vector<std::uint32_t>& tickets);
  // These alone are free now.
  void KeepFree(std::vector<std::uint32_t> tickets) { free_ = std::move(tickets); }

 private:
  struct Candidate {
    float latency_ms;
    std::uint32_t ticket;
    std::uint32_t place;  // in free_
  };

  float Latency(std::uint32_t ticket, std::uint32_t region) const {
    return tickets_.latency_ms[std::size_t{ticket} * grid_.regions() + region];
  }
  // The regions that each free ticket can play in, best first; kNone fills up.
  std::vector<std::uint32_t> RankRegions() const;
  // Sorts the candidates of one cell and groups neighbours; gives how many were grouped, the first
  // ones.
  std::size_t GroupCell(std::uint32_t region, std::uint32_t band, std::span<Candidate> candidates);
  void RemoveTaken(const std::vector<bool>& taken);

  const Tickets& tickets_;
  const Grid& grid_;
  std::uint32_t match_size_;
  std::vector<std::uint32_t> free_;
  std::vector<std::uint32_t> members_;
  std::vector<Group> groups_;
};

}  // namespace gsh::matcher

#endif  // GSH_SRC_MATCHER_LEFTOVERS_H_
