#include "src/matcher/sorted_tickets.h"

#include <algorithm>
#include <bit>
#include <cmath>

#include "src/matcher/order_ties.h"
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
  if (!tickets.key.empty()) {
    OrderTiesByKey(words_, words_ == lower ? upper : lower, count_, packing_.sort_low_bit(),
                   tickets.key);
  }
  for (std::uint64_t region = 0; region < grid.regions(); ++region) {
    const auto* begin = std::lower_bound(words_, words_ + count_, packing_.RegionBegin(region));
    region_begin_.push_back(static_cast<std::size_t>(begin - words_));
  }
  region_begin_.push_back(count_);
}

}  // namespace gsh::matcher
