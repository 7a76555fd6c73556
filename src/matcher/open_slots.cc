#include "src/matcher/open_slots.h"

#include <algorithm>
#include <cmath>
#include <limits>
#include <map>
#include <tuple>

#include "src/matcher/widening.h"

namespace gsh::matcher {
namespace {

constexpr float kInfinity = std::numeric_limits<float>::infinity();

// The latencies of who plays already; empty (lowest above highest) where they are not known.
struct Range {
  float lowest = kInfinity;
  float highest = -kInfinity;

  explicit Range(const Backfill& backfill) {
    const float low = backfill.lowest_latency_ms;
    const float high = backfill.highest_latency_ms;
    if (!(low <= high) || !std::isfinite(low) || !std::isfinite(high)) return;
    lowest = low;
    highest = high;
  }
  void Take(float latency_ms) {
    lowest = std::min(lowest, latency_ms);
    highest = std::max(highest, latency_ms);
  }
  float Spread() const { return highest - lowest; }
};

}  // namespace

OpenSlots::OpenSlots(const Tickets& tickets, const Rules& rules, const Grid& grid,
                     const Openness& openness, const AttributeGroups& groups)
    : tickets_(tickets), rules_(rules), grid_(grid), openness_(openness), groups_(groups) {}

bool OpenSlots::InLine(const Candidate& a, const Candidate& b) const {
  if (a.latency_ms != b.latency_ms) return a.latency_ms < b.latency_ms;
  return std::tuple(KeyOf(tickets_, a.ticket), a.ticket) <
         std::tuple(KeyOf(tickets_, b.ticket), b.ticket);
}

bool OpenSlots::MayPlayIn(std::uint32_t ticket, std::uint32_t region) const {
  if (!openness_.Fits(ticket)) return false;
  return rules_.try_next_best_region ? openness_.IsOpen(ticket, region)
                                     : openness_.First(ticket) == region;
}

std::vector<OpenSlots::Candidate> OpenSlots::CandidatesOf(
    std::uint32_t region, const std::vector<std::uint8_t>& free) const {
  std::vector<Candidate> candidates;
  for (std::uint32_t ticket = 0; ticket < tickets_.count; ++ticket) {
    if (free[ticket] == 0 || !MayPlayIn(ticket, region)) continue;
    candidates.push_back(
        {openness_.Latency(ticket, region), WaitOfTicket(tickets_, ticket), ticket});
  }
  std::sort(candidates.begin(), candidates.end(),
            [this](const Candidate& a, const Candidate& b) { return InLine(a, b); });
  return candidates;
}

std::vector<OpenSlots::Candidate> OpenSlots::TurnsOf(const Backfill& backfill,
                                                     std::span<const Candidate> candidates,
                                                     const std::vector<std::uint8_t>& free) const {
  const std::uint32_t group = groups_.Find(backfill.attributes);
  const auto band_of = [this](float latency, std::uint32_t otherwise) {
    return grid_.InBands(latency) ? grid_.Band(latency) : otherwise;
  };
  const std::uint32_t lowest_band = band_of(backfill.lowest_latency_ms, 0);
  const std::uint32_t highest_band = band_of(backfill.highest_latency_ms, grid_.bands() - 1);
  const Range range(backfill);
  std::vector<Candidate> turns;
  for (const Candidate& candidate : candidates) {
    if (free[candidate.ticket] == 0 || groups_.Of(candidate.ticket) != group) continue;
    const std::uint32_t band = grid_.Band(candidate.latency_ms);
    if (band < lowest_band || band > highest_band) continue;
    Range with = range;
    with.Take(candidate.latency_ms);
    if (with.Spread() > LimitAfter(rules_.max_spread_ms, candidate.wait_s)) continue;
    turns.push_back(candidate);
  }
  if (rules_.order == Order::kOldestFirst) {
    std::stable_sort(turns.begin(), turns.end(),
                     [](const Candidate& a, const Candidate& b) { return a.wait_s > b.wait_s; });
  }
  return turns;
}

void OpenSlots::Fill(std::vector<std::uint8_t>& free, Made& made) {
  std::map<std::uint32_t, std::vector<Candidate>> by_region;
  for (std::uint32_t index = 0; index < tickets_.backfills.size(); ++index) {
    const Backfill& backfill = tickets_.backfills[index];
    const auto [at, anew] = by_region.try_emplace(backfill.region);
    if (anew) at->second = CandidatesOf(backfill.region, free);
    FillOne(index, TurnsOf(backfill, at->second, free), free, made);
  }
}

void OpenSlots::FillOne(std::uint32_t index, std::span<const Candidate> turns,
                        std::vector<std::uint8_t>& free, Made& made) const {
  const Backfill& backfill = tickets_.backfills[index];
  std::vector<std::uint32_t> open = backfill.open_slots;
  Range range(backfill);
  float limit = kInfinity;  // the narrowest of those who join
  const bool band_known =
      grid_.InBands(backfill.lowest_latency_ms) || grid_.InBands(backfill.highest_latency_ms);
  std::vector<Joined> joined;
  for (const Candidate& next : turns) {
    std::uint16_t team = TeamOf(tickets_, next.ticket);
    if (team == kAnyTeam) {
      const auto widest = std::max_element(open.begin(), open.end());
      if (*widest == 0) break;
      team = static_cast<std::uint16_t>(widest - open.begin());
    }
    Range with = range;
    with.Take(next.latency_ms);
    const float own = std::min(limit, LimitAfter(rules_.max_spread_ms, next.wait_s));
    const std::uint32_t players = PlayersOf(tickets_, next.ticket);
    if (open[team] < players || !(with.Spread() <= own)) continue;
    if (!band_known && !joined.empty() &&
        grid_.Band(next.latency_ms) != grid_.Band(joined.front().candidate.latency_ms)) {
      continue;
    }
    open[team] -= players;
    range = with;
    limit = own;
    free[next.ticket] = 0;
    joined.push_back({next, team});
  }
  if (!joined.empty()) Write(index, joined, range.Spread(), made);
}

void OpenSlots::Write(std::uint32_t index, std::vector<Joined>& joined, float spread_ms,
                      Made& made) const {
  std::sort(joined.begin(), joined.end(),
            [this](const Joined& a, const Joined& b) { return InLine(a.candidate, b.candidate); });
  double sum = 0;
  std::uint32_t players = 0;
  for (const auto& [member, team] : joined) {
    const std::uint32_t size = PlayersOf(tickets_, member.ticket);
    sum += static_cast<double>(member.latency_ms) * size;
    players += size;
  }
  const double mean = sum / players;
  made.matches.push_back({.region = tickets_.backfills[index].region,
                          .band = grid_.Band(joined.front().candidate.latency_ms),
                          .first_member = static_cast<std::uint32_t>(made.members.size()),
                          .size = static_cast<std::uint32_t>(joined.size()),
                          .players = players,
                          .backfill = index,
                          .mean_latency_ms = static_cast<float>(mean),
                          .spread_ms = spread_ms,
                          .score = ScoreOf(mean)});
  for (const auto& [member, team] : joined) {
    made.members.push_back(member.ticket);
    if (rules_.teams > 1) made.teams.push_back(team);
  }
}

}  // namespace gsh::matcher
