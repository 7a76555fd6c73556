#include "src/matcher/round.h"

#include <algorithm>
#include <utility>

#include "src/matcher/cell_counts.h"

namespace gsh::matcher {

Round::Round(const Tickets& tickets, const Rules& rules, const Grid& grid, const Packing& packing)
    : tickets_(tickets),
      grid_(grid),
      match_size_(static_cast<std::uint32_t>(rules.match_size)),
      result_{.reasons = std::vector<Unmatched>(tickets.count, Unmatched::kMatched)},
      sorted_(tickets, grid, packing, result_.reasons),
      leftovers_(tickets, grid, match_size_) {}

void Round::MatchBestRegions() {
  std::vector<std::uint32_t> left;
  for (std::uint32_t region = 0; region < grid_.regions(); ++region) {
    best_.emplace_back(sorted_, grid_, region, match_size_, left);
  }
  leftovers_.Add(std::move(left));
}

void Round::MatchNextBestRegions() { leftovers_.MatchByRank(); }

std::size_t Round::MatchesMade() const {
  std::size_t made = leftovers_.groups().size();
  for (const RegionGroups& groups : best_) made += groups.size();
  return made;
}

void Round::KeepUpWithEachRegion() {
  // With fewer than a match left no region can do better, and nobody need be counted.
  if (leftovers_.free().size() < match_size_) return;
  const std::vector<std::uint32_t> counts = CountCells(tickets_, grid_);
  std::size_t most = 0;
  std::uint32_t most_region = 0;
  for (std::uint32_t region = 0; region < grid_.regions(); ++region) {
    std::size_t alone = 0;
    for (std::uint32_t band = 0; band < grid_.bands(); ++band) {
      alone += counts[region * grid_.bands() + band] / match_size_;
    }
    if (alone > most) {
      most = alone;
      most_region = region;
    }
  }
  if (MatchesMade() >= most) return;
  DissolveWorstOutside(most_region, most);
  leftovers_.MatchIn(most_region);
  leftovers_.MatchByRank();
}

// With every group outside it taken apart, the region has all the tickets that it would have alone,
// so this ends with enough; nearly always it ends after a few groups.
void Round::DissolveWorstOutside(std::uint32_t region, std::size_t wanted) {
  std::size_t made = MatchesMade();
  std::vector<std::uint32_t> in_band(grid_.bands(), 0);
  std::vector<std::uint32_t> freed;
  const auto release = [&](std::uint32_t ticket) {
    const float latency = tickets_.latency_ms[std::size_t{ticket} * grid_.regions() + region];
    if (grid_.InBands(latency) && ++in_band[grid_.Band(latency)] % match_size_ == 0) ++made;
  };
  for (const std::uint32_t ticket : leftovers_.free()) release(ticket);

  leftovers_.SortGroups();
  const std::vector<Leftovers::Group>& groups = leftovers_.groups();
  std::vector<bool> dissolved(groups.size(), false);
  std::size_t unseen = groups.size();
  while (made < wanted) {
    while (unseen > 0 && groups[unseen - 1].standing.region == region) --unseen;
    Standing worst;
    RegionGroups* source = nullptr;
    if (unseen > 0) worst = groups[unseen - 1].standing;
    bool found = unseen > 0;
    for (RegionGroups& candidate : best_) {
      if (candidate.empty() || candidate.region() == region) continue;
      const Standing standing =
          StandingOf(candidate.region(), candidate.back(), LatencySum(candidate.back()));
      if (found && !Before(worst, standing, tickets_)) continue;
      worst = standing;
      source = &candidate;
      found = true;
    }
    if (!found) break;
    --made;
    if (source == nullptr) {
      dissolved[--unseen] = true;
      for (const std::uint32_t ticket : leftovers_.members(groups[unseen])) release(ticket);
      continue;
    }
    for (std::uint32_t i = 0; i < match_size_; ++i) {
      freed.push_back(sorted_.packing().Ticket(source->back()[i]));
      release(freed.back());
    }
    source->PopBack();
  }
  leftovers_.Dissolve(dissolved);
  leftovers_.Add(std::move(freed));
}

double Round::LatencySum(const std::uint64_t* first) const {
  double sum = 0;
  for (std::uint32_t i = 0; i < match_size_; ++i) {
    sum += static_cast<double>(grid_.Latency(sorted_.packing().Offset(first[i])));
  }
  return sum;
}

Standing Round::StandingOf(std::uint32_t region, const std::uint64_t* first,
                           double latency_sum) const {
  const Packing& packing = sorted_.packing();
  return {.score = ScoreOf(latency_sum / match_size_),
          .region = region,
          .first_latency_ms = grid_.Latency(packing.Offset(*first)),
          .first_ticket = packing.Ticket(*first)};
}

Round::Head Round::HeadOf(RegionGroups& groups) const {
  const double sum = LatencySum(groups.front());
  return {&groups, StandingOf(groups.region(), groups.front(), sum), sum};
}

// Each region's groups already are in order, and so are the leftovers': they are merged.
Result Round::TakeResult() {
  for (const std::uint32_t ticket : leftovers_.free()) {
    result_.reasons[ticket] = Unmatched::kNotEnoughNeighbours;
  }
  const std::size_t made = MatchesMade();
  result_.matches.reserve(made);
  result_.members.reserve(made * match_size_);
  leftovers_.SortGroups();
  const std::vector<Leftovers::Group>& groups = leftovers_.groups();
  std::size_t next_group = 0;
  std::vector<Head> heads;
  for (RegionGroups& best : best_) {
    if (!best.empty()) heads.push_back(HeadOf(best));
  }
  while (!heads.empty()) {
    std::size_t first = 0;
    for (std::size_t i = 1; i < heads.size(); ++i) {
      if (Before(heads[i].standing, heads[first].standing, tickets_)) first = i;
    }
    Head& head = heads[first];
    if (next_group < groups.size() && Before(groups[next_group].standing, head.standing, tickets_))
        [[unlikely]] {
      WriteLeftoverGroup(groups[next_group++]);
      continue;
    }
    WriteBestGroup(head);
    head.groups->PopFront();
    if (head.groups->empty()) {
      heads.erase(heads.begin() + static_cast<std::ptrdiff_t>(first));
    } else {
      head = HeadOf(*head.groups);
    }
  }
  while (next_group < groups.size()) WriteLeftoverGroup(groups[next_group++]);
  return std::move(result_);
}

void Round::WriteBestGroup(const Head& head) {
  const Packing& packing = sorted_.packing();
  const std::uint64_t* const first = head.groups->front();
  const std::size_t first_member = result_.members.size();
  result_.members.resize(first_member + match_size_);
  std::uint32_t* const members = result_.members.data() + first_member;
  for (std::uint32_t i = 0; i < match_size_; ++i) members[i] = packing.Ticket(first[i]);
  const float last = grid_.Latency(packing.Offset(first[match_size_ - 1]));
  result_.matches.push_back(
      {.region = head.standing.region,
       .band = head.groups->front_band(),
       .first_member = static_cast<std::uint32_t>(first_member),
       .size = match_size_,
       .players = match_size_,
       .mean_latency_ms = static_cast<float>(head.latency_sum_ms / match_size_),
       .spread_ms = last - head.standing.first_latency_ms,
       .score = head.standing.score});
}

void Round::WriteLeftoverGroup(const Leftovers::Group& group) {
  const auto members = leftovers_.members(group);
  result_.matches.push_back(
      {.region = group.standing.region,
       .band = group.band,
       .first_member = static_cast<std::uint32_t>(result_.members.size()),
       .size = match_size_,
       .players = match_size_,
       .mean_latency_ms = static_cast<float>(group.latency_sum_ms / match_size_),
       .spread_ms = group.last_latency_ms - group.standing.first_latency_ms,
       .score = group.standing.score});
  result_.members.insert(result_.members.end(), members.begin(), members.end());
}

}  // namespace gsh::matcher
