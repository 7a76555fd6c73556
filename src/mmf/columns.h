// Columns: the tickets of a run as the matcher's arrays.
#ifndef GSH_SRC_MMF_COLUMNS_H_
#define GSH_SRC_MMF_COLUMNS_H_

#include <cstddef>
#include <cstdint>
#include <limits>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <unordered_map>
#include <unordered_set>
#include <vector>

#include "gsh/clock.h"
#include "gsh/export.h"
#include "gsh/matcher/matcher.h"
#include "gsh/mmf/latency_match_function.h"
#include "gsh/openmatch/match_function.h"
#include "gsh/openmatch/types.h"
#include "src/mmf/ticket_fields.h"
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

// Numbers for texts: equal ones have equal numbers. The texts must outlive it.
class TextNumbers {
 public:
  // Of a text without data(), which is one that is missing: 0.
  std::uint32_t Of(std::string_view text) {
    if (text.data() == nullptr) return 0;
    return numbers_.try_emplace(text, static_cast<std::uint32_t>(numbers_.size() + 1))
        .first->second;
  }

 private:
  std::unordered_map<std::string_view, std::uint32_t> numbers_;
};

struct ColumnsOptions {
  const matcher::Rules& rules;
  TicketBounds bounds = {};
  WallTime now = {};        // waits are counted to here
  bool with_waits = false;  // even if no rule asks for them
};

class GSH_EXPORT Columns {
 public:
  // A ticket that is in several pools is taken once; one that exceeds the bounds, or whose party
  // has no size, can reach no region. A latency that is missing or negative is NaN. `request` must
  // outlive the columns.
  Columns(const openmatch::MatchRequest& request, const ColumnsOptions& options);
  // The same of serialised tickets, read in place; one that cannot be read is left out.
  Columns(const openmatch::WireMatchRequest& request, const ColumnsOptions& options);

  // Where a column's ticket is: one of the two, as the request had them.
  struct Source {
    const openmatch::Ticket* ticket = nullptr;
    const std::string* wire = nullptr;
  };

  const std::vector<std::string_view>& ids() const { return ids_; }
  const Source& source(std::size_t ticket) const { return sources_[ticket]; }
  // Tickets that are not looked at, and why, by rising index.
  const std::vector<Refusal>& refused() const { return refused_; }
  // What the rules match by, in ms: a party's worst or mean latency.
  float latency(std::size_t ticket, std::size_t region) const {
    return latencies()[ticket * regions_ + region];
  }
  const std::vector<float>& latencies() const { return by_mean_ ? means_ : latencies_; }
  const std::vector<float>& waits_s() const { return waits_; }  // empty unless read
  // Empty: all are 1.
  const std::vector<std::uint16_t>& party_sizes() const { return party_sizes_; }
  std::uint32_t party_size(std::size_t ticket) const {
    return party_sizes_.empty() ? 1 : party_sizes_[ticket];
  }
  TextNumbers& attribute_values() { return attribute_values_; }

  // Without backfills. What no rule asks for is left out.
  matcher::Tickets ForMatcher() const;

 private:
  Columns(std::size_t tickets, const ColumnsOptions& options);

  // `bytes` is what the ticket adds to a proposal.
  void Add(std::string_view id, const Source& source, std::size_t tags, std::size_t bytes,
           const TicketFields& fields);
  std::string Mistake(std::size_t tags, std::size_t bytes, double party_size) const;
  void AddLatencies(const TicketFields& fields, bool fits);
  void AddPartySize(double players);
  void AddWait(const std::optional<WallTime>& created);

  const std::size_t regions_;
  const TicketBounds bounds_;
  const WallTime now_;
  const bool by_mean_;
  const bool give_waits_;
  const bool by_teams_;
  std::vector<std::string_view> ids_;
  std::vector<Source> sources_;
  std::vector<Refusal> refused_;
  std::vector<float> latencies_;
  std::vector<std::uint64_t> keys_;
  std::vector<std::uint16_t> party_sizes_;
  // As the rules ask.
  std::vector<float> means_;
  std::vector<float> waits_;
  std::vector<float> skills_;
  std::vector<std::uint16_t> teams_;
  std::vector<std::uint32_t> attributes_;
  TextNumbers attribute_values_;
  std::unordered_set<std::string_view> seen_;
};

}  // namespace gsh::mmf

#endif  // GSH_SRC_MMF_COLUMNS_H_
