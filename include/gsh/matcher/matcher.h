// The latency matcher: structure of arrays in, indices out. Pure: no I/O, no clock, and no thread
// unless asked for.
#ifndef GSH_MATCHER_MATCHER_H_
#define GSH_MATCHER_MATCHER_H_

#include <cstddef>
#include <cstdint>
#include <string_view>
#include <vector>

#include "gsh/export.h"
#include "gsh/matcher/rules.h"
#include "gsh/matcher/tickets.h"
#include "gsh/status.h"

namespace gsh::matcher {

enum class Unmatched : std::uint8_t {
  kMatched,              // is in a match
  kUnreachable,          // no region has a usable latency
  kOutsideBands,         // every usable latency lies outside the bands
  kNotEnoughNeighbours,  // its bands have too few tickets left that it may play with
  kRefused,    // not looked at: it breaks the caller's own bounds (MatchTickets never says so)
  kOverLimit,  // no region's limits let it in, however long it waits
  kWaitsForWidening,  // not matched as its limits are, but they widen: Result::widens_at_s
  kPartyTooLarge,     // more players than a team has places
  kNoSuchTeam         // must be on a team that the rules do not have
};
inline constexpr std::size_t kUnmatchedReasons = 9;
// "matched", "unreachable", "outside_bands", "not_enough_neighbours", "refused", "over_limit",
// "waits_for_widening", "party_too_large", "no_such_team".
GSH_EXPORT std::string_view UnmatchedName(Unmatched reason);

inline constexpr std::uint32_t kNoBackfill = 0xffffffff;

struct Match {
  std::uint32_t region = 0;
  std::uint32_t band = 0;
  // Its members are Result::members[first_member ... first_member + size).
  std::uint32_t first_member = 0;
  std::uint32_t size = 0;     // tickets
  std::uint32_t players = 0;  // of all its tickets
  // The index in Tickets::backfills of the running match that these members join; kNoBackfill: a
  // new match. Everything else is of those who join, but spread_ms is of all.
  std::uint32_t backfill = kNoBackfill;
  float mean_latency_ms = 0;  // over players
  float spread_ms = 0;        // highest - lowest latency
  // 1000 / (1 + mean latency in ms): in (0, 1000], higher is better, comparable between regions and
  // bands.
  double score = 0;
};

struct Result {
  std::vector<Match> matches = {};  // highest score first; ties: region, lowest first member
  // Ticket indices, match by match, each match's by rising latency.
  std::vector<std::uint32_t> members = {};
  std::vector<Unmatched> reasons = {};  // one for each ticket
  // The team of each member, beside `members`; empty if matches have one team.
  std::vector<std::uint16_t> teams = {};
  // For each ticket that waits for widening: how long it will have waited, in seconds, when its
  // limits next widen (its present wait: they widen all the time); infinite for the others. Empty
  // if no limit widens.
  std::vector<float> widens_at_s = {};
};

struct MatchOptions {
  // Threads to match with, the caller's included; the result is the same with any number.
  int threads = 1;
};

// Matches neighbours in latency, all regions in one pass: a ticket is in at most one match. The
// same input gives the same output on every machine and any number of threads. InvalidArgument for
// bad rules and arrays of the wrong size.
GSH_EXPORT StatusOr<Result> MatchTickets(const Tickets& tickets, const Rules& rules,
                                         const MatchOptions& options = {});

}  // namespace gsh::matcher

#endif  // GSH_MATCHER_MATCHER_H_
