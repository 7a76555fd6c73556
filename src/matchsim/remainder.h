// How few tickets any matcher can leave over.
#ifndef GSH_SRC_MATCHSIM_REMAINDER_H_
#define GSH_SRC_MATCHSIM_REMAINDER_H_

#include <cstddef>
#include <span>

namespace gsh::matchsim {

// A lower bound for tickets of one player each, matches of `match_size` and bands as in
// matcher::Rules::band_bounds_ms. Two cells (a region's band) belong together if a ticket could go
// to either; whatever goes where, the tickets of all cells that belong together, divided by the
// match size, leave a rest. Tickets that fit no cell are left over too. `latency_ms` is
// ticket-major.
std::size_t LeastRemainder(std::span<const float> latency_ms, std::size_t regions,
                           std::span<const float> band_bounds_ms, std::size_t match_size);

}  // namespace gsh::matchsim

#endif  // GSH_SRC_MATCHSIM_REMAINDER_H_
