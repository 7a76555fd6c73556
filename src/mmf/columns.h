// Columns: the tickets of a run as the matcher's arrays.
#ifndef GSH_SRC_MMF_COLUMNS_H_
#define GSH_SRC_MMF_COLUMNS_H_

#include <cstddef>
#include <cstdint>
#include <limits>
#include <span>
#include <string>
#include <string_view>
#include <unordered_set>
#include <vector>

#include "gsh/export.h"
#include "gsh/matcher/matcher.h"
#include "gsh/openmatch/match_function.h"
#include "gsh/openmatch/types.h"
#include "src/openmatch/wire_match_function.h"

namespace gsh::mmf {

// A well-mixed hash of a ticket's id: FNV-1a, 64 bits (draft-eastlake-fnv), then the finaliser of
// MurmurHash3.
GSH_EXPORT std::uint64_t HashOfId(std::string_view id);

// What a ticket may hold to be matched.
struct TicketBounds {
  std::size_t tags = std::numeric_limits<std::size_t>::max();
  std::size_t bytes = std::numeric_limits<std::size_t>::max();
};

// About what the ticket adds to a message.
GSH_EXPORT std::size_t BytesOf(const openmatch::Ticket& ticket);

class GSH_EXPORT Columns {
 public:
  // A ticket that is in several pools is taken once; one that exceeds `bounds` can reach no region.
  // A latency that is missing or negative is NaN. `request` must outlive the columns.
  Columns(const openmatch::MatchRequest& request, const std::vector<std::string>& regions,
          const TicketBounds& bounds = {});
  // The same of serialised tickets, read in place; one that cannot be read is left out.
  Columns(const openmatch::WireMatchRequest& request, const std::vector<std::string>& regions,
          const TicketBounds& bounds = {});

  // Where a column's ticket is: one of the two, as the request had them.
  struct Source {
    const openmatch::Ticket* ticket = nullptr;
    const std::string* wire = nullptr;
  };

  const std::vector<std::string_view>& ids() const { return ids_; }
  const Source& source(std::size_t ticket) const { return sources_[ticket]; }
  // Indices of the tickets that exceed the bounds.
  const std::vector<std::size_t>& refused() const { return refused_; }
  // In ms.
  float latency(std::size_t ticket, std::size_t region) const {
    return latencies_[ticket * regions_ + region];
  }
  matcher::Tickets ForMatcher() const {
    return {.count = ids_.size(), .latency_ms = latencies_, .key = keys_};
  }

 private:
  void Reserve(std::size_t tickets);
  void Add(std::string_view id, const Source& source, bool fits, std::span<const double> latencies);

  const std::size_t regions_;
  std::vector<std::string_view> ids_;
  std::vector<Source> sources_;
  std::vector<float> latencies_;
  std::vector<std::uint64_t> keys_;
  std::vector<std::size_t> refused_;
  std::unordered_set<std::string_view> seen_;
};

}  // namespace gsh::mmf

#endif  // GSH_SRC_MMF_COLUMNS_H_
