#include "src/matcher/first_choices.h"

#include <algorithm>
#include <limits>
#include <unordered_map>

#include "src/matcher/line.h"
#include "src/matcher/parallel.h"

namespace gsh::matcher {
namespace {

constexpr std::uint32_t kNoCell = std::numeric_limits<std::uint32_t>::max();
constexpr std::uint64_t kManyCells = 1 << 14;  // up to here there is a counter for each

// The tickets' cells by their place in a list of those that occur.
class Division {
 public:
  Division(const Tickets& tickets, const Grid& grid, const Openness& openness,
           const AttributeGroups& groups, int threads, std::vector<Unmatched>& reasons)
      : tickets_(tickets),
        grid_(grid),
        openness_(openness),
        groups_(groups),
        numbers_(grid, groups.count()),
        parts_(numbers_.all() <= kManyCells ? std::max(threads, 1) : 1),
        cell_of_(tickets.count),
        counts_(static_cast<std::size_t>(parts_)),
        reasons_(reasons) {
    InParallel(parts_, [this](int part) { DividePart(part); });
  }

  // Cells that occur in rising order of their numbers; gives where each begins, and the end.
  std::vector<std::size_t> Place(std::vector<Cell>& cells) {
    std::vector<std::uint32_t> order;  // places in the counts
    for (std::uint32_t i = 0; i < counts_[0].size(); ++i) {
      bool any = false;
      for (const auto& counts : counts_) any = any || counts[i] > 0;
      if (any) order.push_back(i);
    }
    if (!known_.empty()) {
      std::sort(order.begin(), order.end(),
                [this](std::uint32_t a, std::uint32_t b) { return known_[a] < known_[b]; });
    }
    std::vector<std::size_t> begins;
    std::size_t begin = 0;
    targets_.resize(counts_[0].size());
    for (const std::uint32_t i : order) {
      const Cell cell = numbers_.At(known_.empty() ? i : known_[i]);
      cells.push_back(cell);
      targets_[i] = {cell.region, grid_.BeginOffset(cell.band)};
      begins.push_back(begin);
      for (auto& counts : counts_) {
        const std::size_t count = counts[i];
        counts[i] = begin;
        begin += count;
      }
    }
    begins.push_back(begin);
    return begins;
  }

  // After Place, once: the counts are where each part's next word of a cell goes.
  void Write(std::uint64_t* words) {
    InParallel(parts_, [this, words](int part) { WritePart(part, words); });
  }

 private:
  struct Target {
    std::uint32_t region;
    std::uint32_t begin_offset;  // of its band
  };

  void DividePart(int part) {
    std::vector<std::size_t>& counts = counts_[static_cast<std::size_t>(part)];
    const bool dense = numbers_.all() <= kManyCells;
    if (dense) counts.assign(static_cast<std::size_t>(numbers_.all()), 0);
    const auto [begin, end] = Part(tickets_.count, parts_, part);
    for (std::size_t i = begin; i < end; ++i) {
      cell_of_[i] = kNoCell;
      if (reasons_[i] != Unmatched::kMatched) continue;
      const auto ticket = static_cast<std::uint32_t>(i);
      const std::uint32_t region = openness_.Fits(ticket) ? openness_.First(ticket) : kNoRegion;
      if (region == kNoRegion) {
        reasons_[i] = Unmatched::kNotEnoughNeighbours;
        continue;
      }
      const std::uint64_t number =
          numbers_.Of({region, grid_.Band(openness_.Latency(ticket, region)), groups_.Of(i)});
      const std::uint32_t cell = dense ? static_cast<std::uint32_t>(number) : Known(number, counts);
      cell_of_[i] = cell;
      ++counts[cell];
    }
  }

  std::uint32_t Known(std::uint64_t number, std::vector<std::size_t>& counts) {
    const auto [at, added] =
        place_of_.try_emplace(number, static_cast<std::uint32_t>(known_.size()));
    if (added) {
      known_.push_back(number);
      counts.push_back(0);
    }
    return at->second;
  }

  void WritePart(int part, std::uint64_t* words) {
    std::vector<std::size_t>& next = counts_[static_cast<std::size_t>(part)];
    const auto [begin, end] = Part(tickets_.count, parts_, part);
    for (std::size_t i = begin; i < end; ++i) {
      const std::uint32_t at = cell_of_[i];
      if (at == kNoCell) continue;
      const Target& target = targets_[at];
      const float latency = openness_.Latency(static_cast<std::uint32_t>(i), target.region);
      const std::uint32_t offset = grid_.Offset(latency) - target.begin_offset;
      words[next[at]++] = std::uint64_t{offset} << kLineIndexBits | i;
    }
  }

  const Tickets& tickets_;
  const Grid& grid_;
  const Openness& openness_;
  const AttributeGroups& groups_;
  const CellNumbers numbers_;
  const int parts_;
  std::vector<std::uint32_t> cell_of_;            // of each ticket, as a place in the counts
  std::vector<std::vector<std::size_t>> counts_;  // of each part
  std::vector<Target> targets_;                   // by place in the counts
  // With very many cells only those that occur are counted: number by place, and back.
  std::vector<std::uint64_t> known_;
  std::unordered_map<std::uint64_t, std::uint32_t> place_of_;
  std::vector<Unmatched>& reasons_;
};

}  // namespace

FirstChoices::FirstChoices(const Tickets& tickets, const Grid& grid, const Openness& openness,
                           const AttributeGroups& groups, int threads,
                           std::vector<Unmatched>& reasons)
    : words_(tickets.count), scratch_(tickets.count) {
  Division division(tickets, grid, openness, groups, threads, reasons);
  begins_ = division.Place(cells_);
  division.Write(words_.data());
}

}  // namespace gsh::matcher
