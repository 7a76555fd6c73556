#include "src/mmf/columns.h"

#include <limits>
#include <unordered_set>

#include "src/mmf/profile_rules.h"

namespace gsh::mmf {
namespace {

constexpr float kNan = std::numeric_limits<float>::quiet_NaN();

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

double LatencyTo(const openmatch::Ticket& ticket, const std::string& latency_arg) {
  const auto& args = ticket.search_fields.double_args;
  const auto found = args.find(latency_arg);
  const bool usable = found != args.end() && found->second >= 0;
  return usable ? found->second : std::numeric_limits<double>::quiet_NaN();
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
                 const TicketBounds& bounds) {
  std::size_t most = 0;
  for (const auto& [name, tickets] : request.pools) most += tickets.size();
  tickets_.reserve(most);
  keys_.reserve(most);
  latencies_.reserve(most * regions.size());
  std::vector<std::string> args;
  for (const std::string& region : regions) args.push_back(kLatencyPrefix + region);
  std::unordered_set<std::string_view> seen;
  seen.reserve(most);
  for (const auto& [name, tickets] : request.pools) {
    for (const openmatch::Ticket& ticket : tickets) {
      if (!seen.insert(ticket.id).second) continue;
      const bool fits =
          ticket.search_fields.tags.size() <= bounds.tags && BytesOf(ticket) <= bounds.bytes;
      if (!fits) refused_.push_back(tickets_.size());
      tickets_.push_back(&ticket);
      keys_.push_back(HashOfId(ticket.id));
      for (const std::string& arg : args) {
        latencies_.push_back(fits ? static_cast<float>(LatencyTo(ticket, arg)) : kNan);
      }
    }
  }
}

}  // namespace gsh::mmf
