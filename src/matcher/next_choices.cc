#include "src/matcher/next_choices.h"

#include <algorithm>
#include <array>

#include "src/matcher/limits.h"
#include "src/matcher/line.h"

namespace gsh::matcher {

static_assert(kMaxRegions <= 256, "a region's number fits ranked_");

NextChoices::NextChoices(const Tickets& tickets, const Rules& rules, const Grid& grid,
                         const Openness& openness, const AttributeGroups& groups)
    : grid_(grid),
      openness_(openness),
      groups_(groups),
      numbers_(grid, groups.count()),
      line_matcher_(tickets, rules, grid) {}

void NextChoices::Rank() {
  const std::uint32_t regions = grid_.regions();
  ranked_.resize(left_.size() * regions);
  open_.resize(left_.size());
  std::array<std::uint32_t, kMaxRegions> ranked;
  for (std::size_t place = 0; place < left_.size(); ++place) {
    const std::uint32_t open = openness_.Ranked(left_[place], ranked);
    open_[place] = static_cast<std::uint16_t>(open);
    std::transform(ranked.begin(), ranked.begin() + open, ranked_.begin() + place * regions,
                   [](std::uint32_t region) { return static_cast<std::uint8_t>(region); });
  }
}

void NextChoices::Offer(std::uint32_t rank) {
  for (std::uint32_t place = 0; place < left_.size(); ++place) {
    if (taken_[place] || open_[place] <= rank) continue;
    const std::uint32_t region = ranked_[std::size_t{place} * grid_.regions() + rank];
    const std::uint32_t band = grid_.Band(openness_.Latency(left_[place], region));
    Offered& offered = cells_[numbers_.Of({region, band, groups_.Of(left_[place])})];
    offered.tickets.push_back(place);
    offered.anew = true;
  }
}

void NextChoices::MatchCell(const Cell& cell, Offered& offered, Made& made) {
  std::erase_if(offered.tickets, [this](std::uint32_t place) { return taken_[place]; });
  std::sort(offered.tickets.begin(), offered.tickets.end());
  std::vector<std::uint64_t> words(2 * offered.tickets.size());
  const std::size_t count = offered.tickets.size();
  for (std::size_t i = 0; i < count; ++i) {
    const std::uint32_t ticket = left_[offered.tickets[i]];
    const std::uint32_t offset = grid_.Offset(openness_.Latency(ticket, cell.region));
    words[i] = std::uint64_t{offset - grid_.BeginOffset(cell.band)} << kLineIndexBits | ticket;
  }
  const std::size_t first = made.members.size();
  line_matcher_.Match(cell.region, cell.band, {words.data(), count}, words.data() + count, made);
  for (std::size_t i = first; i < made.members.size(); ++i) {
    const auto place = std::lower_bound(left_.begin(), left_.end(), made.members[i]);
    taken_[static_cast<std::size_t>(place - left_.begin())] = true;
  }
}

void NextChoices::Match(Made& made) {
  left_ = std::move(made.left);
  std::sort(left_.begin(), left_.end());
  taken_.assign(left_.size(), false);
  Rank();
  const std::uint32_t most = open_.empty() ? 0 : *std::max_element(open_.begin(), open_.end());
  if (most > 1) Offer(0);
  for (auto& [number, offered] : cells_) offered.anew = false;
  for (std::uint32_t rank = 1; rank < most; ++rank) {
    Offer(rank);
    for (auto& [number, offered] : cells_) {
      if (std::exchange(offered.anew, false)) MatchCell(numbers_.At(number), offered, made);
    }
  }
  made.left.clear();
  for (std::size_t place = 0; place < left_.size(); ++place) {
    if (!taken_[place]) made.left.push_back(left_[place]);
  }
}

}  // namespace gsh::matcher
