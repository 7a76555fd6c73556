#include "src/mmf/new_backfill.h"

#include <algorithm>
#include <cmath>
#include <optional>
#include <string_view>
#include <utility>

#include "gsh/mmf/backfill_slots.h"
#include "gsh/mmf/search_fields.h"
#include "src/openmatch/wire_ticket.h"

namespace gsh::mmf {
namespace {

// A value that the range lets through whatever ends it excludes: `wanted` if that does.
double InRange(const openmatch::DoubleRangeFilter& range, double wanted) {
  if (wanted > range.min && wanted < range.max) return wanted;
  if (std::isinf(range.min) && std::isinf(range.max)) return 0;
  if (std::isinf(range.max)) return range.min + 1;
  if (std::isinf(range.min)) return range.max - 1;
  return range.min + (range.max - range.min) / 2;
}

double MeanLatency(std::span<const Joining> members) {
  double sum = 0;
  double players = 0;
  for (const Joining& member : members) {
    sum += static_cast<double>(member.players) * static_cast<double>(member.latency_ms);
    players += member.players;
  }
  return players > 0 ? sum / players : 0;
}

void PassFilters(const openmatch::MatchProfile& profile, double mean_latency_ms,
                 openmatch::SearchFields& fields) {
  for (const openmatch::Pool& pool : profile.pools) {
    for (const std::string& tag : pool.tags_present) {
      if (std::ranges::find(fields.tags, tag) == fields.tags.end()) fields.tags.push_back(tag);
    }
    for (const openmatch::StringEqualsFilter& filter : pool.string_equals_filters) {
      fields.string_args.try_emplace(filter.string_arg, filter.value);
    }
    for (const openmatch::DoubleRangeFilter& range : pool.double_range_filters) {
      const bool latency = range.double_arg.starts_with(kLatencyPrefix);
      fields.double_args.try_emplace(range.double_arg,
                                     InRange(range, latency ? mean_latency_ms : range.min));
    }
  }
}

BackfillSlots SlotsLeft(const matcher::Rules& rules, std::size_t region,
                        std::span<const Joining> members) {
  BackfillSlots slots{.region = rules.regions[region]};
  slots.open_slots.assign(static_cast<std::size_t>(rules.teams),
                          static_cast<std::uint32_t>(rules.match_size / rules.teams));
  for (const Joining& member : members) {
    std::uint32_t& open = slots.open_slots[member.team];
    open -= std::min(open, member.players);
    // The first comparison is with NaN.
    if (!(slots.lowest_latency_ms <= member.latency_ms)) {
      slots.lowest_latency_ms = member.latency_ms;
    }
    if (!(slots.highest_latency_ms >= member.latency_ms)) {
      slots.highest_latency_ms = member.latency_ms;
    }
  }
  return slots;
}

}  // namespace

std::map<std::string, std::string> AttributesOf(const Columns::Source& ticket,
                                                const std::vector<std::string>& names) {
  std::map<std::string, std::string> attributes;
  if (names.empty()) return attributes;
  if (ticket.ticket != nullptr) {
    const auto& args = ticket.ticket->search_fields.string_args;
    for (const std::string& name : names) {
      if (const auto found = args.find(name); found != args.end()) attributes.insert(*found);
    }
    return attributes;
  }
  std::vector<std::string_view> values(names.size());
  std::optional<WallTime> created;
  openmatch::ReadWireTexts(*ticket.wire, names, values, created);
  for (std::size_t i = 0; i < names.size(); ++i) {
    if (values[i].data() != nullptr) attributes.emplace(names[i], values[i]);
  }
  return attributes;
}

openmatch::Backfill NewBackfill(const openmatch::MatchProfile& profile, const matcher::Rules& rules,
                                std::size_t region, std::span<const Joining> members,
                                std::map<std::string, std::string> attributes) {
  openmatch::Backfill backfill;
  backfill.search_fields.string_args = std::move(attributes);
  PassFilters(profile, MeanLatency(members), backfill.search_fields);
  backfill.extensions[kBackfillExtension] = BackfillSlotsToAny(SlotsLeft(rules, region, members));
  return backfill;
}

}  // namespace gsh::mmf
