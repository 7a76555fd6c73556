#include "src/matcher/openness.h"

#include <algorithm>
#include <array>
#include <tuple>

#include "src/matcher/limits.h"

namespace gsh::matcher {
namespace {

constexpr float kInfinity = std::numeric_limits<float>::infinity();

}  // namespace

Openness::Openness(const Tickets& tickets, const Rules& rules, const Grid& grid)
    : tickets_(tickets),
      rules_(rules),
      grid_(grid),
      latency_(rules.party_latency == PartyLatency::kMean ? tickets.mean_latency_ms
                                                          : tickets.latency_ms),
      teams_(static_cast<std::uint32_t>(rules.teams)),
      team_size_(static_cast<std::uint32_t>(rules.match_size) / teams_),
      widens_(Widens(rules.min_score)) {
  const float by_score = LatencyOfScore(LimitAfter(rules.min_score, 0, true));
  for (std::uint32_t region = 0; region < grid.regions(); ++region) {
    float highest = by_score;
    if (!rules.max_latency_ms.empty()) {
      highest = std::min(highest, LimitAfter(MaxLatency(region), 0));
      widens_ = widens_ || Widens(MaxLatency(region));
    }
    const bool below = highest < grid.bounds().front();
    const bool above = highest >= grid.bounds().back();
    open_at_once_.push_back(below ? 0 : above ? grid.width() + 1 : grid.Offset(highest) + 1);
  }
}

bool Openness::IsOpen(std::uint32_t ticket, std::uint32_t region) const {
  const float latency = Latency(ticket, region);
  const std::uint32_t offset = grid_.Offset(latency);
  if (offset < open_at_once_[region]) return true;
  if (offset > grid_.width() || !widens_) return false;
  const float wait_s = WaitOfTicket(tickets_, ticket);
  if (!rules_.max_latency_ms.empty() && latency > LimitAfter(MaxLatency(region), wait_s)) {
    return false;
  }
  return latency <= LatencyOfScore(LimitAfter(rules_.min_score, wait_s, true));
}

float Openness::OpensAt(std::uint32_t ticket, std::uint32_t region) const {
  const float latency = Latency(ticket, region);
  if (!grid_.InBands(latency)) return kInfinity;
  const float by_score = WaitUntilScore(rules_.min_score, latency);
  if (rules_.max_latency_ms.empty()) return by_score;
  return std::max(by_score, WaitUntil(MaxLatency(region), latency));
}

std::uint32_t Openness::FirstWidened(std::uint32_t ticket) const {
  std::array<std::uint32_t, kMaxRegions> regions;
  return Ranked(ticket, regions) == 0 ? kNoRegion : regions[0];
}

std::uint32_t Openness::Ranked(std::uint32_t ticket, std::span<std::uint32_t> regions) const {
  std::uint32_t count = 0;
  for (std::uint32_t region = 0; region < grid_.regions(); ++region) {
    if (IsOpen(ticket, region)) regions[count++] = region;
  }
  std::sort(regions.begin(), regions.begin() + count, [&](std::uint32_t a, std::uint32_t b) {
    const float opens_a = widens_ ? OpensAt(ticket, a) : 0;
    const float opens_b = widens_ ? OpensAt(ticket, b) : 0;
    // By offset, that is without a difference between the two zeros.
    return std::tuple(opens_a, grid_.Offset(Latency(ticket, a)), a) <
           std::tuple(opens_b, grid_.Offset(Latency(ticket, b)), b);
  });
  return count;
}

}  // namespace gsh::matcher
