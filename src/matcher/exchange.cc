#include "src/matcher/exchange.h"

#include <algorithm>
#include <tuple>

#include "src/matcher/limits.h"

namespace gsh::matcher {

Exchange::Exchange(const Tickets& tickets, const Grid& grid, const SortedTickets& sorted,
                   std::uint32_t match_size, std::vector<RegionGroups>& best, Leftovers& leftovers)
    : tickets_(tickets),
      grid_(grid),
      sorted_(sorted),
      match_size_(match_size),
      best_(best),
      leftovers_(leftovers),
      free_(leftovers.free()) {}

void Exchange::Run() {
  if (free_.size() < match_size_ || grid_.cells() > kMaxExchangeCells) return;
  FindDonors();
  for (bool filled = true; filled && free_.size() >= match_size_;) {
    const std::vector<Cell> targets = Targets();
    filled = std::any_of(targets.begin(), targets.end(), [this](Cell cell) { return Fill(cell); });
  }
  // From the back, so that the places before stay what they are.
  for (auto match = taken_.rbegin(); match != taken_.rend(); ++match) {
    best_[match->first].Remove(match->second);
  }
  leftovers_.KeepFree(std::move(free_));
}

std::optional<Exchange::Cell> Exchange::CellOf(std::uint32_t ticket, std::uint32_t region) const {
  const float latency = Latency(ticket, region);
  if (!grid_.InBands(latency)) return std::nullopt;
  return region * grid_.bands() + grid_.Band(latency);
}

bool Exchange::Before(std::uint32_t a, std::uint32_t b, std::uint32_t region) const {
  return std::tuple(Latency(a, region), KeyOf(tickets_, a), a) <
         std::tuple(Latency(b, region), KeyOf(tickets_, b), b);
}

std::vector<std::uint32_t> Exchange::Members(const MatchPlace& match) const {
  const std::uint64_t* const first = best_[match.first].at(match.second);
  std::vector<std::uint32_t> members;
  for (std::uint32_t i = 0; i < match_size_; ++i) {
    members.push_back(sorted_.packing().Ticket(first[i]));
  }
  return members;
}

void Exchange::FindDonors() {
  edges_.assign(std::size_t{grid_.cells()} * grid_.cells(), {kNone, kNone});
  const std::size_t matches = ExchangeMatches(match_size_);
  for (const RegionGroups& groups : best_) {
    for (std::uint32_t band = 0; band < grid_.bands(); ++band) {
      const auto [begin, end] = groups.GroupsOf(band);
      const Cell from = groups.region() * grid_.bands() + band;
      for (std::size_t i = end; i > begin && i + matches > end; --i) {
        const std::uint64_t* const first = groups.at(i - 1);
        for (std::uint32_t member = 0; member < match_size_; ++member) {
          const std::uint32_t ticket = sorted_.packing().Ticket(first[member]);
          for (std::uint32_t region = 0; region < grid_.regions(); ++region) {
            if (region == groups.region()) continue;
            const auto to = CellOf(ticket, region);
            if (to) AddDonor(from, *to, {groups.region(), i - 1}, ticket);
          }
        }
      }
    }
  }
}

void Exchange::AddDonor(Cell from, Cell to, const MatchPlace& match, std::uint32_t ticket) {
  auto& [first, last] = edges_[std::size_t{from} * grid_.cells() + to];
  const auto place = static_cast<std::uint32_t>(donors_.size());
  (first == kNone ? first : donors_[last].next) = place;
  last = place;
  donors_.push_back({match, ticket});
}

std::vector<Exchange::Cell> Exchange::Targets() const {
  std::vector<std::size_t> seats(grid_.cells(), 0);
  for (const std::uint32_t ticket : free_) {
    for (std::uint32_t region = 0; region < grid_.regions(); ++region) {
      if (const auto cell = CellOf(ticket, region)) ++seats[*cell];
    }
  }
  std::vector<Cell> targets;
  for (Cell cell = 0; cell < grid_.cells(); ++cell) {
    if (seats[cell] > 0) targets.push_back(cell);
  }
  std::stable_sort(targets.begin(), targets.end(),
                   [&](Cell a, Cell b) { return seats[a] > seats[b]; });
  return targets;
}

bool Exchange::Fill(Cell target) {
  Attempt attempt;
  for (const std::uint32_t ticket : free_) {
    if (CellOf(ticket, target / grid_.bands()) == target) attempt.seated.push_back(ticket);
  }
  attempt.used.insert(attempt.seated.begin(), attempt.seated.end());
  const std::set<MatchPlace> taken_before = taken_;
  while (attempt.seated.size() < match_size_) {
    if (!Reach(target, attempt)) {
      taken_ = taken_before;
      return false;
    }
  }
  Commit(target, attempt);
  return true;
}

// Breadth first from the target back to the nearest cell where a free ticket can come in.
bool Exchange::Reach(Cell target, Attempt& attempt) {
  std::vector<std::optional<Cell>> next(grid_.cells());
  std::vector<Cell> line = {target};
  for (std::size_t i = 0; i < line.size(); ++i) {
    const Cell to = line[i];
    for (Cell from = 0; from < grid_.cells(); ++from) {
      if (from == target || next[from] || FreeDonor(from, to) == nullptr) continue;
      next[from] = to;
      line.push_back(from);
      auto moving = Newcomer(from, attempt);
      if (!moving) continue;
      attempt.used.insert(*moving);
      for (Cell cell = from; cell != target; cell = *next[cell]) {
        const Donor donor = *FreeDonor(cell, *next[cell]);
        taken_.insert(donor.match);
        attempt.steps.push_back({*moving, donor});
        moving = donor.ticket;
      }
      attempt.seated.push_back(*moving);
      return true;
    }
  }
  return false;
}

const Exchange::Donor* Exchange::FreeDonor(Cell from, Cell to) const {
  std::uint32_t place = edges_[std::size_t{from} * grid_.cells() + to].first;
  while (place != kNone && taken_.contains(donors_[place].match)) place = donors_[place].next;
  return place == kNone ? nullptr : &donors_[place];
}

std::optional<std::uint32_t> Exchange::Newcomer(Cell cell, const Attempt& attempt) const {
  const std::uint32_t region = cell / grid_.bands();
  std::optional<std::uint32_t> first;
  for (const std::uint32_t ticket : free_) {
    if (attempt.used.contains(ticket) || CellOf(ticket, region) != cell) continue;
    if (!first || Before(ticket, *first, region)) first = ticket;
  }
  return first;
}

void Exchange::Commit(Cell target, const Attempt& attempt) {
  for (const Step& step : attempt.steps) {
    std::vector<std::uint32_t> members = Members(step.donor.match);
    *std::find(members.begin(), members.end(), step.donor.ticket) = step.newcomer;
    leftovers_.AddGroup(step.donor.match.first, members);
  }
  leftovers_.AddGroup(target / grid_.bands(), attempt.seated);
  std::erase_if(free_, [&](std::uint32_t ticket) { return attempt.used.contains(ticket); });
}

}  // namespace gsh::matcher
