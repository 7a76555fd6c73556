#include "src/matcher/cell_counts.h"

#include <algorithm>
#include <array>

namespace gsh::matcher {
namespace {

constexpr std::size_t kBlock = 512;     // latencies of one region, copied side by side
constexpr std::size_t kScanBands = 24;  // up to here comparing with every bound beats a search

// Below one bound, without a branch, so that the compiler compares several at once.
std::uint32_t CountBelow(const std::array<std::uint32_t, kBlock>& offsets, std::size_t count,
                         std::uint32_t limit) {
  std::uint32_t below = 0;
  for (std::size_t i = 0; i < count; ++i) below += offsets[i] < limit ? 1u : 0u;
  return below;
}

}  // namespace

std::vector<std::uint32_t> CountCells(const Tickets& tickets, const Grid& grid) {
  const std::uint32_t bands = grid.bands();
  std::vector<std::uint32_t> ends(bands);
  for (std::uint32_t band = 0; band < bands; ++band) ends[band] = grid.EndOffset(band);
  std::vector<std::uint32_t> counts(grid.cells(), 0);
  std::array<std::uint32_t, kBlock> offsets;
  for (std::size_t begin = 0; begin < tickets.count; begin += kBlock) {
    const std::size_t count = std::min(kBlock, tickets.count - begin);
    for (std::uint32_t region = 0; region < grid.regions(); ++region) {
      const float* latency = tickets.latency_ms.data() + begin * grid.regions() + region;
      for (std::size_t i = 0; i < count; ++i) offsets[i] = grid.Offset(latency[i * grid.regions()]);
      std::uint32_t* cell = counts.data() + std::size_t{region} * bands;
      if (bands <= kScanBands) {
        std::uint32_t before = 0;
        for (std::uint32_t band = 0; band < bands; ++band) {
          const std::uint32_t below = CountBelow(offsets, count, ends[band]);
          cell[band] += below - before;
          before = below;
        }
        continue;
      }
      for (std::size_t i = 0; i < count; ++i) {
        if (offsets[i] > grid.width()) continue;
        ++cell[std::upper_bound(ends.begin(), ends.end(), offsets[i]) - ends.begin()];
      }
    }
  }
  return counts;
}

}  // namespace gsh::matcher
