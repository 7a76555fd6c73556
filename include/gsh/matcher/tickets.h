// The matcher's input: one round's tickets, as a structure of arrays.
#ifndef GSH_MATCHER_TICKETS_H_
#define GSH_MATCHER_TICKETS_H_

#include <cstddef>
#include <cstdint>
#include <limits>
#include <span>
#include <vector>

namespace gsh::matcher {

inline constexpr std::uint16_t kAnyTeam = 0xffff;

// Free places in a match that already runs.
struct Backfill {
  std::uint32_t region = 0;                    // index in Rules::regions
  std::vector<std::uint32_t> open_slots = {};  // players, one number for each team
  // Lowest and highest latency of who plays there already, in ms; the spread and the band of who
  // joins are held against them. NaN: not known, both are free.
  float lowest_latency_ms = std::numeric_limits<float>::quiet_NaN();
  float highest_latency_ms = std::numeric_limits<float>::quiet_NaN();
  std::vector<std::uint32_t> attributes = {};  // as a row of Tickets::attributes
};

// The caller keeps the arrays alive. A ticket is one player or one party. An array with a default
// may be empty; otherwise it has one entry (or row) for each ticket.
struct Tickets {
  std::size_t count = 0;
  // count x regions, ticket-major: latency_ms[ticket * regions + region], in milliseconds: a
  // party's worst member's. NaN, infinite or negative: the region cannot be reached.
  std::span<const float> latency_ms = {};
  // Breaks ties, for example a hash of the ticket's id; empty: the ticket's index does.
  std::span<const std::uint64_t> key = {};

  // The rest is for rules that ask for it.
  // Seconds since the ticket was made; empty: 0. NaN and negative count as 0.
  std::span<const float> wait_s = {};
  // Players in the ticket; empty: 1. 0 counts as 1.
  std::span<const std::uint16_t> party_size = {};
  // As latency_ms, of the party's mean: read with PartyLatency::kMean.
  std::span<const float> mean_latency_ms = {};
  // Mean skill of the party's players, any scale; empty: teams are not balanced. What is not
  // finite counts as 0.
  std::span<const float> skill = {};
  // The team that the ticket must be on, from 0; kAnyTeam: any. Empty: any.
  std::span<const std::uint16_t> team = {};
  // count x Rules::equal_attributes.size(), ticket-major: the attributes' values as numbers that
  // the caller gives out (equal number: equal value; a missing one may have a number too).
  std::span<const std::uint32_t> attributes = {};

  std::span<const Backfill> backfills = {};  // filled in this order
};

}  // namespace gsh::matcher

#endif  // GSH_MATCHER_TICKETS_H_
