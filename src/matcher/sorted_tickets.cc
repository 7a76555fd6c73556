#include "src/matcher/sorted_tickets.h"

#include <algorithm>
#include <array>
#include <bit>
#include <cmath>

#include "src/matcher/order_ties.h"
#include "src/matcher/parallel.h"
#include "src/matcher/radix_sort.h"

namespace gsh::matcher {
namespace {

constexpr std::size_t kManyTickets = 200'000;
constexpr unsigned kMostPlaceBits = 18;
// Whole milliseconds are sorted by them too, in two passes; otherwise they are for the odd tie.
constexpr unsigned kManyKeyBits = 20;
constexpr unsigned kFewKeyBits = 16;
constexpr std::size_t kFewTies = 24;  // up to here insertion is faster

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
    const std::uint64_t key_bits = tickets.key.empty() ? 0 : packing.KeyBits(tickets.key[ticket]);
    if constexpr (kWhole) {
      const float latency = grid.Latency(best);
      const auto whole =
          static_cast<std::uint32_t>(std::min(latency, static_cast<float>(Packing::kMostWholeMs)));
      all_whole &= static_cast<float>(whole) == latency ? 1u : 0u;
      words[packed.count++] = packing.Word(best_region, whole, ticket) | key_bits;
    } else {
      words[packed.count++] = packing.Word(best_region, best, ticket) | key_bits;
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

Packing::Packing(const Grid& grid, std::size_t tickets, bool keys, bool whole_ms)
    : grid_(&grid),
      whole_ms_(whole_ms),
      index_bits_(static_cast<unsigned>(std::bit_width(tickets))),
      code_bits_(CodeBits(grid, whole_ms)),
      region_bits_(static_cast<unsigned>(std::bit_width(grid.regions() - 1))),
      index_mask_((std::uint64_t{1} << std::min(index_bits_, 63u)) - 1),
      code_mask_((std::uint64_t{1} << code_bits_) - 1) {
  const unsigned others = index_bits_ + code_bits_ + region_bits_;
  if (keys && others < 64) key_bits_ = std::min(64 - others, whole_ms ? kManyKeyBits : kFewKeyBits);
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

// By region and code, stably; whole milliseconds also by the bits of the key.
std::uint64_t* SortedTickets::Sort(std::uint64_t* lower, std::uint64_t* upper) const {
  const unsigned key_bits = packing_.whole_ms() ? packing_.key_bits() : 0;
  const unsigned low_bit = packing_.place_shift() - key_bits;
  const unsigned place_bits = packing_.place_bits();
  if (threads_ > 1) {
    return RadixSortInParallel(lower, upper, count_, low_bit, key_bits + place_bits, threads_);
  }
  if (key_bits == 0 || count_ < kManyTickets || place_bits > kMostPlaceBits) {
    return RadixSort(lower, upper, count_, low_bit, key_bits + place_bits);
  }
  // Few of the places occur, so that they are one digit.
  const std::array<unsigned, 3> digits = {key_bits / 2, key_bits - key_bits / 2, place_bits};
  return RadixSortByDigits(lower, upper, count_, low_bit, digits);
}

// Each thread a part, from the first run that begins in it.
void SortedTickets::OrderTies(const Tickets& tickets, std::uint64_t* scratch) {
  const unsigned shift = packing_.place_shift();
  const auto run_from = [&](std::size_t at) {
    while (at > 0 && at < count_ && words_[at] >> shift == words_[at - 1] >> shift) ++at;
    return at;
  };
  std::vector<std::size_t> begins;
  for (int thread = 0; thread <= threads_; ++thread) {
    begins.push_back(run_from(Part(count_, threads_, thread).begin));
  }
  InParallel(threads_, [&](int thread) {
    const std::size_t begin = begins[static_cast<std::size_t>(thread)];
    const std::size_t end = begins[static_cast<std::size_t>(thread) + 1];
    if (packing_.whole_ms()) {
      OrderTiesByKey(words_ + begin, scratch + begin, end - begin, packing_.index_bits(),
                     tickets.key);
      return;
    }
    for (std::size_t at = begin; at < end;) {
      std::size_t after = at + 1;
      while (after < end && words_[after] >> shift == words_[at] >> shift) ++after;
      if (after > at + 1) OrderRun(tickets, at, after, scratch);
      at = after;
    }
  });
}

// By the bits of the key, and by whole keys where those are equal.
void SortedTickets::OrderRun(const Tickets& tickets, std::size_t begin, std::size_t end,
                             std::uint64_t* scratch) {
  std::uint64_t* const words = words_ + begin;
  const std::size_t count = end - begin;
  const unsigned index_bits = packing_.index_bits();
  if (count == 2) {  // nearly all; without a branch
    const std::uint64_t first = std::min(words[0], words[1]);
    words[1] = std::max(words[0], words[1]);
    words[0] = first;
  } else if (count <= kFewTies) {
    for (std::size_t i = 1; i < count; ++i) {
      const std::uint64_t word = words[i];
      std::size_t at = i;
      for (; at > 0 && word < words[at - 1]; --at) words[at] = words[at - 1];
      words[at] = word;
    }
  } else {
    const std::uint64_t* const sorted =
        RadixSort(words, scratch + begin, count, index_bits, packing_.key_bits());
    if (sorted != words) std::copy_n(sorted, count, words);
  }
  OrderTiesByKey(words, scratch + begin, count, index_bits, tickets.key);
}

SortedTickets::SortedTickets(const Tickets& tickets, const Grid& grid, const Packing& packing,
                             int threads, std::vector<Unmatched>& reasons)
    : threads_(UsefulThreads(threads, tickets.count)),
      packing_(packing),
      storage_(2 * tickets.count),
      words_(storage_.data()) {
  const bool keys = !tickets.key.empty();
  packing_ = Packing(grid, tickets.count, keys, LooksWhole(tickets));
  if (packing_.whole_ms() && !Pack(tickets, grid, true, reasons)) {
    packing_ = Packing(grid, tickets.count, keys);
  }
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
