#include "src/matcher/explain.h"

#include <algorithm>
#include <cmath>
#include <limits>

#include "src/matcher/widening.h"

namespace gsh::matcher {
namespace {

constexpr float kInfinity = std::numeric_limits<float>::infinity();

bool MayBeSmaller(const Rules& rules) {
  return rules.min_match_size > 0 && rules.min_match_size < rules.match_size;
}

class Explanation {
 public:
  Explanation(const Tickets& tickets, const Rules& rules, const Grid& grid,
              const Openness& openness)
      : tickets_(tickets), rules_(rules), grid_(grid), openness_(openness) {}

  // Gives the reason, and when limits next widen for the ticket (infinite: never).
  Unmatched Of(std::uint32_t ticket, float& widens_at_s) const {
    if (!openness_.Fits(ticket)) {
      const std::uint32_t places = static_cast<std::uint32_t>(rules_.match_size / rules_.teams);
      return PlayersOf(tickets_, ticket) > places ? Unmatched::kPartyTooLarge
                                                  : Unmatched::kNoSuchTeam;
    }
    bool usable = false;
    bool in_bands = false;
    bool open = false;
    for (std::uint32_t region = 0; region < grid_.regions(); ++region) {
      const float latency = openness_.Latency(ticket, region);
      usable = usable || (std::isfinite(latency) && latency >= 0);
      in_bands = in_bands || grid_.InBands(latency);
      open = open || openness_.IsOpen(ticket, region);
    }
    if (!usable) return Unmatched::kUnreachable;
    if (!in_bands) return Unmatched::kOutsideBands;
    widens_at_s = WidensAt(ticket, open);
    if (widens_at_s < kInfinity) return Unmatched::kWaitsForWidening;
    return open ? Unmatched::kNotEnoughNeighbours : Unmatched::kOverLimit;
  }

 private:
  float WidensAt(std::uint32_t ticket, bool open) const {
    const float wait_s = WaitOfTicket(tickets_, ticket);
    float at = kInfinity;
    for (std::uint32_t region = 0; region < grid_.regions(); ++region) {
      if (openness_.IsOpen(ticket, region) || (open && !rules_.try_next_best_region)) continue;
      at = std::min(at, std::max(openness_.OpensAt(ticket, region), wait_s));
    }
    if (!open) return at;
    at = std::min(at, NextWidening(rules_.max_spread_ms, wait_s));
    if (MayBeSmaller(rules_) && wait_s < rules_.max_wait_s) at = std::min(at, rules_.max_wait_s);
    return at;
  }

  const Tickets& tickets_;
  const Rules& rules_;
  const Grid& grid_;
  const Openness& openness_;
};

}  // namespace

bool SomethingWidens(const Rules& rules) {
  const bool latency =
      std::any_of(rules.max_latency_ms.begin(), rules.max_latency_ms.end(), Widens);
  const bool size = MayBeSmaller(rules) && rules.max_wait_s > 0 && rules.max_wait_s < kInfinity;
  return latency || size || Widens(rules.max_spread_ms) || Widens(rules.min_score);
}

void ExplainUnmatched(const Tickets& tickets, const Rules& rules, const Grid& grid,
                      const Openness& openness, Result& result) {
  const bool widens = SomethingWidens(rules);
  if (widens) result.widens_at_s.assign(tickets.count, kInfinity);
  const Explanation explanation(tickets, rules, grid, openness);
  for (std::uint32_t ticket = 0; ticket < tickets.count; ++ticket) {
    if (result.reasons[ticket] == Unmatched::kMatched) continue;
    float widens_at_s = kInfinity;
    result.reasons[ticket] = explanation.Of(ticket, widens_at_s);
    if (widens) result.widens_at_s[ticket] = widens_at_s;
  }
}

}  // namespace gsh::matcher
