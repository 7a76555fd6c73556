#include "src/matchsim/remainder.h"

#include <algorithm>
#include <numeric>
#include <optional>
#include <vector>

namespace gsh::matchsim {
namespace {

// The last band is closed.
std::optional<std::size_t> BandOf(float ms, std::span<const float> bounds) {
  if (!(ms >= bounds.front() && ms <= bounds.back())) return std::nullopt;
  const auto above = std::upper_bound(bounds.begin(), bounds.end(), ms);
  const auto band = static_cast<std::size_t>(above - bounds.begin()) - 1;
  return std::min(band, bounds.size() - 2);
}

// Disjoint sets of cells.
class Cells {
 public:
  explicit Cells(std::size_t count) : parents_(count) {
    std::iota(parents_.begin(), parents_.end(), std::size_t{0});
  }
  std::size_t Root(std::size_t cell) {
    while (parents_[cell] != cell) cell = parents_[cell] = parents_[parents_[cell]];
    return cell;
  }
  void Join(std::size_t a, std::size_t b) { parents_[Root(a)] = Root(b); }

 private:
  std::vector<std::size_t> parents_;
};

}  // namespace

std::size_t LeastRemainder(std::span<const float> latency_ms, std::size_t regions,
                           std::span<const float> band_bounds_ms, std::size_t match_size) {
  if (regions == 0 || band_bounds_ms.size() < 2 || match_size == 0) return 0;
  const std::size_t bands = band_bounds_ms.size() - 1;
  Cells cells(regions * bands);
  std::vector<std::size_t> tickets(regions * bands);  // by one of their cells
  std::size_t least = 0;
  for (std::size_t first = 0; first + regions <= latency_ms.size(); first += regions) {
    std::optional<std::size_t> home;
    for (std::size_t region = 0; region < regions; ++region) {
      const auto band = BandOf(latency_ms[first + region], band_bounds_ms);
      if (!band) continue;
      const std::size_t cell = region * bands + *band;
      if (home) cells.Join(*home, cell);
      home = cell;
    }
    home ? ++tickets[*home] : ++least;
  }
  std::vector<std::size_t> sums(tickets.size());
  for (std::size_t cell = 0; cell < tickets.size(); ++cell) sums[cells.Root(cell)] += tickets[cell];
  for (const std::size_t sum : sums) least += sum % match_size;
  return least;
}

}  // namespace gsh::matchsim
