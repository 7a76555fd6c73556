#include "src/mmf/columns.h"

#include <limits>

#include "src/mmf/profile_rules.h"
#include "src/openmatch/wire_ticket.h"

namespace gsh::mmf {
namespace {

constexpr float kNan = std::numeric_limits<float>::quiet_NaN();

template <typename Pools>
std::size_t CountTickets(const Pools& pools) {
  std::size_t count = 0;
  for (const auto& [name, tickets] : pools) count += tickets.size();
  return count;
}

std::vector<std::string> LatencyArgs(const std::vector<std::string>& regions) {
  std::vector<std::string> args;
  args.reserve(regions.size());
  for (const std::string& region : regions) args.push_back(kLatencyPrefix + region);
  return args;
}

}  // namespace

std::uint64_t HashOfId(std::string_view id) {
  std::uint64_t hash = 0xcbf29ce484222325;
  for (const char c : id) {
    hash ^= static_cast<unsigned char>(c);
    hash *= 0x100000001b3;
  }
  hash = (hash ^ hash >> 33) * 0xff51afd7ed558ccd;
  hash = (hash ^ hash >> 33) * 0xc4ceb9fe1a85ec53;
  return hash ^ hash >> 33;
}

std::size_t BytesOf(const openmatch::Ticket& ticket) {
  constexpr std::size_t kFraming = 8;  // a field's tag and length, roughly
  std::size_t bytes = ticket.id.size();
  for (const std::string& tag : ticket.search_fields.tags) bytes += tag.size() + kFraming;
  for (const auto& [key, value] : ticket.search_fields.double_args) {
    bytes += key.size() + sizeof value + kFraming;
  }
  for (const auto& [key, value] : ticket.search_fields.string_args) {
    bytes += key.size() + value.size() + kFraming;
  }
  for (const Extensions* extensions : {&ticket.extensions, &ticket.persistent_field}) {
    for (const auto& [key, any] : *extensions) {
      bytes += key.size() + any.type_url.size() + any.value.size() + 2 * kFraming;
    }
  }
  return bytes;
}

Columns::Columns(const openmatch::MatchRequest& request, const std::vector<std::string>& regions,
                 const TicketBounds& bounds)
    : regions_(regions.size()) {
  const std::vector<std::string> args = LatencyArgs(regions);
  std::vector<double> latencies(regions_);
  Reserve(CountTickets(request.pools));
  for (const auto& [name, tickets] : request.pools) {
    for (const openmatch::Ticket& ticket : tickets) {
      const bool fits =
          ticket.search_fields.tags.size() <= bounds.tags && BytesOf(ticket) <= bounds.bytes;
      const auto& given = ticket.search_fields.double_args;
      for (std::size_t i = 0; i < regions_; ++i) {
        const auto found = given.find(args[i]);
        latencies[i] = found == given.end() ? kNan : found->second;
      }
      Add(ticket.id, {.ticket = &ticket}, fits, latencies);
    }
  }
}

Columns::Columns(const openmatch::WireMatchRequest& request,
                 const std::vector<std::string>& regions, const TicketBounds& bounds)
    : regions_(regions.size()) {
  const std::vector<std::string> args = LatencyArgs(regions);
  std::vector<double> latencies(regions_);
  Reserve(CountTickets(request.pools));
  for (const auto& [name, tickets] : request.pools) {
    for (const std::string& bytes : tickets) {
      openmatch::WireTicket ticket;
      if (!openmatch::ReadWireTicket(bytes, args, latencies, ticket)) continue;
      const bool fits = ticket.tags <= bounds.tags && bytes.size() <= bounds.bytes;
      Add(ticket.id, {.wire = &bytes}, fits, latencies);
    }
  }
}

void Columns::Reserve(std::size_t tickets) {
  ids_.reserve(tickets);
  sources_.reserve(tickets);
  keys_.reserve(tickets);
  latencies_.reserve(tickets * regions_);
  seen_.reserve(tickets);
}

void Columns::Add(std::string_view id, const Source& source, bool fits,
                  std::span<const double> latencies) {
  if (!seen_.insert(id).second) return;
  if (!fits) refused_.push_back(ids_.size());
  ids_.push_back(id);
  sources_.push_back(source);
  keys_.push_back(HashOfId(id));
  for (const double latency : latencies) {
    latencies_.push_back(fits && latency >= 0 ? static_cast<float>(latency) : kNan);
  }
}

}  // namespace gsh::mmf
