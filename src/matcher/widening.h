// When limits let something in; LimitAfter and NextWidening are in gsh/matcher/rules.h.
#ifndef GSH_SRC_MATCHER_WIDENING_H_
#define GSH_SRC_MATCHER_WIDENING_H_

#include <algorithm>
#include <cmath>
#include <cstdint>

#include "gsh/matcher/matcher.h"

namespace gsh::matcher {

// The shortest wait with which `x` is within an upper limit, in seconds; infinite: none.
float WaitUntil(const Limit& limit, float x);

// The highest latency whose score, 1000 / (1 + ms), is not below `score`; negative: none.
float LatencyOfScore(float score);
// As WaitUntil of a latency and a limit of its score.
float WaitUntilScore(const Limit& min_score, float latency_ms);

inline bool Widens(const Limit& limit) { return !limit.steps.empty() || limit.linear_per_s > 0; }

// The wait that widens a limit of a whole match.
inline float WaitOfMatch(WaitOf wait_of, float longest_s, float shortest_s) {
  switch (wait_of) {
    case WaitOf::kOldest:
      return longest_s;
    case WaitOf::kNewest:
      return shortest_s;
    case WaitOf::kMean:
      return 0.5f * longest_s + 0.5f * shortest_s;
  }
  return shortest_s;
}

// What arrays say of one ticket, defaults and nonsense put right.
inline float WaitOfTicket(const Tickets& tickets, std::size_t ticket) {
  if (tickets.wait_s.empty()) return 0;
  const float wait_s = tickets.wait_s[ticket];
  return wait_s > 0 ? std::min(wait_s, 1e9f) : 0;  // so that sums of waits are finite
}
inline std::uint32_t PlayersOf(const Tickets& tickets, std::size_t ticket) {
  if (tickets.party_size.empty()) return 1;
  return std::max<std::uint32_t>(tickets.party_size[ticket], 1);
}
inline float SkillOf(const Tickets& tickets, std::size_t ticket) {
  if (tickets.skill.empty()) return 0;
  return std::isfinite(tickets.skill[ticket]) ? tickets.skill[ticket] : 0;
}
inline std::uint16_t TeamOf(const Tickets& tickets, std::size_t ticket) {
  return tickets.team.empty() ? kAnyTeam : tickets.team[ticket];
}

}  // namespace gsh::matcher

#endif  // GSH_SRC_MATCHER_WIDENING_H_
