// The matcher on any columns and rules: nobody is matched twice, sizes and numbers are right, and
// the result is that of its definition, however often it is asked.
#include <algorithm>
#include <cmath>
#include <string>
#include <vector>

#include "gsh/matcher/matcher.h"
#include "src/matcher/reference_matcher.h"
#include "tests/fuzz/fuzz.h"

namespace gsh {
namespace {

using fuzz::Input;
using fuzz::Require;
using matcher::Match;
using matcher::Result;

constexpr std::size_t kMaxTickets = 256;

matcher::Rules TakeRules(Input& input) {
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

// Mostly small whole numbers, so that latencies meet; at times any float.
float TakeLatency(Input& input) {
  const auto byte = input.Take<std::uint8_t>();
  return byte < 0xf0 ? static_cast<float>(byte) / 2 : input.Take<float>();
}

void CheckMatch(const Result& result, const Match& match, const matcher::Tickets& tickets,
                const matcher::Rules& rules) {
  Require(match.size == static_cast<std::uint32_t>(rules.match_size), "a match is full");
  Require(match.region < rules.regions.size(), "a match has a region");
  Require(match.band + 1 < rules.band_bounds_ms.size(), "a match has a band");
  double sum = 0;
  float before = -1;
  for (std::uint32_t i = 0; i < match.size; ++i) {
    const std::uint32_t ticket = result.members.at(match.first_member + i);
    const float latency = tickets.latency_ms[ticket * rules.regions.size() + match.region];
    const float low = rules.band_bounds_ms[match.band];
    const float high = rules.band_bounds_ms[match.band + 1];
    Require(latency >= low && latency <= high, "a member's latency is in the band");
    Require(latency >= before, "members stand by rising latency");
    before = latency;
    sum += static_cast<double>(latency);
  }
  const double mean = sum / match.size;
  Require(std::abs(static_cast<double>(match.mean_latency_ms) - mean) <= 1e-3 * (1 + mean),
          "the mean is the mean");
  Require(match.score > 0 && match.score <= 1000, "the score is in (0, 1000]");
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
}

void RequireSame(const Result& a, const Result& b, const char* promise) {
  Require(a.members == b.members && a.reasons == b.reasons && a.matches.size() == b.matches.size(),
          promise);
  for (std::size_t i = 0; i < a.matches.size(); ++i) {
    Require(a.matches[i].region == b.matches[i].region && a.matches[i].band == b.matches[i].band,
            promise);
  }
}

}  // namespace
}  // namespace gsh

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  gsh::fuzz::Input input(data, size);
  const gsh::matcher::Rules rules = gsh::TakeRules(input);
  const bool keyed = input.TakeBelow(2) == 1;
  std::vector<float> latencies;
  std::vector<std::uint64_t> keys;
  std::size_t count = 0;
  for (; !input.empty() && count < gsh::kMaxTickets; ++count) {
    for (std::size_t r = 0; r < rules.regions.size(); ++r) {
      latencies.push_back(gsh::TakeLatency(input));
    }
    if (keyed) keys.push_back(input.Take<std::uint8_t>());
  }
  const gsh::matcher::Tickets tickets{.count = count, .latency_ms = latencies, .key = keys};
  const auto result = gsh::matcher::MatchTickets(tickets, rules);
  gsh::fuzz::Require(result.ok(), "good rules and arrays are taken");
  for (const auto& match : result->matches) gsh::CheckMatch(*result, match, tickets, rules);
  gsh::CheckEachOnce(*result, count);
  gsh::RequireSame(*result, *gsh::matcher::MatchTickets(tickets, rules), "asked again: the same");
  gsh::RequireSame(*result, gsh::matcher::MatchTicketsByDefinition(tickets, rules),
                   "as the definition says");
  return 0;
}
