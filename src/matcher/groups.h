// Groups: matches in the making, and the order in which they are given out.
#ifndef GSH_SRC_MATCHER_GROUPS_H_
#define GSH_SRC_MATCHER_GROUPS_H_

#include <cstdint>
#include <utility>
#include <vector>

#include "gsh/matcher/matcher.h"
#include "src/matcher/grid.h"
#include "src/matcher/sorted_tickets.h"

namespace gsh::matcher {

// What matches are ordered by: Result::matches is in this order. It depends on latencies and keys,
// and on indices only where those are equal.
struct Standing {
  double score = 0;
  std::uint32_t region = 0;
  float first_latency_ms = 0;
  std::uint32_t first_ticket = 0;
};

inline bool Before(const Standing& a, const Standing& b, const Tickets& tickets) {
  if (a.score != b.score) return a.score > b.score;
  if (a.region != b.region) return a.region < b.region;
  if (a.first_latency_ms != b.first_latency_ms) return a.first_latency_ms < b.first_latency_ms;
  const std::uint64_t key_a = KeyOf(tickets, a.first_ticket);
  const std::uint64_t key_b = KeyOf(tickets, b.first_ticket);
  return key_a != key_b ? key_a < key_b : a.first_ticket < b.first_ticket;
}

// The groups of one region's own tickets: neighbours of each band, the worst-placed remainder left
// out. Groups come out of it in the order of Before.
class RegionGroups {
 public:
  // Tickets of no whole group go to `left`.
  RegionGroups(const SortedTickets& sorted, const Grid& grid, std::uint32_t region,
               std::uint32_t match_size, std::vector<std::uint32_t>& left);

  std::uint32_t region() const { return region_; }
  std::size_t size() const { return size_; }  // in groups
  bool empty() const { return size_ == 0; }

  std::uint32_t front_band() const { return segments_[front_].band; }
  const std::uint64_t* front() const { return segments_[front_].begin; }
  const std::uint64_t* back() const { return segments_.back().end - match_size_; }
  const std::uint64_t* at(std::size_t group) const;
  // The places of a band's groups: the first, and the one behind the last.
  std::pair<std::size_t, std::size_t> GroupsOf(std::uint32_t band) const;
  // Gives the groups from `first` on, and keeps those before.
  RegionGroups SplitOff(std::size_t first);
  void PopFront();
  void PopBack();
  void Remove(std::size_t group);

 private:
  struct Segment {
    std::uint32_t band;
    const std::uint64_t* begin;
    const std::uint64_t* end;  // a whole number of groups later, at least one
  };

  std::uint32_t region_;
  std::uint32_t match_size_;
  std::size_t size_ = 0;
  std::size_t front_ = 0;
  std::vector<Segment> segments_;
};

}  // namespace gsh::matcher

#endif  // GSH_SRC_MATCHER_GROUPS_H_
