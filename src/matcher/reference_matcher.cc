#include "src/matcher/reference_matcher.h"

#include <algorithm>
#include <cmath>
#include <set>
#include <tuple>
#include <vector>

namespace gsh::matcher {
namespace {

struct Group {
  std::size_t region;
  int band;
  std::vector<std::size_t> members;
  double mean;
};

class Definition {
 public:
  Definition(const Tickets& tickets, const Rules& rules) : tickets_(tickets), rules_(rules) {
    for (std::size_t ticket = 0; ticket < tickets.count; ++ticket) {
      if (!Preference(ticket).empty()) free_.insert(ticket);
    }
  }

  Result Run() {
    MatchUpToRank(1);
    if (rules_.try_next_best_region) {
      MatchUpToEachRank();
      KeepUpWithEachRegion();
    }
    return Written();
  }

 private:
  float Latency(std::size_t ticket, std::size_t region) const {
    return tickets_.latency_ms[ticket * rules_.regions.size() + region];
  }
  std::size_t size() const { return static_cast<std::size_t>(rules_.match_size); }

  // -1: none.
  int Band(float latency) const {
    const auto& bounds = rules_.band_bounds_ms;
    if (!std::isfinite(latency)) return -1;
    const int last = static_cast<int>(bounds.size()) - 2;
    for (int band = 0; band <= last; ++band) {
      const auto i = static_cast<std::size_t>(band);
      if (latency >= bounds[i] && latency < bounds[i + 1]) return band;
    }
    return latency == bounds.back() ? last : -1;
  }

  // The regions that the ticket can play in, best first.
  std::vector<std::size_t> Preference(std::size_t ticket) const {
    std::vector<std::size_t> regions;
    for (std::size_t region = 0; region < rules_.regions.size(); ++region) {
      if (Band(Latency(ticket, region)) >= 0) regions.push_back(region);
    }
    std::stable_sort(regions.begin(), regions.end(), [&](std::size_t a, std::size_t b) {
      return Latency(ticket, a) < Latency(ticket, b);
    });
    return regions;
  }

  auto Order(std::size_t ticket, std::size_t region) const {
    const std::uint64_t key = tickets_.key.empty() ? 0 : tickets_.key[ticket];
    return std::tuple(Latency(ticket, region), key, ticket);
  }

  // Chunks of neighbours; the rest stays free.
  void GroupNeighbours(std::size_t region, int band, std::vector<std::size_t> tickets) {
    std::sort(tickets.begin(), tickets.end(),
              [&](std::size_t a, std::size_t b) { return Order(a, region) < Order(b, region); });
    for (std::size_t first = 0; first + size() <= tickets.size(); first += size()) {
      Group group{region, band, {}, 0};
      for (std::size_t i = first; i < first + size(); ++i) {
        group.members.push_back(tickets[i]);
        group.mean += static_cast<double>(Latency(tickets[i], region));
        free_.erase(tickets[i]);
      }
      group.mean /= static_cast<double>(size());
      groups_.push_back(group);
    }
  }

  void MatchUpToRank(std::size_t rank) {
    const int bands = static_cast<int>(rules_.band_bounds_ms.size()) - 1;
    for (std::size_t region = 0; region < rules_.regions.size(); ++region) {
      for (int band = 0; band < bands; ++band) {
        std::vector<std::size_t> willing;
        for (const std::size_t ticket : free_) {
          std::vector<std::size_t> regions = Preference(ticket);
          regions.resize(std::min(regions.size(), rank));
          const bool offered = std::count(regions.begin(), regions.end(), region) > 0;
          if (offered && Band(Latency(ticket, region)) == band) willing.push_back(ticket);
        }
        GroupNeighbours(region, band, willing);
      }
    }
  }

  void MatchUpToEachRank() {
    for (std::size_t rank = 1; rank <= rules_.regions.size(); ++rank) MatchUpToRank(rank);
  }

  std::vector<std::vector<std::size_t>> ByBand(const std::set<std::size_t>& tickets,
                                               std::size_t region) const {
    std::vector<std::vector<std::size_t>> bands(rules_.band_bounds_ms.size() - 1);
    for (const std::size_t ticket : tickets) {
      const int band = Band(Latency(ticket, region));
      if (band >= 0) bands[static_cast<std::size_t>(band)].push_back(ticket);
    }
    return bands;
  }

  std::size_t MatchesIn(const std::set<std::size_t>& tickets, std::size_t region) const {
    std::size_t matches = 0;
    for (const auto& band : ByBand(tickets, region)) matches += band.size() / size();
    return matches;
  }

  void KeepUpWithEachRegion() {
    std::set<std::size_t> all;
    for (std::size_t ticket = 0; ticket < tickets_.count; ++ticket) all.insert(ticket);
    std::size_t region = 0;
    for (std::size_t other = 1; other < rules_.regions.size(); ++other) {
      if (MatchesIn(all, other) > MatchesIn(all, region)) region = other;
    }
    const std::size_t wanted = MatchesIn(all, region);
    if (groups_.size() >= wanted) return;
    SortGroups();
    while (groups_.size() + MatchesIn(free_, region) < wanted) {
      const auto worst = std::find_if(groups_.rbegin(), groups_.rend(),
                                      [&](const Group& group) { return group.region != region; });
      free_.insert(worst->members.begin(), worst->members.end());
      groups_.erase(std::next(worst).base());
    }
    int number = 0;
    for (const auto& band : ByBand(free_, region)) GroupNeighbours(region, number++, band);
    MatchUpToEachRank();
  }

  void SortGroups() {
    const auto standing = [&](const Group& group) {
      return std::tuple(-1000.0 / (1.0 + group.mean), group.region,
                        Order(group.members.front(), group.region));
    };
    std::sort(groups_.begin(), groups_.end(),
              [&](const Group& a, const Group& b) { return standing(a) < standing(b); });
  }

  Unmatched Reason(std::size_t ticket) const {
    if (free_.contains(ticket)) return Unmatched::kNotEnoughNeighbours;
    if (!Preference(ticket).empty()) return Unmatched::kMatched;
    for (std::size_t region = 0; region < rules_.regions.size(); ++region) {
      const float latency = Latency(ticket, region);
      if (std::isfinite(latency) && latency >= 0) return Unmatched::kOutsideBands;
    }
    return Unmatched::kUnreachable;
  }

  Result Written() {
    SortGroups();
    Result result;
    for (const Group& group : groups_) {
      Match match;
      match.region = static_cast<std::uint32_t>(group.region);
      match.band = static_cast<std::uint32_t>(group.band);
      match.first_member = static_cast<std::uint32_t>(result.members.size());
      match.size = static_cast<std::uint32_t>(group.members.size());
      match.players = match.size;
      match.mean_latency_ms = static_cast<float>(group.mean);
      match.spread_ms = Latency(group.members.back(), group.region) -
                        Latency(group.members.front(), group.region);
      match.score = 1000.0 / (1.0 + group.mean);
      result.matches.push_back(match);
      for (const std::size_t ticket : group.members) {
        result.members.push_back(static_cast<std::uint32_t>(ticket));
      }
    }
    for (std::size_t ticket = 0; ticket < tickets_.count; ++ticket) {
      result.reasons.push_back(Reason(ticket));
    }
    return result;
  }

  const Tickets& tickets_;
  const Rules& rules_;
  std::set<std::size_t> free_;
  std::vector<Group> groups_;
};

}  // namespace

Result MatchTicketsByDefinition(const Tickets& tickets, const Rules& rules) {
  return Definition(tickets, rules).Run();
}

}  // namespace gsh::matcher
