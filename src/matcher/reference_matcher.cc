#include "src/matcher/reference_matcher.h"

#include <algorithm>
#include <cmath>
#include <iterator>
#include <map>
#include <set>
#include <tuple>
#include <utility>
#include <vector>

#include "src/matcher/limits.h"

namespace gsh::matcher {
namespace {

struct Group {
  std::size_t region;
  int band;
  std::vector<std::size_t> members;
  double mean;
  bool of_best = false;  // all its members are in their best region since the first step
};

using Cell = std::pair<std::size_t, int>;  // region, band

class Definition {
 public:
  Definition(const Tickets& tickets, const Rules& rules) : tickets_(tickets), rules_(rules) {
    for (std::size_t ticket = 0; ticket < tickets.count; ++ticket) {
      if (!Preference(ticket).empty()) free_.insert(ticket);
    }
  }

  Result Run() {
    MatchUpToRank(1);
    for (Group& group : groups_) group.of_best = true;
    if (rules_.try_next_best_region) {
      MatchUpToEachRank();
      KeepUpWithEachRegion();
      ExchangeWithMatched();
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

  struct Donor {
    std::size_t group;
    std::size_t ticket;
  };
  using Donors = std::map<std::pair<Cell, Cell>, std::vector<Donor>>;  // by from and to

  std::vector<Cell> CellsOf(std::size_t ticket) const {
    std::vector<Cell> cells;
    for (std::size_t region = 0; region < rules_.regions.size(); ++region) {
      if (const int band = Band(Latency(ticket, region)); band >= 0) {
        cells.emplace_back(region, band);
      }
    }
    return cells;
  }
  bool PlaysIn(std::size_t ticket, const Cell& cell) const {
    return Band(Latency(ticket, cell.first)) == cell.second;
  }

  // docs/matcher.md, "Exchange".
  void ExchangeWithMatched() {
    const std::size_t bands = rules_.band_bounds_ms.size() - 1;
    if (rules_.regions.size() * bands > kMaxExchangeCells) return;
    SortGroups();
    const Donors donors = FindDonors();
    std::set<std::size_t> taken;
    bool filled = true;
    while (filled && free_.size() >= size()) {
      filled = false;
      std::map<Cell, int> seats;
      for (const std::size_t ticket : free_) {
        for (const Cell& cell : CellsOf(ticket)) ++seats[cell];
      }
      std::vector<std::pair<int, Cell>> targets;
      for (const auto& [cell, count] : seats) targets.emplace_back(-count, cell);
      std::sort(targets.begin(), targets.end());
      for (const auto& [count, cell] : targets) {
        if (!filled) filled = Fill(cell, donors, taken);
      }
    }
  }

  Donors FindDonors() const {
    Donors donors;
    std::map<Cell, std::size_t> looked_at;
    for (std::size_t i = groups_.size(); i-- > 0;) {
      const Group& group = groups_[i];
      const Cell from(group.region, group.band);
      if (!group.of_best || looked_at[from]++ >= kMaxExchangeTickets / size()) continue;
      for (const std::size_t ticket : group.members) {
        for (const Cell& to : CellsOf(ticket)) {
          if (to.first != from.first) donors[{from, to}].push_back({i, ticket});
        }
      }
    }
    return donors;
  }

  bool Fill(const Cell& target, const Donors& donors, std::set<std::size_t>& all_taken) {
    std::set<std::size_t> free = free_;
    std::set<std::size_t> taken = all_taken;
    std::vector<Group> groups = groups_;
    std::vector<std::size_t> seated;
    for (const std::size_t ticket : free_) {
      if (PlaysIn(ticket, target)) seated.push_back(ticket);
    }
    for (const std::size_t ticket : seated) free.erase(ticket);
    const auto donor = [&](const Cell& from, const Cell& to) -> const Donor* {
      const auto of_edge = donors.find({from, to});
      if (of_edge == donors.end()) return nullptr;
      for (const Donor& candidate : of_edge->second) {
        if (!taken.contains(candidate.group)) return &candidate;
      }
      return nullptr;
    };
    while (seated.size() < size()) {
      if (++exchange_searches_ > kMaxExchangeSearches) return false;
      std::map<Cell, Cell> next;
      std::vector<Cell> line = {target};
      std::vector<std::size_t> newcomers;
      for (std::size_t i = 0; i < line.size() && newcomers.empty(); ++i) {
        for (std::size_t region = 0; region < rules_.regions.size(); ++region) {
          for (int band = 0; band + 1 < static_cast<int>(rules_.band_bounds_ms.size()); ++band) {
            const Cell from(region, band);
            const bool seen = from == target || next.contains(from) || !newcomers.empty();
            if (seen || donor(from, line[i]) == nullptr) continue;
            next[from] = line[i];
            line.push_back(from);
            std::copy_if(free.begin(), free.end(), std::back_inserter(newcomers),
                         [&](std::size_t ticket) { return PlaysIn(ticket, from); });
          }
        }
      }
      if (newcomers.empty()) return false;
      Cell cell = line.back();
      std::size_t moving =
          *std::min_element(newcomers.begin(), newcomers.end(), [&](std::size_t a, std::size_t b) {
            return Order(a, cell.first) < Order(b, cell.first);
          });
      free.erase(moving);
      for (; cell != target; cell = next[cell]) {
        const Donor leaves = *donor(cell, next[cell]);
        taken.insert(leaves.group);
        Group& group = groups[leaves.group];
        std::replace(group.members.begin(), group.members.end(), leaves.ticket, moving);
        moving = leaves.ticket;
      }
      seated.push_back(moving);
    }
    for (Group& group : groups) Settle(group);
    groups.push_back({target.first, target.second, seated, 0});
    Settle(groups.back());
    groups_ = groups;
    free_ = free;
    all_taken = taken;
    return true;
  }

  void Settle(Group& group) const {
    std::sort(group.members.begin(), group.members.end(), [&](std::size_t a, std::size_t b) {
      return Order(a, group.region) < Order(b, group.region);
    });
    group.mean = 0;
    for (const std::size_t ticket : group.members) {
      group.mean += static_cast<double>(Latency(ticket, group.region));
    }
    group.mean /= static_cast<double>(size());
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
  int exchange_searches_ = 0;
};

}  // namespace

Result MatchTicketsByDefinition(const Tickets& tickets, const Rules& rules) {
  return Definition(tickets, rules).Run();
}

}  // namespace gsh::matcher
