#ifndef GSH_SRC_MATCHER_PLAIN_H_
#define GSH_SRC_MATCHER_PLAIN_H_

#include "gsh/matcher/matcher.h"

namespace gsh::matcher {

// Whether regions, bands and a fixed size are all that rules and tickets ask for: such tickets are
// matched without looking at anything but latencies and keys.
inline bool IsPlain(const Tickets& tickets, const Rules& rules) {
  Rules plain;
  plain.regions = rules.regions;
  plain.band_bounds_ms = rules.band_bounds_ms;
  plain.match_size = rules.match_size;
  plain.try_next_best_region = rules.try_next_best_region;
  // No matter without parties, teams, a smaller size or open slots.
  plain.max_wait_s = rules.max_wait_s;
  plain.balance_teams = rules.balance_teams;
  plain.backfill_first = rules.backfill_first;
  plain.backfill = rules.backfill;
  plain.min_match_size = rules.min_match_size == rules.match_size ? rules.match_size : 0;
  return rules == plain && tickets.party_size.empty() && tickets.team.empty() &&
         tickets.backfills.empty();
}

}  // namespace gsh::matcher

#endif  // GSH_SRC_MATCHER_PLAIN_H_
