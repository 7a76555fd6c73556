// The matcher on any columns and rules: plain ones against their definition, rich ones against
// theirs; bad rules and arrays of any size are refused, not read.
#include <algorithm>
#include <cmath>
#include <limits>
#include <string>
#include <vector>

#include "gsh/matcher/matcher.h"
#include "src/matcher/plain.h"
#include "src/matcher/random_input.h"
#include "src/matcher/reference_matcher.h"
#include "src/matcher/reference_rich.h"
#include "tests/fuzz/fuzz.h"

namespace gsh {
namespace {

using fuzz::Input;
using fuzz::Require;
using matcher::Limit;
using matcher::Result;

constexpr std::size_t kMaxTickets = 48;

// Mostly small whole numbers, so that values meet; at times any float.
float TakeFloat(Input& input) {
  const auto byte = input.Take<std::uint8_t>();
  return byte < 0xf0 ? static_cast<float>(byte) / 2 : input.Take<float>();
}

Limit TakeLimit(Input& input, bool lower) {
  Limit limit{.value = TakeFloat(input), .linear_to = lower ? 0 : HUGE_VALF};
  float after_s = 0;
  float value = limit.value;
  for (std::size_t n = input.TakeBelow(3); n > 0; --n) {
    after_s += TakeFloat(input);  // nearly always further and wider
    value = lower ? value / 2 : value + TakeFloat(input);
    limit.steps.push_back({after_s, value});
  }
  if (input.TakeBelow(2) == 1) {
    limit.linear_per_s = TakeFloat(input);
    limit.linear_after_s = TakeFloat(input);
    limit.linear_to = lower ? 0 : limit.value + TakeFloat(input);
  }
  limit.wait_of = static_cast<matcher::WaitOf>(input.TakeBelow(3));
  return limit;
}

matcher::Rules TakePlainRules(Input& input) {
  matcher::Rules rules;
  for (std::size_t n = 1 + input.TakeBelow(4); n > 0; --n) {
    rules.regions.push_back("r" + std::to_string(n));
  }
  float bound = static_cast<float>(input.TakeBelow(8));
  for (std::size_t n = 2 + input.TakeBelow(4); n > 0; --n) {
    rules.band_bounds_ms.push_back(bound);
    bound += static_cast<float>(input.Take<std::uint8_t>()) + 1;
  }
  if (input.TakeBelow(4) == 0) rules.band_bounds_ms.back() = HUGE_VALF;
  rules.match_size = static_cast<int>(1 + input.TakeBelow(6));
  rules.try_next_best_region = input.TakeBelow(2) == 1;
  return rules;
}

// Not all of them are right.
void TakeRichRules(Input& input, matcher::Rules& rules) {
  rules.max_wait_s = TakeFloat(input);
  rules.teams = static_cast<int>(input.TakeBelow(4));
  rules.min_match_size = static_cast<int>(input.TakeBelow(3)) * rules.teams;
  if (rules.match_size * rules.teams > 0) rules.match_size *= rules.teams;
  rules.balance_teams = input.TakeBelow(2) == 1;
  for (std::size_t n = input.TakeBelow(3); n > 0; --n) {
    rules.max_latency_ms.push_back(TakeLimit(input, false));
  }
  if (input.TakeBelow(2) == 1) rules.max_spread_ms = TakeLimit(input, false);
  if (input.TakeBelow(2) == 1) rules.min_score = TakeLimit(input, true);
  rules.order = static_cast<matcher::Order>(input.TakeBelow(2));
  rules.party_latency = static_cast<matcher::PartyLatency>(input.TakeBelow(2));
  if (input.TakeBelow(2) == 1) rules.equal_attributes.push_back("mode");
  rules.backfill_first = input.TakeBelow(2) == 1;
}

matcher::Backfill TakeBackfill(Input& input, const matcher::Rules& rules) {
  matcher::Backfill backfill{.region = static_cast<std::uint32_t>(input.TakeBelow(5))};
  const std::size_t teams = input.TakeBelow(16) == 0 ? 1 : static_cast<std::size_t>(rules.teams);
  for (std::size_t i = 0; i < teams; ++i) {
    backfill.open_slots.push_back(input.Take<std::uint8_t>() / 32);
  }
  backfill.lowest_latency_ms = TakeFloat(input);
  backfill.highest_latency_ms = TakeFloat(input);
  backfill.attributes.assign(rules.equal_attributes.size(), 1);
  return backfill;
}

void TakeTicket(Input& input, const matcher::Rules& rules, unsigned columns,
                matcher::RichInput& tickets) {
  ++tickets.count;
  for (std::size_t r = 0; r < rules.regions.size(); ++r) {
    tickets.latency_ms.push_back(TakeFloat(input));
    if (rules.party_latency == matcher::PartyLatency::kMean) {
      tickets.mean_latency_ms.push_back(TakeFloat(input));
    }
  }
  if (columns & 1) tickets.key.push_back(input.Take<std::uint8_t>());
  if (columns & 2) tickets.wait_s.push_back(TakeFloat(input));
  if (columns & 4) tickets.party_size.push_back(static_cast<std::uint16_t>(input.TakeBelow(5)));
  if (columns & 8) tickets.skill.push_back(TakeFloat(input));
  if (columns & 16) {
    const std::size_t team = input.TakeBelow(8);
    tickets.team.push_back(team > 3 ? matcher::kAnyTeam : static_cast<std::uint16_t>(team));
  }
  if (!rules.equal_attributes.empty()) {
    tickets.attributes.push_back(static_cast<std::uint32_t>(input.TakeBelow(3)));
  }
}

void CheckEachOnce(const Result& result, std::size_t count) {
  std::vector<std::uint32_t> members = result.members;
  std::sort(members.begin(), members.end());
  Require(std::adjacent_find(members.begin(), members.end()) == members.end(),
          "no ticket is in two matches");
  Require(result.reasons.size() == count, "one reason a ticket");
  for (std::uint32_t ticket = 0; ticket < count; ++ticket) {
    const bool member = std::binary_search(members.begin(), members.end(), ticket);
    Require(member == (result.reasons[ticket] == matcher::Unmatched::kMatched),
            "who is in no match has a reason");
  }
  for (const matcher::Match& match : result.matches) {
    Require(match.score > 0 && match.score <= 1000, "the score is in (0, 1000]");
    Require(match.first_member + match.size <= members.size(), "members are there");
  }
}

void RequireSame(const Result& a, const Result& b, const char* promise) {
  Require(a.matches == b.matches && a.members == b.members && a.reasons == b.reasons &&
              a.teams == b.teams && a.widens_at_s == b.widens_at_s,
          promise);
}

// Spans of lengths that fit nothing, up to those whose products overflow; only their sizes may be
// looked at.
void CheckHostileSizes(Input& input, const matcher::Rules& rules) {
  static const float latency = 1;
  const std::size_t counts[] = {1, 7, std::size_t{1} << 32, std::size_t{1} << 62,
                                std::numeric_limits<std::size_t>::max()};
  matcher::Tickets tickets{.count = counts[input.TakeBelow(5)],
                           .latency_ms = {&latency, input.TakeBelow(2)}};
  if (tickets.latency_ms.size() == tickets.count * rules.regions.size()) return;
  Require(!matcher::MatchTickets(tickets, rules).ok(), "arrays of the wrong size are refused");
}

}  // namespace
}  // namespace gsh

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  gsh::fuzz::Input input(data, size);
  gsh::matcher::Rules rules = gsh::TakePlainRules(input);
  const bool rich = input.TakeBelow(2) == 1;
  if (rich) gsh::TakeRichRules(input, rules);
  gsh::CheckHostileSizes(input, rules);
  const auto columns = rich ? input.Take<std::uint8_t>() : input.TakeBelow(4);
  gsh::matcher::RichInput tickets;
  for (std::size_t n = rich ? input.TakeBelow(4) : 0; n > 0 && rules.teams > 0; --n) {
    tickets.backfills.push_back(gsh::TakeBackfill(input, rules));
  }
  while (!input.empty() && tickets.count < gsh::kMaxTickets) {
    gsh::TakeTicket(input, rules, static_cast<unsigned>(columns), tickets);
  }
  const gsh::matcher::Tickets view = tickets.View();
  const auto result = gsh::matcher::MatchTickets(view, rules);
  if (!result.ok()) {
    gsh::fuzz::Require(rich, "good rules and arrays are taken");
    return 0;
  }
  gsh::CheckEachOnce(*result, view.count);
  gsh::RequireSame(*result, *gsh::matcher::MatchTickets(view, rules, {.threads = 2}),
                   "asked again on two threads: the same");
  const bool plain = gsh::matcher::IsPlain(view, rules);
  gsh::RequireSame(*result,
                   plain ? gsh::matcher::MatchTicketsByDefinition(view, rules)
                         : gsh::matcher::MatchRichByDefinition(view, rules),
                   "as the definition says");
  return 0;
}
