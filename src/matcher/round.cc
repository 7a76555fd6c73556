#include "src/matcher/round.h"

#include <algorithm>
#include <functional>
#include <utility>

#include "src/matcher/cell_counts.h"
#include "src/matcher/exchange.h"
#include "src/matcher/parallel.h"
#include "src/matcher/word_buffer.h"

namespace gsh::matcher {
namespace {

constexpr std::size_t kManyMatches = 500'000;

}  // namespace

Round::Round(const Tickets& tickets, const Rules& rules, const Grid& grid, const Packing& packing,
             int threads)
    : tickets_(tickets),
      grid_(grid),
      match_size_(static_cast<std::uint32_t>(rules.match_size)),
      threads_(UsefulThreads(threads, tickets.count)),
      result_{.reasons = std::vector<Unmatched>(tickets.count, Unmatched::kMatched)},
      sorted_(tickets, grid, packing, threads, result_.reasons),
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

std::vector<std::uint32_t> Round::CountTicketsInCells() const {
  std::vector<std::vector<std::uint32_t>> counts(static_cast<std::size_t>(threads_));
  InParallel(threads_, [&](int thread) {
    const Part part(tickets_.count, threads_, thread);
    const std::size_t regions = grid_.regions();
    const Tickets some{.count = part.end - part.begin,
                       .latency_ms = tickets_.latency_ms.subspan(
                           part.begin * regions, (part.end - part.begin) * regions)};
    counts[static_cast<std::size_t>(thread)] = CountCells(some, grid_);
  });
  for (std::size_t i = 1; i < counts.size(); ++i) {
    std::transform(counts[0].begin(), counts[0].end(), counts[i].begin(), counts[0].begin(),
                   std::plus());
  }
  return counts[0];
}

void Round::KeepUpWithEachRegion() {
  // With fewer than a match left no region can do better, and nobody need be counted.
  if (leftovers_.free().size() < match_size_) return;
  const std::vector<std::uint32_t> counts = CountTicketsInCells();
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

void Round::ExchangeWithMatched() {
  Exchange(tickets_, grid_, sorted_, match_size_, best_, leftovers_).Run();
}

double Round::LatencySum(const std::uint64_t* first) const {
  const Packing& packing = sorted_.packing();
  double sum = 0;
  for (std::uint32_t i = 0; i < match_size_; ++i) {
    sum += static_cast<double>(packing.Latency(first[i]));
  }
  return sum;
}

Standing Round::StandingOf(std::uint32_t region, const std::uint64_t* first,
                           double latency_sum) const {
  const Packing& packing = sorted_.packing();
  return {.score = ScoreOf(latency_sum / match_size_),
          .region = region,
          .first_latency_ms = packing.Latency(*first),
          .first_ticket = packing.Ticket(*first)};
}

Round::Head Round::HeadOf(RegionGroups& groups) const {
  const double sum = LatencySum(groups.front());
  return {&groups, StandingOf(groups.region(), groups.front(), sum), sum};
}

Standing Round::StandingOf(const RegionGroups& groups, std::size_t group) const {
  const std::uint64_t* const first = groups.at(group);
  return StandingOf(groups.region(), first, LatencySum(first));
}

Round::Share Round::SplitOff(Share& share, const Standing& first) const {
  Share rest{.end_leftover = share.end_leftover, .first_match = share.first_match};
  for (RegionGroups& groups : share.groups) {
    std::size_t begin = 0;
    std::size_t end = groups.size();
    while (begin < end) {
      const std::size_t middle = begin + (end - begin) / 2;
      const bool before = Before(StandingOf(groups, middle), first, tickets_);
      (before ? begin : end) = before ? middle + 1 : middle;
    }
    rest.groups.push_back(groups.SplitOff(begin));
    rest.first_match += begin;
  }
  const auto& leftovers = leftovers_.groups();
  rest.first_leftover = share.first_leftover;
  while (rest.first_leftover < share.end_leftover &&
         Before(leftovers[rest.first_leftover].standing, first, tickets_)) {
    ++rest.first_leftover;
  }
  rest.first_match += rest.first_leftover - share.first_leftover;
  share.end_leftover = rest.first_leftover;
  return rest;
}

// At groups of the region that has most of them: the others' are spread much as its own.
std::vector<Round::Share> Round::Shares(int number) {
  std::vector<Share> shares;
  shares.push_back(
      {.groups = std::move(best_), .end_leftover = leftovers_.groups().size(), .first_match = 0});
  const auto most = std::max_element(
      shares[0].groups.begin(), shares[0].groups.end(),
      [](const RegionGroups& a, const RegionGroups& b) { return a.size() < b.size(); });
  std::vector<Standing> cuts;
  for (int i = 1; i < number && most->size() >= static_cast<std::size_t>(number); ++i) {
    cuts.push_back(StandingOf(*most, Part(most->size(), number, i).begin));
  }
  for (const Standing& cut : cuts) shares.push_back(SplitOff(shares.back(), cut));
  return shares;
}

// One thread appends; several write into their own places.
Result Round::TakeResult() {
  for (const std::uint32_t ticket : leftovers_.free()) {
    result_.reasons[ticket] = Unmatched::kNotEnoughNeighbours;
  }
  const std::size_t made = MatchesMade();
  leftovers_.SortGroups();
  std::vector<Share> shares = Shares(threads_);
  std::vector<Match>& matches = result_.matches;
  std::vector<std::uint32_t>& members = result_.members;
  if (shares.size() == 1) {
    matches.reserve(made);
    members.reserve(made * match_size_);
    if (made >= kManyMatches) {  // fresh from the system, not used before
      AskForHugePages(matches.data(), made * sizeof(Match));
      AskForHugePages(members.data(), made * match_size_ * sizeof(std::uint32_t));
    }
    WriteShare(shares[0], [&](std::size_t) {
      members.resize(members.size() + match_size_);
      return std::pair(&matches.emplace_back(), members.data() + members.size() - match_size_);
    });
  } else {
    matches.resize(made);
    members.resize(made * match_size_);
    InParallel(static_cast<int>(shares.size()), [&](int thread) {
      WriteShare(shares[static_cast<std::size_t>(thread)], [&](std::size_t match) {
        return std::pair(&matches[match], &members[match * match_size_]);
      });
    });
  }
  return std::move(result_);
}

// Each region's groups already are in order, and so are the leftovers': they are merged.
template <typename Next>
void Round::WriteShare(Share& share, const Next& next) const {
  const std::vector<Leftovers::Group>& leftovers = leftovers_.groups();
  std::size_t next_match = share.first_match;
  std::size_t next_leftover = share.first_leftover;
  const auto write_leftover = [&] {
    const auto [match, members] = next(next_match);
    match->first_member = static_cast<std::uint32_t>(next_match++ * match_size_);
    WriteLeftoverGroup(leftovers[next_leftover++], *match, members);
  };
  std::vector<Head> heads;
  for (RegionGroups& best : share.groups) {
    if (!best.empty()) heads.push_back(HeadOf(best));
  }
  while (!heads.empty()) {
    std::size_t first = 0;
    for (std::size_t i = 1; i < heads.size(); ++i) {
      if (Before(heads[i].standing, heads[first].standing, tickets_)) first = i;
    }
    Head& head = heads[first];
    if (next_leftover < share.end_leftover &&
        Before(leftovers[next_leftover].standing, head.standing, tickets_)) [[unlikely]] {
      write_leftover();
      continue;
    }
    const auto [match, members] = next(next_match);
    match->first_member = static_cast<std::uint32_t>(next_match++ * match_size_);
    WriteBestGroup(head, *match, members);
    head.groups->PopFront();
    if (head.groups->empty()) {
      heads.erase(heads.begin() + static_cast<std::ptrdiff_t>(first));
    } else {
      head = HeadOf(*head.groups);
    }
  }
  while (next_leftover < share.end_leftover) write_leftover();
}

void Round::WriteBestGroup(const Head& head, Match& match, std::uint32_t* members) const {
  const Packing& packing = sorted_.packing();
  const std::uint64_t* const first = head.groups->front();
  for (std::uint32_t i = 0; i < match_size_; ++i) members[i] = packing.Ticket(first[i]);
  const float last = packing.Latency(first[match_size_ - 1]);
  match.region = head.standing.region;
  match.band = head.groups->front_band();
  match.size = match_size_;
  match.players = match_size_;
  match.mean_latency_ms = static_cast<float>(head.latency_sum_ms / match_size_);
  match.spread_ms = last - head.standing.first_latency_ms;
  match.score = head.standing.score;
}

void Round::WriteLeftoverGroup(const Leftovers::Group& group, Match& match,
                               std::uint32_t* members) const {
  const auto from = leftovers_.members(group);
  std::copy(from.begin(), from.end(), members);
  match.region = group.standing.region;
  match.band = group.band;
  match.size = match_size_;
  match.players = match_size_;
  match.mean_latency_ms = static_cast<float>(group.latency_sum_ms / match_size_);
  match.spread_ms = group.last_latency_ms - group.standing.first_latency_ms;
  match.score = group.standing.score;
}

}  // namespace gsh::matcher
