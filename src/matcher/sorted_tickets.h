// SortedTickets: the tickets of each best region by latency, the matcher's main data structure.
#ifndef GSH_SRC_MATCHER_SORTED_TICKETS_H_
#define GSH_SRC_MATCHER_SORTED_TICKETS_H_

#include <cstddef>
#include <cstdint>
#include <vector>

#include "gsh/matcher/matcher.h"
#include "src/matcher/grid.h"
#include "src/matcher/word_buffer.h"

namespace gsh::matcher {

// One word a ticket: region, then the latency's offset in the grid, then the ticket's index, from
// the highest bit down. Words in rising order are tickets by region, latency and index.
class Packing {
 public:
  Packing(const Grid& grid, std::size_t tickets);

  // False if region, latency and index need more than 64 bits together.
  bool fits() const { return region_shift_ + region_bits_ <= 64; }

  std::uint64_t Word(std::uint32_t region, std::uint32_t offset, std::size_t ticket) const {
    return (std::uint64_t{region} << latency_bits_ | offset) << index_bits_ | ticket;
  }
  std::uint32_t Ticket(std::uint64_t word) const {
    return static_cast<std::uint32_t>(word & index_mask_);
  }
  std::uint32_t Offset(std::uint64_t word) const {
    return static_cast<std::uint32_t>((word >> index_bits_) & latency_mask_);
  }
  std::uint64_t RegionBegin(std::uint64_t region) const { return region << region_shift_; }
  unsigned sort_low_bit() const { return index_bits_; }
  unsigned sort_bits() const { return latency_bits_ + region_bits_; }

 private:
  unsigned index_bits_;
  unsigned latency_bits_;
  unsigned region_bits_;
  unsigned region_shift_;
  std::uint64_t index_mask_;
  std::uint64_t latency_mask_;
};

class SortedTickets {
 public:
  // Sorts every ticket into its best region, the one of lowest latency in the bands (ties: the
  // lower region); by latency, key and index. Tickets without one get their reason. `packing` must
  // fit.
  SortedTickets(const Tickets& tickets, const Grid& grid, const Packing& packing,
                std::vector<Unmatched>& reasons);

  const Packing& packing() const { return packing_; }
  const std::uint64_t* begin(std::uint32_t region) const { return words_ + region_begin_[region]; }
  const std::uint64_t* end(std::uint32_t region) const {
    return words_ + region_begin_[region + 1];
  }

 private:
  Packing packing_;
  WordBuffer storage_;              // two halves, sorted to and fro
  std::uint64_t* words_ = nullptr;  // one of the halves
  std::size_t count_ = 0;
  std::vector<std::size_t> region_begin_;
};

}  // namespace gsh::matcher

#endif  // GSH_SRC_MATCHER_SORTED_TICKETS_H_
