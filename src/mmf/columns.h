// Columns: the tickets of a run as the matcher's arrays.
#ifndef GSH_SRC_MMF_COLUMNS_H_
#define GSH_SRC_MMF_COLUMNS_H_

#include <cstddef>
#include <cstdint>
#include <limits>
#include <string>
#include <string_view>
#include <vector>

#include "gsh/export.h"
#include "gsh/matcher/matcher.h"
#include "gsh/openmatch/match_function.h"
#include "gsh/openmatch/types.h"

namespace gsh::mmf {

// A well-mixed hash of a ticket's id: FNV-1a, 64 bits (draft-eastlake-fnv), then the finaliser of
// MurmurHash3.
GSH_EXPORT std::uint64_t HashOfId(std::string_view id);

// In ms; NaN if the ticket gives none, or a negative one.
GSH_EXPORT double LatencyTo(const openmatch::Ticket& ticket, const std::string& latency_arg);

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
  // `request` must outlive the columns.
  Columns(const openmatch::MatchRequest& request, const std::vector<std::string>& regions,
          const TicketBounds& bounds = {});

  // Indices of the tickets that exceed the bounds.
  const std::vector<std::size_t>& refused() const { return refused_; }
  const std::vector<const openmatch::Ticket*>& tickets() const { return tickets_; }
  matcher::Tickets ForMatcher() const {
    return {.count = tickets_.size(), .latency_ms = latencies_, .key = keys_};
  }

 private:
  std::vector<const openmatch::Ticket*> tickets_;
  std::vector<float> latencies_;
  std::vector<std::uint64_t> keys_;
  std::vector<std::size_t> refused_;
};

}  // namespace gsh::mmf

#endif  // GSH_SRC_MMF_COLUMNS_H_
