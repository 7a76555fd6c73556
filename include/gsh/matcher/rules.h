// The matcher's rules: who may play with whom. docs/matcher.md says what they mean together.
#ifndef GSH_MATCHER_RULES_H_
#define GSH_MATCHER_RULES_H_

#include <cstdint>
#include <limits>
#include <string>
#include <vector>

#include "gsh/export.h"
#include "gsh/status.h"

namespace gsh::matcher {

// From a wait of `after_s` seconds on, the limit is `value`.
struct WideningStep {
  float after_s = 0;
  float value = 0;

  friend bool operator==(const WideningStep&, const WideningStep&) = default;
};

// Whose wait in a match widens a limit of the whole match.
enum class WaitOf : std::uint8_t {
  kOldest,  // the longest wait
  kNewest,  // the shortest
  kMean     // half way between the two
};

// A limit that widens with waiting time: the widest of `value`, the steps that have been reached,
// and `value` + linear_per_s for each second after linear_after_s, up to linear_to. Upper limits
// (latency, spread) widen upwards, lower ones (min_score) downwards.
struct Limit {
  float value = std::numeric_limits<float>::infinity();
  std::vector<WideningStep> steps = {};  // rising after_s, each wider than the one before
  float linear_per_s = 0;                // how much wider each second; 0: not at all
  float linear_after_s = 0;
  float linear_to = std::numeric_limits<float>::infinity();  // the widest it gets that way
  WaitOf wait_of = WaitOf::kOldest;                          // max_spread_ms only

  friend bool operator==(const Limit&, const Limit&) = default;
};

enum class Order : std::uint8_t {
  kBestQuality,  // matches of the lowest latencies first
  kOldestFirst   // matches around the longest waiting tickets first
};

enum class PartyLatency : std::uint8_t {
  kWorst,  // Tickets::latency_ms
  kMean    // Tickets::mean_latency_ms
};

// The defaults of all but the first three members ask for nothing.
struct Rules {
  std::vector<std::string> regions = {};
  // Bounds of the half-open latency bands in ms, strictly rising: [b0,b1), [b1,b2), ...; the last
  // one is closed. Tickets of one match are in one band. {0, +inf}: one band for all.
  std::vector<float> band_bounds_ms = {};
  int match_size = 4;  // players a match, at most; a whole number for each team
  // A ticket left over in its best region may go to its next best ones.
  bool try_next_best_region = true;

  int min_match_size = 0;  // that will do once somebody has waited max_wait_s; 0: match_size
  float max_wait_s = 0;
  // Teams of a match, all of the same size. A party sits on one.
  int teams = 1;
  bool balance_teams = true;  // by Tickets::skill; false: no regard to it
  // A ticket's highest latency in each region, widened by its own wait; empty: none. One for each
  // region, or a single one for all.
  std::vector<Limit> max_latency_ms = {};
  // Highest - lowest latency in a match.
  Limit max_spread_ms = {};
  // Lowest score of a match. It is asked of each member's own latency, 1000 / (1 + ms), widened by
  // its own wait, so that the match's score reaches it too.
  Limit min_score = {.value = 0, .linear_to = 0};
  Order order = Order::kBestQuality;
  PartyLatency party_latency = PartyLatency::kWorst;
  // Names of string attributes that all tickets of a match have in common, for example "mode".
  std::vector<std::string> equal_attributes = {};
  // Open slots of running matches before new matches; false: after them, with who is left over.
  bool backfill_first = true;
  // The open seats of a new match that is not full are offered to others, as a backfill. For who
  // makes proposals of the matches; the matcher itself does the same either way.
  bool backfill = false;

  friend bool operator==(const Rules&, const Rules&) = default;
};

// Every mistake in the rules, each named.
GSH_EXPORT Status CheckRules(const Rules& rules);

// What `limit` is after a wait, in seconds; of a lower limit if `lower`.
GSH_EXPORT float LimitAfter(const Limit& limit, float wait_s, bool lower = false);
// The shortest wait longer than `wait_s` at which the limit is wider; `wait_s` itself while it
// widens all the time; infinite: never again.
GSH_EXPORT float NextWidening(const Limit& limit, float wait_s, bool lower = false);

}  // namespace gsh::matcher

#endif  // GSH_MATCHER_RULES_H_
