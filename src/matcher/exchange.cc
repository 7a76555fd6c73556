#include "src/matcher/exchange.h"

#include <algorithm>
#include <bit>
#include <tuple>

#include "src/matcher/limits.h"

namespace gsh::matcher {

static_assert(kMaxExchangeCells <= 64, "a set of cells fits a word");

Exchange::Exchange(const Tickets& tickets, const Grid& grid, const SortedTickets& sorted,
                   std::uint32_t match_size, std::vector<RegionGroups>& best, Leftovers& leftovers)
    : tickets_(tickets),
      grid_(grid),
      sorted_(sorted),
      match_size_(match_size),
      matches_(static_cast<std::uint32_t>(kMaxExchangeTickets / match_size)),
      best_(best),
      leftovers_(leftovers) {}

void Exchange::Run() {
  if (leftovers_.free().size() < match_size_ || matches_ == 0) return;
  if (grid_.cells() > kMaxExchangeCells) return;
  free_ = leftovers_.free();
  FindLenders();
  FindFreeCells();
  for (bool filled = true; filled && free_.size() >= match_size_;) {
    FindTargets();
    filled =
        std::any_of(targets_.begin(), targets_.end(), [this](Cell cell) { return Fill(cell); });
  }
  RemoveTaken();
  leftovers_.KeepFree(std::move(free_));
}

Exchange::Cell Exchange::CellOf(std::uint32_t ticket, std::uint32_t region) const {
  const float latency = Latency(ticket, region);
  if (!grid_.InBands(latency)) return kNone;
  return static_cast<Cell>(region * grid_.bands() + grid_.Band(latency));
}

void Exchange::FindLenders() {
  const std::size_t cells = grid_.cells();
  lenders_.resize(cells);
  Cells lending = 0;
  for (const RegionGroups& groups : best_) {
    for (std::uint32_t band = 0; band < grid_.bands(); ++band) {
      const auto [begin, end] = groups.GroupsOf(band);
      if (begin == end) continue;
      const std::uint32_t cell = groups.region() * grid_.bands() + band;
      lenders_[cell].end = groups.at(end - 1) + match_size_;
      lenders_[cell].last = end - 1;
      lenders_[cell].matches =
          static_cast<std::uint32_t>(std::min<std::size_t>(end - begin, matches_));
      lending |= Cells{1} << cell;
    }
  }
  taken_.assign(cells * matches_, 0);
  first_donors_.resize(cells * cells);
  const Cells region = ~Cells{0} >> (64 - grid_.bands());
  for (std::uint32_t to = 0; to < cells; ++to) {
    lending_.push_back(lending & ~(region << to / grid_.bands() * grid_.bands()));
  }
}

void Exchange::FindFreeCells() {
  free_cells_.clear();
  waiting_.assign(grid_.cells(), 0);
  for (const std::uint32_t ticket : free_) {
    for (std::uint32_t region = 0; region < grid_.regions(); ++region) {
      free_cells_.push_back(CellOf(ticket, region));
      if (free_cells_.back() != kNone) ++waiting_[free_cells_.back()];
    }
  }
}

// The cells where somebody free can play, those with the most first.
void Exchange::FindTargets() {
  targets_.clear();
  for (std::uint32_t cell = 0; cell < grid_.cells(); ++cell) {
    if (waiting_[cell] > 0) targets_.push_back(static_cast<Cell>(cell));
  }
  std::sort(targets_.begin(), targets_.end(), [this](Cell a, Cell b) {
    return waiting_[a] != waiting_[b] ? waiting_[a] > waiting_[b] : a < b;
  });
}

void Exchange::Use(std::size_t i) {
  used_[i] = 1;
  for (std::uint32_t region = 0; region < grid_.regions(); ++region) {
    if (const Cell cell = FreeCell(i, region); cell != kNone) --unused_[cell];
  }
}

bool Exchange::Fill(Cell target) {
  used_.assign(free_.size(), 0);
  unused_ = waiting_;
  seated_.clear();
  steps_.clear();
  const std::uint32_t region = RegionOf(target);
  for (std::size_t i = 0; i < free_.size(); ++i) {
    if (FreeCell(i, region) != target) continue;
    seated_.push_back(free_[i]);
    Use(i);
  }
  while (seated_.size() < match_size_) {
    if (!Reach(target)) {
      GiveUp();
      return false;
    }
  }
  Commit(target);
  return true;
}

// Breadth first from the target back to the nearest cell where a free ticket can come in.
bool Exchange::Reach(Cell target) {
  if (++searches_ > kMaxExchangeSearches) return false;
  next_.assign(grid_.cells(), kNone);
  line_.assign(1, target);
  Cells unseen = ~(Cells{1} << target);
  for (std::size_t i = 0; i < line_.size(); ++i) {
    const Cell to = line_[i];
    for (Cells left = lending_[to] & unseen; left != 0; left &= left - 1) {
      const auto from = static_cast<Cell>(std::countr_zero(left));
      if (FreeDonor(from, to).match == kNobody) continue;
      unseen &= ~(Cells{1} << from);
      next_[from] = to;
      if (unused_[from] > 0) {
        MoveAlong(from, target);
        return true;
      }
      line_.push_back(from);
    }
  }
  return false;
}

void Exchange::MoveAlong(Cell from, Cell target) {
  const std::size_t first = Newcomer(from);
  Use(first);
  std::uint32_t moving = free_[first];
  for (Cell cell = from; cell != target; cell = next_[cell]) {
    const Donor donor = FreeDonor(cell, next_[cell]);
    taken_[cell * matches_ + donor.match] = 1;
    steps_.push_back({moving, cell, donor});
    moving = TicketOf(cell, donor);
  }
  seated_.push_back(moving);
}

Exchange::Donor Exchange::FindDonor(Cell from, Cell to, std::uint32_t match) const {
  const std::uint32_t region = RegionOf(to);
  for (; match < lenders_[from].matches; ++match) {
    if (taken_[from * matches_ + match] != 0) continue;
    const std::uint64_t* const words = WordsOf(from, match);
    for (std::uint32_t member = 0; member < match_size_; ++member) {
      if (CellOf(sorted_.packing().Ticket(words[member]), region) == to) {
        return {static_cast<std::uint16_t>(match), static_cast<std::uint16_t>(member)};
      }
    }
  }
  return {};
}

// The first one is remembered, as it is asked for again and again; but not what is found during an
// attempt, since the matches that it takes may be given back.
Exchange::Donor Exchange::FreeDonor(Cell from, Cell to) {
  Donor& first = first_donors_[std::size_t{to} * grid_.cells() + from];
  if (first.match != kNobody && taken_[from * matches_ + first.match] == 0) return first;
  const Donor found = FindDonor(from, to, first.match == kNobody ? 0u : first.match + 1u);
  if (!steps_.empty()) return found;
  first = found;
  if (found.match == kNobody) lending_[to] &= ~(Cells{1} << from);
  return found;
}

std::size_t Exchange::Newcomer(Cell cell) const {
  const std::uint32_t region = RegionOf(cell);
  const auto order = [&](std::size_t i) {
    return std::tuple(Latency(free_[i], region), KeyOf(tickets_, free_[i]), free_[i]);
  };
  std::size_t first = free_.size();
  for (std::size_t i = 0; i < free_.size(); ++i) {
    if (used_[i] != 0 || FreeCell(i, region) != cell) continue;
    if (first == free_.size() || order(i) < order(first)) first = i;
  }
  return first;
}

void Exchange::GiveUp() {
  for (const Step& step : steps_) taken_[step.from * matches_ + step.donor.match] = 0;
}

void Exchange::Commit(Cell target) {
  std::vector<std::uint32_t> members(match_size_);
  for (const Step& step : steps_) {
    const std::uint64_t* const words = WordsOf(step.from, step.donor.match);
    for (std::uint32_t i = 0; i < match_size_; ++i) {
      members[i] = sorted_.packing().Ticket(words[i]);
    }
    members[step.donor.member] = step.newcomer;
    leftovers_.AddGroup(RegionOf(step.from), members);
  }
  leftovers_.AddGroup(RegionOf(target), seated_);
  std::size_t kept = 0;
  for (std::size_t i = 0; i < free_.size(); ++i) {
    if (used_[i] == 0) free_[kept++] = free_[i];
  }
  free_.resize(kept);
  FindFreeCells();
}

// From the back, so that the places before stay what they are.
void Exchange::RemoveTaken() {
  for (std::size_t cell = lenders_.size(); cell-- > 0;) {
    for (std::uint32_t match = 0; match < lenders_[cell].matches; ++match) {
      if (taken_[cell * matches_ + match] == 0) continue;
      best_[cell / grid_.bands()].Remove(lenders_[cell].last - match);
    }
  }
}

}  // namespace gsh::matcher
