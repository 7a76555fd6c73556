#include "src/matcher/sorted_tickets.h"

#include <algorithm>
#include <bit>
#include <cmath>

#include "src/matcher/radix_sort.h"

namespace gsh::matcher {
namespace {

Unmatched WhyNoRegion(const float* latencies, std::uint32_t regions) {
  const bool reachable = std::any_of(latencies, latencies + regions,
                                     [](float x) { return std::isfinite(x) && x >= 0; });
  return reachable ? Unmatched::kOutsideBands : Unmatched::kUnreachable;
}

// Appends one word for each ticket that has a best region. kRegions 0: as the grid says; the others
// let the compiler unroll the common cases.
template <std::uint32_t kRegions>
std::size_t PackBestRegions(const Tickets& tickets, const Grid& grid, const Packing& packing,
                            std::uint64_t* words, std::vector<Unmatched>& reasons) {
  const std::uint32_t regions = kRegions == 0 ? grid.regions() : kRegions;
  const std::uint32_t width = grid.width();
  const float* row = tickets.latency_ms.data();
  std::size_t packed = 0;
  for (std::size_t ticket = 0; ticket < tickets.count; ++ticket, row += regions) {
    std::uint32_t best = grid.Offset(row[0]);
    std::uint32_t best_region = 0;
    for (std::uint32_t region = 1; region < regions; ++region) {
      const std::uint32_t offset = grid.Offset(row[region]);
      const bool better = offset < best;
      best = better ? offset : best;
      best_region = better ? region : best_region;
    }
    if (best > width) [[unlikely]] {
      reasons[ticket] = WhyNoRegion(row, regions);
      continue;
    }
    words[packed++] = packing.Word(best_region, best, ticket);
  }
  return packed;
}

}  // namespace

Packing::Packing(const Grid& grid, std::size_t tickets)
    : index_bits_(static_cast<unsigned>(std::bit_width(tickets))),
      latency_bits_(static_cast<unsigned>(std::bit_width(grid.width()))),
      region_bits_(static_cast<unsigned>(std::bit_width(grid.regions() - 1))),
      region_shift_(index_bits_ + latency_bits_),
      index_mask_((std::uint64_t{1} << std::min(index_bits_, 63u)) - 1),
      latency_mask_((std::uint64_t{1} << latency_bits_) - 1) {}

SortedTickets::SortedTickets(const Tickets& tickets, const Grid& grid, const Packing& packing,
                             std::vector<Unmatched>& reasons)
    : packing_(packing), storage_(2 * tickets.count), words_(storage_.data()) {
  const auto pack = grid.regions() == 1   ? PackBestRegions<1>
                    : grid.regions() == 2 ? PackBestRegions<2>
                    : grid.regions() == 3 ? PackBestRegions<3>
                    : grid.regions() == 4 ? PackBestRegions<4>
                                          : PackBestRegions<0>;
  count_ = pack(tickets, grid, packing_, words_, reasons);
  std::uint64_t* const lower = storage_.data();
  std::uint64_t* const upper = lower + tickets.count;
  words_ = RadixSort(lower, upper, count_, packing_.sort_low_bit(), packing_.sort_bits());
  scratch_ = words_ == lower ? upper : lower;
  if (!tickets.key.empty()) OrderTies(tickets);
  for (std::uint64_t region = 0; region < grid.regions(); ++region) {
    const auto* begin = std::lower_bound(words_, words_ + count_, packing_.RegionBegin(region));
    region_begin_.push_back(static_cast<std::size_t>(begin - words_));
  }
  region_begin_.push_back(count_);
}

// The sort is stable and began in index order, so only runs of equal latency remain to be ordered
// by key.
void SortedTickets::OrderTies(const Tickets& tickets) {
  for (std::size_t i = 1; i < count_; ++i) {
    const std::uint64_t key = packing_.SortKey(words_[i]);
    if (key != packing_.SortKey(words_[i - 1])) [[likely]] {
      continue;
    }
    const std::size_t begin = i - 1;
    while (i < count_ && packing_.SortKey(words_[i]) == key) ++i;
    OrderRunByKey(tickets, begin, i);
  }
}

// Sorts the upper half of the keys beside the indices in the run's own space; whole keys are only
// compared where the upper halves are equal.
void SortedTickets::OrderRunByKey(const Tickets& tickets, std::size_t begin, std::size_t end) {
  const std::size_t count = end - begin;
  const std::uint64_t prefix = words_[begin] - packing_.Ticket(words_[begin]);
  for (std::size_t i = begin; i < end; ++i) {
    const std::uint64_t ticket = packing_.Ticket(words_[i]);
    scratch_[i] = (tickets.key[ticket] >> 32) << 32 | ticket;
  }
  const auto ticket_of = [](std::uint64_t word) { return static_cast<std::uint32_t>(word); };
  std::uint64_t* sorted = RadixSort(scratch_ + begin, words_ + begin, count, 32, 32);
  for (std::size_t i = 1; i < count; ++i) {
    if (sorted[i] >> 32 != sorted[i - 1] >> 32) continue;
    const std::size_t first = i - 1;
    while (i < count && sorted[i] >> 32 == sorted[first] >> 32) ++i;
    std::stable_sort(sorted + first, sorted + i, [&](std::uint64_t a, std::uint64_t b) {
      return tickets.key[ticket_of(a)] < tickets.key[ticket_of(b)];
    });
  }
  for (std::size_t i = 0; i < count; ++i) words_[begin + i] = prefix | ticket_of(sorted[i]);
}

}  // namespace gsh::matcher
