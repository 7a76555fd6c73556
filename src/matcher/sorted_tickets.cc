#include "src/matcher/sorted_tickets.h"

#include <algorithm>
#include <bit>
#include <cmath>

#include "src/matcher/order_ties.h"
#include "src/matcher/parallel.h"
#include "src/matcher/radix_sort.h"

namespace gsh::matcher {
namespace {

constexpr std::size_t kManyTickets = 200'000;
constexpr unsigned kMostPlaceBits = 18;

Unmatched WhyNoRegion(const float* latencies, std::uint32_t regions) {
  const bool reachable = std::any_of(latencies, latencies + regions,
                                     [](float x) { return std::isfinite(x) && x >= 0; });
  return reachable ? Unmatched::kOutsideBands : Unmatched::kUnreachable;
}

// Whether the first tickets are in whole milliseconds: then it is worth trying with all.
bool LooksWhole(const Tickets& tickets) {
  const std::size_t looked_at = std::min<std::size_t>(tickets.latency_ms.size(), 64);
  const auto first = tickets.latency_ms.first(looked_at);
  return !tickets.key.empty() && std::all_of(first.begin(), first.end(), [](float x) {
    return !(x >= 0) || x == std::floor(x);  // what is no latency does not count
  });
}

struct Packed {
  std::size_t count = 0;
  bool whole = true;  // all are, so that they could be packed that way
};

// Writes one word for each ticket of the part that has a best region. kRegions 0: as the grid says;
// the others let the compiler unroll the common cases.
template <std::uint32_t kRegions, bool kWhole>
Packed PackBestRegions(const Tickets& tickets, const Grid& grid, const Packing& packing,
                       const Part& part, std::uint64_t* words, std::vector<Unmatched>& reasons) {
  const std::uint32_t regions = kRegions == 0 ? grid.regions() : kRegions;
  const std::uint32_t width = grid.width();
  const float* row = tickets.latency_ms.data() + part.begin * regions;
  Packed packed;
  [[maybe_unused]] std::uint32_t all_whole = 1;
  for (std::size_t ticket = part.begin; ticket < part.end; ++ticket, row += regions) {
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
    if constexpr (kWhole) {
      const float latency = grid.Latency(best);
      const auto whole =
          static_cast<std::uint32_t>(std::min(latency, static_cast<float>(Packing::kMostWholeMs)));
      all_whole &= static_cast<float>(whole) == latency ? 1u : 0u;
      words[packed.count++] =
          packing.Word(best_region, whole, ticket) | packing.KeyBits(tickets.key[ticket]);
    } else {
      words[packed.count++] = packing.Word(best_region, best, ticket);
    }
  }
  packed.whole = all_whole != 0;
  return packed;
}

template <bool kWhole>
auto PackerFor(std::uint32_t regions) {
  return regions == 1   ? PackBestRegions<1, kWhole>
         : regions == 2 ? PackBestRegions<2, kWhole>
         : regions == 3 ? PackBestRegions<3, kWhole>
         : regions == 4 ? PackBestRegions<4, kWhole>
                        : PackBestRegions<0, kWhole>;
}

unsigned CodeBits(const Grid& grid, bool whole_ms) {
  if (!whole_ms) return static_cast<unsigned>(std::bit_width(grid.width()));
  const float most = std::min(grid.bounds().back(), static_cast<float>(Packing::kMostWholeMs));
  return static_cast<unsigned>(std::bit_width(static_cast<std::uint32_t>(most)));
}

}  // namespace

Packing::Packing(const Grid& grid, std::size_t tickets, bool whole_ms)
    : grid_(&grid),
      whole_ms_(whole_ms),
      index_bits_(static_cast<unsigned>(std::bit_width(tickets))),
      code_bits_(CodeBits(grid, whole_ms)),
      region_bits_(static_cast<unsigned>(std::bit_width(grid.regions() - 1))),
      index_mask_((std::uint64_t{1} << std::min(index_bits_, 63u)) - 1),
      code_mask_((std::uint64_t{1} << code_bits_) - 1) {
  constexpr unsigned kSortBits = 35;  // three passes of the sort; tells nearly all tickets apart
  const unsigned others = index_bits_ + code_bits_ + region_bits_;
  if (whole_ms && others < 64) {
    key_bits_ = std::min(64 - others, kSortBits - std::min(code_bits_ + region_bits_, kSortBits));
  }
  code_shift_ = index_bits_ + key_bits_;
  region_shift_ = code_shift_ + code_bits_;
}

// Each thread packs a part of the tickets; then the parts are moved together.
bool SortedTickets::Pack(const Tickets& tickets, const Grid& grid, bool whole_ms,
                         std::vector<Unmatched>& reasons) {
  const auto pack = whole_ms ? PackerFor<true>(grid.regions()) : PackerFor<false>(grid.regions());
  std::vector<Packed> packed(static_cast<std::size_t>(threads_));
  InParallel(threads_, [&](int thread) {
    const Part part(tickets.count, threads_, thread);
    packed[static_cast<std::size_t>(thread)] =
        pack(tickets, grid, packing_, part, words_ + part.begin, reasons);
  });
  bool whole = true;
  count_ = 0;
  for (int thread = 0; thread < threads_; ++thread) {
    const Packed& part = packed[static_cast<std::size_t>(thread)];
    const std::uint64_t* const from = words_ + Part(tickets.count, threads_, thread).begin;
    if (from != words_ + count_) std::copy_n(from, part.count, words_ + count_);
    count_ += part.count;
    whole = whole && part.whole;
  }
  return whole;
}

std::uint64_t* SortedTickets::Sort(std::uint64_t* lower, std::uint64_t* upper) const {
  const unsigned low_bit = packing_.sort_low_bit();
  if (threads_ > 1) {
    return RadixSortInParallel(lower, upper, count_, low_bit, packing_.sort_bits(), threads_);
  }
  const unsigned key_bits = packing_.key_bits();
  const unsigned place_bits = packing_.sort_bits() - key_bits;
  if (!packing_.whole_ms() || count_ < kManyTickets || place_bits > kMostPlaceBits) {
    return RadixSort(lower, upper, count_, low_bit, packing_.sort_bits());
  }
  // Few of the places occur, so that they are one digit.
  std::uint64_t* const by_key = RadixSort(lower, upper, count_, low_bit, key_bits);
  return RadixSort(by_key, by_key == lower ? upper : lower, count_, low_bit + key_bits, place_bits,
                   place_bits);
}

// Each thread a part, from the first run that begins in it.
void SortedTickets::OrderTies(const Tickets& tickets, std::uint64_t* scratch) {
  const unsigned low_bit = packing_.sort_low_bit();
  const auto run_from = [&](std::size_t at) {
    while (at > 0 && at < count_ && words_[at] >> low_bit == words_[at - 1] >> low_bit) ++at;
    return at;
  };
  std::vector<std::size_t> begins;
  for (int thread = 0; thread <= threads_; ++thread) {
    begins.push_back(run_from(Part(count_, threads_, thread).begin));
  }
  InParallel(threads_, [&](int thread) {
    const std::size_t begin = begins[static_cast<std::size_t>(thread)];
    const std::size_t end = begins[static_cast<std::size_t>(thread) + 1];
    OrderTiesByKey(words_ + begin, scratch + begin, end - begin, low_bit, tickets.key);
  });
}

SortedTickets::SortedTickets(const Tickets& tickets, const Grid& grid, const Packing& packing,
                             int threads, std::vector<Unmatched>& reasons)
    : threads_(UsefulThreads(threads, tickets.count)),
      packing_(packing),
      storage_(2 * tickets.count),
      words_(storage_.data()) {
  if (LooksWhole(tickets)) packing_ = Packing(grid, tickets.count, true);
  if (packing_.whole_ms() && !Pack(tickets, grid, true, reasons)) packing_ = packing;
  if (!packing_.whole_ms()) Pack(tickets, grid, false, reasons);
  std::uint64_t* const lower = storage_.data();
  std::uint64_t* const upper = lower + tickets.count;
  words_ = Sort(lower, upper);
  if (!tickets.key.empty()) OrderTies(tickets, words_ == lower ? upper : lower);
  for (std::uint64_t region = 0; region < grid.regions(); ++region) {
    const auto* begin = std::lower_bound(words_, words_ + count_, packing_.RegionBegin(region));
    region_begin_.push_back(static_cast<std::size_t>(begin - words_));
  }
  region_begin_.push_back(count_);
}

}  // namespace gsh::matcher
