// The latency matcher: structure of arrays in, indices out. Pure: no I/O, no clock, no thread.
#ifndef GSH_MATCHER_MATCHER_H_
#define GSH_MATCHER_MATCHER_H_

#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "gsh/export.h"
#include "gsh/status.h"

namespace gsh::matcher {

// The tickets of one round; the caller keeps the arrays alive.
struct Tickets {
  std::size_t count = 0;
  // count x regions, ticket-major: latency_ms[ticket * regions + region], in milliseconds. NaN,
  // infinite or negative: the region cannot be reached.
  std::span<const float> latency_ms = {};
  // Breaks ties, for example a hash of the ticket's id; empty: the ticket's index does.
  std::span<const std::uint64_t> key = {};
};

struct Rules {
  std::vector<std::string> regions = {};
  // Bounds of the half-open latency bands in ms, strictly rising: [b0,b1), [b1,b2), ...; the last
  // one is closed. Tickets of one match are in one band. {0, +inf}: one band for all.
  std::vector<float> band_bounds_ms = {};
  int match_size = 4;  // tickets a match
  // A ticket left over in its best region may go to its next best ones.
  bool try_next_best_region = true;
};

// Every mistake in the rules, each named.
GSH_EXPORT Status CheckRules(const Rules& rules);

enum class Unmatched : std::uint8_t {
  kMatched,              // is in a match
  kUnreachable,          // no region has a usable latency
  kOutsideBands,         // every usable latency lies outside the bands
  kNotEnoughNeighbours,  // its bands have too few tickets left
  kRefused  // not looked at: it breaks the caller's own bounds (MatchTickets never says so)
};
GSH_EXPORT std::string_view UnmatchedName(Unmatched reason);

struct Match {
  std::uint32_t region = 0;
  std::uint32_t band = 0;
  std::uint32_t first_member =
      0;  // members are Result::members[first_member ... first_member + size)
  std::uint32_t size = 0;
  float mean_latency_ms = 0;
  float spread_ms = 0;  // highest - lowest latency
  // 1000 / (1 + mean latency in ms): in (0, 1000], higher is better, comparable between regions and
  // bands.
  double score = 0;
};

struct Result {
  std::vector<Match> matches = {};  // highest score first; ties: lowest first member
  std::vector<std::uint32_t> members =
      {};  // ticket indices, match by match, each match's by rising latency
  std::vector<Unmatched> reasons = {};  // one for each ticket
};

// Matches neighbours in latency, all regions in one pass: a ticket is in at most one match. The
// same input gives the same output on every machine. InvalidArgument for bad rules and arrays of
// the wrong size.
GSH_EXPORT StatusOr<Result> MatchTickets(const Tickets& tickets, const Rules& rules);

}  // namespace gsh::matcher

#endif  // GSH_MATCHER_MATCHER_H_
