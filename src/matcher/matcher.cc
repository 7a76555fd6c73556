#include "gsh/matcher/matcher.h"

#include "src/matcher/check_tickets.h"
#include "src/matcher/grid.h"
#include "src/matcher/plain.h"
#include "src/matcher/rich_round.h"
#include "src/matcher/round.h"
#include "src/matcher/sorted_tickets.h"

namespace gsh::matcher {
std::string_view UnmatchedName(Unmatched reason) {
  switch (reason) {
    case Unmatched::kMatched:
      return "matched";
    case Unmatched::kUnreachable:
      return "unreachable";
    case Unmatched::kOutsideBands:
      return "outside_bands";
    case Unmatched::kNotEnoughNeighbours:
      return "not_enough_neighbours";
    case Unmatched::kRefused:
      return "refused";
    case Unmatched::kOverLimit:
      return "over_limit";
    case Unmatched::kWaitsForWidening:
      return "waits_for_widening";
    case Unmatched::kPartyTooLarge:
      return "party_too_large";
    case Unmatched::kNoSuchTeam:
      return "no_such_team";
  }
  return "unknown";
}

StatusOr<Result> MatchTickets(const Tickets& tickets, const Rules& rules,
                              const MatchOptions& options) {
  if (Status status = CheckRules(rules); !status.ok()) return status;
  if (Status status = CheckTickets(tickets, rules); !status.ok()) return status;
  if (!IsPlain(tickets, rules)) return MatchRich(tickets, rules, options.threads);
  const Grid grid(rules);
  const Packing packing(grid, tickets.count);
  if (!packing.fits()) {
    return InvalidArgumentError("count: too many tickets for so many regions");
  }
  Round round(tickets, rules, grid, packing, options.threads);
  round.MatchBestRegions();
  if (rules.try_next_best_region) {
    round.MatchNextBestRegions();
    round.KeepUpWithEachRegion();
    round.ExchangeWithMatched();
  }
  return round.TakeResult();
}

}  // namespace gsh::matcher
