#include "src/matcher/leftovers.h"

#include <algorithm>
#include <limits>
#include <numeric>
#include <tuple>

namespace gsh::matcher {
namespace {

constexpr std::uint32_t kNone = std::numeric_limits<std::uint32_t>::max();

}  // namespace

void Leftovers::Add(std::vector<std::uint32_t> tickets) {
  if (free_.empty()) {
    free_ = std::move(tickets);
  } else {
    free_.insert(free_.end(), tickets.begin(), tickets.end());
  }
}

void Leftovers::Dissolve(const std::vector<bool>& marked) {
  std::vector<Group> kept;
  for (std::size_t i = 0; i < groups_.size(); ++i) {
    if (!marked[i]) {
      kept.push_back(groups_[i]);
      continue;
    }
    const auto members = this->members(groups_[i]);
    free_.insert(free_.end(), members.begin(), members.end());
  }
  groups_ = std::move(kept);
}

void Leftovers::AddGroup(std::uint32_t region, const std::vector<std::uint32_t>& tickets) {
  std::vector<Candidate> members;
  for (const std::uint32_t ticket : tickets)
    members.push_back({Latency(ticket, region), ticket, 0});
  GroupCell(region, grid_.Band(members.front().latency_ms), members);
}

void Leftovers::SortGroups() {
  std::sort(groups_.begin(), groups_.end(), [this](const Group& a, const Group& b) {
    return Before(a.standing, b.standing, tickets_);
  });
}

std::vector<std::uint32_t> Leftovers::RankRegions() const {
  const std::uint32_t regions = grid_.regions();
  std::vector<std::uint32_t> ranked(free_.size() * regions, kNone);
  for (std::size_t place = 0; place < free_.size(); ++place) {
    std::uint32_t* const begin = ranked.data() + place * regions;
    std::uint32_t* end = begin;
    for (std::uint32_t region = 0; region < regions; ++region) {
      if (grid_.InBands(Latency(free_[place], region))) *end++ = region;
    }
    std::stable_sort(begin, end, [&](std::uint32_t a, std::uint32_t b) {
      return Latency(free_[place], a) < Latency(free_[place], b);
    });
  }
  return ranked;
}

void Leftovers::MatchByRank() {
  const std::uint32_t regions = grid_.regions();
  const std::vector<std::uint32_t> ranked = RankRegions();
  const auto cell_of = [&](std::uint32_t place, std::uint32_t rank) {
    const std::uint32_t region = ranked[std::size_t{place} * regions + rank];
    return region == kNone ? kNone
                           : region * grid_.bands() + grid_.Band(Latency(free_[place], region));
  };
  std::vector<bool> taken(free_.size(), false);
  std::vector<std::vector<std::uint32_t>> offered(grid_.cells());  // places, taken ones included
  std::vector<std::size_t> waiting(grid_.cells(), 0);              // those of them not yet taken
  std::vector<Candidate> candidates;
  for (std::uint32_t rank = 0; rank < regions; ++rank) {
    for (std::uint32_t place = 0; place < free_.size(); ++place) {
      if (taken[place]) continue;
      const std::uint32_t cell = cell_of(place, rank);
      if (cell == kNone) continue;
      offered[cell].push_back(place);
      ++waiting[cell];
    }
    for (std::uint32_t cell = 0; cell < grid_.cells(); ++cell) {
      if (waiting[cell] < match_size_) continue;
      const std::uint32_t region = cell / grid_.bands();
      candidates.clear();
      for (const std::uint32_t place : offered[cell]) {
        if (!taken[place]) {
          candidates.push_back({Latency(free_[place], region), free_[place], place});
        }
      }
      const std::size_t grouped = GroupCell(region, cell % grid_.bands(), candidates);
      for (std::size_t i = 0; i < grouped; ++i) {
        const std::uint32_t place = candidates[i].place;
        taken[place] = true;
        for (std::uint32_t k = 0; k <= rank; ++k) {
          if (const std::uint32_t other = cell_of(place, k); other != kNone) --waiting[other];
        }
      }
    }
  }
  RemoveTaken(taken);
}

void Leftovers::MatchIn(std::uint32_t region) {
  std::vector<std::vector<Candidate>> bands(grid_.bands());
  for (std::uint32_t place = 0; place < free_.size(); ++place) {
    const float latency = Latency(free_[place], region);
    if (grid_.InBands(latency))
      bands[grid_.Band(latency)].push_back({latency, free_[place], place});
  }
  std::vector<bool> taken(free_.size(), false);
  for (std::uint32_t band = 0; band < grid_.bands(); ++band) {
    const std::size_t grouped = GroupCell(region, band, bands[band]);
    for (std::size_t i = 0; i < grouped; ++i) taken[bands[band][i].place] = true;
  }
  RemoveTaken(taken);
}

std::size_t Leftovers::GroupCell(std::uint32_t region, std::uint32_t band,
                                 std::span<Candidate> candidates) {
  std::sort(candidates.begin(), candidates.end(), [this](const Candidate& a, const Candidate& b) {
    return std::tuple(a.latency_ms, KeyOf(tickets_, a.ticket), a.ticket) <
           std::tuple(b.latency_ms, KeyOf(tickets_, b.ticket), b.ticket);
  });
  const std::size_t grouped = candidates.size() / match_size_ * match_size_;
  for (std::size_t first = 0; first < grouped; first += match_size_) {
    const auto members = candidates.subspan(first, match_size_);
    Group group;
    group.band = band;
    group.last_latency_ms = members.back().latency_ms;
    group.first_member = members_.size();
    for (const Candidate& member : members) {
      group.latency_sum_ms += static_cast<double>(member.latency_ms);
      members_.push_back(member.ticket);
    }
    group.standing = {.score = ScoreOf(group.latency_sum_ms / match_size_),
                      .region = region,
                      .first_latency_ms = members.front().latency_ms,
                      .first_ticket = members.front().ticket};
    groups_.push_back(group);
  }
  return grouped;
}

void Leftovers::RemoveTaken(const std::vector<bool>& taken) {
  std::size_t kept = 0;
  for (std::size_t place = 0; place < free_.size(); ++place) {
    if (!taken[place]) free_[kept++] = free_[place];
  }
  free_.resize(kept);
}

}  // namespace gsh::matcher
