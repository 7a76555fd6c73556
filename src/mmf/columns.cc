#include "src/mmf/columns.h"

#include <algorithm>
#include <charconv>
#include <chrono>
#include <cmath>
#include <cstdio>

#include "gsh/mmf/search_fields.h"
#include "src/mmf/byte_sizes.h"

namespace gsh::mmf {
namespace {

constexpr float kNan = std::numeric_limits<float>::quiet_NaN();
constexpr std::uint16_t kUnknownTeam = matcher::kAnyTeam - 1;  // no rules have so many
constexpr std::size_t kTeamBytes = 8;  // around an id in the list of a team's tickets, at most

template <typename Pools>
std::size_t CountTickets(const Pools& pools) {
  std::size_t count = 0;
  for (const auto& [name, tickets] : pools) count += tickets.size();
  return count;
}

float LatencyOf(double ms) { return ms >= 0 ? static_cast<float>(ms) : kNan; }

std::uint16_t TeamOf(std::string_view text) {
  if (text.data() == nullptr) return matcher::kAnyTeam;
  std::uint16_t team = 0;
  const char* const end = text.data() + text.size();
  const auto [rest, error] = std::from_chars(text.data(), end, team);
  return error == std::errc() && rest == end ? std::min(team, kUnknownTeam) : kUnknownTeam;
}

bool IsPartySize(double players) {
  return players >= 1 && players <= kMaxPartySize && std::trunc(players) == players;
}

std::string Text(double number) {
  char text[32];
  std::snprintf(text, sizeof(text), "%g", number);
  return text;
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

Columns::Columns(std::size_t tickets, const ColumnsOptions& options)
    : regions_(options.rules.regions.size()),
      bounds_(options.bounds),
      now_(options.now),
      by_mean_(options.rules.party_latency == matcher::PartyLatency::kMean),
      give_waits_(UseWaits(options.rules)),
      by_teams_(options.rules.teams > 1) {
  ids_.reserve(tickets);
  sources_.reserve(tickets);
  keys_.reserve(tickets);
  latencies_.reserve(tickets * regions_);
  seen_.reserve(tickets);
}

Columns::Columns(const openmatch::MatchRequest& request, const ColumnsOptions& options)
    : Columns(CountTickets(request.pools), options) {
  TicketFields fields(options.rules, options.with_waits);
  for (const auto& [name, tickets] : request.pools) {
    for (const openmatch::Ticket& ticket : tickets) {
      fields.Read(ticket);
      Add(ticket.id, {.ticket = &ticket}, ticket.search_fields.tags.size(), BytesOf(ticket),
          fields);
    }
  }
}

Columns::Columns(const openmatch::WireMatchRequest& request, const ColumnsOptions& options)
    : Columns(CountTickets(request.pools), options) {
  TicketFields fields(options.rules, options.with_waits);
  for (const auto& [name, tickets] : request.pools) {
    for (const std::string& bytes : tickets) {
      std::string_view id;
      std::size_t tags = 0;
      if (fields.Read(bytes, id, tags)) Add(id, {.wire = &bytes}, tags, bytes.size(), fields);
    }
  }
}

void Columns::Add(std::string_view id, const Source& source, std::size_t tags, std::size_t bytes,
                  const TicketFields& fields) {
  if (!seen_.insert(id).second) return;
  // A proposal names the tickets of each team once more.
  if (by_teams_) bytes += id.size() + kTeamBytes;
  const bool fits =
      tags <= bounds_.tags && bytes <= bounds_.bytes && IsPartySize(fields.party_size());
  if (!fits) {
    refused_.push_back({.ticket = ids_.size(), .why = Mistake(tags, bytes, fields.party_size())});
  }
  AddPartySize(fits ? fields.party_size() : 1);
  AddLatencies(fields, fits);
  if (fields.has_create_time()) AddWait(fields.create_time());
  if (fields.has_skill()) skills_.push_back(static_cast<float>(fields.skill()));
  if (fields.has_team()) teams_.push_back(TeamOf(fields.team()));
  for (const std::string_view value : fields.attributes()) {
    attributes_.push_back(attribute_values_.Of(value));
  }
  ids_.push_back(id);
  sources_.push_back(source);
  keys_.push_back(HashOfId(id));
}

std::string Columns::Mistake(std::size_t tags, std::size_t bytes, double party_size) const {
  if (tags > bounds_.tags) {
    return std::to_string(tags) + " tags, at most " + std::to_string(bounds_.tags) + " are allowed";
  }
  if (bytes > bounds_.bytes) {
    return std::to_string(bytes) + " bytes, at most " + std::to_string(bounds_.bytes) +
           " are allowed";
  }
  return std::string(kPartySizeArg) + " is " + Text(party_size) +
         ": it must be a whole number from 1 to " + std::to_string(kMaxPartySize);
}

void Columns::AddLatencies(const TicketFields& fields, bool fits) {
  const std::span<const double> latencies = fields.latencies();
  for (const double ms : latencies) latencies_.push_back(fits ? LatencyOf(ms) : kNan);
  const std::span<const double> means = fields.mean_latencies();
  for (std::size_t i = 0; i < means.size(); ++i) {
    const double ms = std::isnan(means[i]) ? latencies[i] : means[i];
    means_.push_back(fits ? LatencyOf(ms) : kNan);
  }
}

void Columns::AddPartySize(double players) {
  if (party_sizes_.empty()) {
    if (players == 1) return;
    party_sizes_.assign(ids_.size(), 1);  // so far nobody was more than one
  }
  party_sizes_.push_back(static_cast<std::uint16_t>(players));
}

void Columns::AddWait(const std::optional<WallTime>& created) {
  // In doubles: the difference may be more than a WallTime's duration holds.
  using Seconds = std::chrono::duration<double>;
  const double seconds = created ? Seconds(now_.time_since_epoch()).count() -
                                       Seconds(created->time_since_epoch()).count()
                                 : 0;
  waits_.push_back(static_cast<float>(std::max(seconds, 0.0)));
}

matcher::Tickets Columns::ForMatcher() const {
  matcher::Tickets tickets{.count = ids_.size(), .latency_ms = latencies_, .key = keys_};
  if (give_waits_) tickets.wait_s = waits_;
  tickets.party_size = party_sizes_;
  tickets.mean_latency_ms = means_;
  tickets.skill = skills_;
  tickets.team = teams_;
  tickets.attributes = attributes_;
  return tickets;
}

}  // namespace gsh::mmf
