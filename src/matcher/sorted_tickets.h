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

// One word a ticket: region, the latency's code, some of the key's first bits, and the ticket's
// index, from the highest bit down. Words in rising order are tickets by region, latency, those
// bits and index. The code is the latency's offset in the grid, or, of whole milliseconds, the
// number itself, which is so much shorter that more bits of the key find room. They settle nearly
// all ties, for which keys would have to be looked up all over memory.
class Packing {
 public:
  Packing(const Grid& grid, std::size_t tickets, bool keys = false, bool whole_ms = false);

  // Latencies up to here may be packed as whole milliseconds.
  static constexpr std::uint32_t kMostWholeMs = 0xffff;

  // False if all but the key's bits need more than 64 together.
  bool whole_ms() const { return whole_ms_; }
  bool fits() const { return region_shift_ + region_bits_ <= 64; }

  // `code`: the offset, or the whole milliseconds.
  std::uint64_t Word(std::uint32_t region, std::uint32_t code, std::size_t ticket) const {
    return (std::uint64_t{region} << code_bits_ | code) << code_shift_ | ticket;
  }
  std::uint64_t KeyBits(std::uint64_t key) const {
    return key_bits_ == 0 ? 0 : key >> (64 - key_bits_) << index_bits_;
  }
  std::uint32_t Ticket(std::uint64_t word) const {
    return static_cast<std::uint32_t>(word & index_mask_);
  }
  std::uint32_t Offset(std::uint64_t word) const {
    const auto code = static_cast<std::uint32_t>((word >> code_shift_) & code_mask_);
    return whole_ms_ ? grid_->Offset(static_cast<float>(code)) : code;
  }
  float Latency(std::uint64_t word) const {
    const auto code = static_cast<std::uint32_t>((word >> code_shift_) & code_mask_);
    return whole_ms_ ? static_cast<float>(code) : grid_->Latency(code);
  }
  // With one region, whose number is 0, the shift may be by all 64 bits.
  std::uint64_t RegionBegin(std::uint64_t region) const {
    return region_shift_ < 64 ? region << region_shift_ : 0;
  }
  unsigned index_bits() const { return index_bits_; }
  unsigned key_bits() const { return key_bits_; }
  // Of region and code, and where they begin.
  unsigned place_bits() const { return code_bits_ + region_bits_; }
  unsigned place_shift() const { return code_shift_; }

 private:
  const Grid* grid_;
  bool whole_ms_;
  unsigned index_bits_;
  unsigned code_bits_;
  unsigned region_bits_;
  unsigned key_bits_ = 0;
  unsigned code_shift_;
  unsigned region_shift_;
  std::uint64_t index_mask_;
  std::uint64_t code_mask_;
};

class SortedTickets {
 public:
  // Sorts every ticket into its best region, the one of lowest latency in the bands (ties: the
  // lower region); by latency, key and index. Tickets without one get their reason. `packing` must
  // fit.
  SortedTickets(const Tickets& tickets, const Grid& grid, const Packing& packing, int threads,
                std::vector<Unmatched>& reasons);

  const Packing& packing() const { return packing_; }
  const std::uint64_t* begin(std::uint32_t region) const { return words_ + region_begin_[region]; }
  const std::uint64_t* end(std::uint32_t region) const {
    return words_ + region_begin_[region + 1];
  }

 private:
  // Packs every ticket into its best region; false: not in whole milliseconds, as asked.
  bool Pack(const Tickets& tickets, const Grid& grid, bool whole_ms,
            std::vector<Unmatched>& reasons);
  std::uint64_t* Sort(std::uint64_t* lower, std::uint64_t* upper) const;
  void OrderTies(const Tickets& tickets, std::uint64_t* scratch);
  void OrderRun(const Tickets& tickets, std::size_t begin, std::size_t end, std::uint64_t* scratch);

  const int threads_;
  Packing packing_;
  WordBuffer storage_;              // two halves, sorted to and fro
  std::uint64_t* words_ = nullptr;  // one of the halves
  std::size_t count_ = 0;
  std::vector<std::size_t> region_begin_;
};

}  // namespace gsh::matcher

#endif  // GSH_SRC_MATCHER_SORTED_TICKETS_H_
