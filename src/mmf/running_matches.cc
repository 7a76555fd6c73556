#include "src/mmf/running_matches.h"

#include <algorithm>
#include <tuple>
#include <unordered_set>

#include "src/mmf/byte_sizes.h"

namespace gsh::mmf {
namespace {

// A proposal has room for it beside its tickets.
constexpr std::size_t kMaxBackfillBytes = std::size_t{32} << 10;

// Each once, the oldest first.
std::vector<const openmatch::Backfill*> Distinct(
    const std::map<std::string, std::vector<openmatch::Backfill>>& pools) {
  std::vector<const openmatch::Backfill*> distinct;
  std::unordered_set<std::string_view> seen;
  for (const auto& [name, backfills] : pools) {
    for (const openmatch::Backfill& backfill : backfills) {
      if (seen.insert(backfill.id).second) distinct.push_back(&backfill);
    }
  }
  std::ranges::sort(distinct, {}, [](const openmatch::Backfill* backfill) {
    return std::tuple(backfill->create_time.value_or(WallTime::max()), backfill->id);
  });
  return distinct;
}

Status CheckSlots(const BackfillSlots& slots, const matcher::Rules& rules) {
  const auto teams = static_cast<std::size_t>(rules.teams);
  if (slots.open_slots.size() != teams) {
    return InvalidArgumentError("open slots of " + std::to_string(slots.open_slots.size()) +
                                " teams; the rules have " + std::to_string(teams));
  }
  const auto most = static_cast<std::uint32_t>(rules.match_size / rules.teams);
  if (*std::ranges::max_element(slots.open_slots) > most) {
    return InvalidArgumentError("more open slots than a team of the rules has places: " +
                                std::to_string(most));
  }
  return OkStatus();
}

}  // namespace

RunningMatches::RunningMatches(const std::map<std::string, std::vector<openmatch::Backfill>>& pools,
                               const matcher::Rules& rules, TextNumbers& attribute_values,
                               LogSink* log) {
  if (pools.empty()) return;
  std::size_t left_out = 0;
  Status first;
  for (const openmatch::Backfill* backfill : Distinct(pools)) {
    Status status = Add(*backfill, rules, attribute_values);
    if (!status.ok() && left_out++ == 0) first = status;
  }
  if (left_out > 0) {
    Log(log, LogLevel::kWarning, "Backfills that make no sense are left out",
        {{"backfills", std::to_string(left_out)}, {"first", first.message()}});
  }
}

Status RunningMatches::Add(const openmatch::Backfill& backfill, const matcher::Rules& rules,
                           TextNumbers& attribute_values) {
  StatusOr<BackfillSlots> slots = BackfillSlotsOf(backfill);
  if (slots.status().code() == StatusCode::kNotFound) return OkStatus();  // somebody else's
  if (!slots.ok()) return slots.status();
  const auto region = std::ranges::find(rules.regions, slots->region);
  if (region == rules.regions.end()) return OkStatus();  // another profile's
  const std::string context = "backfill " + backfill.id;
  if (Status status = CheckSlots(*slots, rules); !status.ok()) return status.WithContext(context);
  if (BytesOf(backfill) > kMaxBackfillBytes) {
    return InvalidArgumentError("more than " + std::to_string(kMaxBackfillBytes) + " bytes")
        .WithContext(context);
  }
  if (std::ranges::all_of(slots->open_slots, [](std::uint32_t open) { return open == 0; })) {
    return OkStatus();
  }
  matcher::Backfill& added = backfills_.emplace_back();
  added.region = static_cast<std::uint32_t>(region - rules.regions.begin());
  added.open_slots = slots->open_slots;
  added.lowest_latency_ms = slots->lowest_latency_ms;
  added.highest_latency_ms = slots->highest_latency_ms;
  for (const std::string& name : rules.equal_attributes) {
    const auto value = backfill.search_fields.string_args.find(name);
    const bool has = value != backfill.search_fields.string_args.end();
    added.attributes.push_back(attribute_values.Of(has ? value->second : std::string_view()));
  }
  sources_.push_back(&backfill);
  slots_.push_back(*std::move(slots));
  ids_.push_back(backfill.id);
  return OkStatus();
}

openmatch::Backfill RunningMatches::Joined(std::size_t index,
                                           std::span<const Joining> members) const {
  BackfillSlots slots = slots_[index];
  for (const Joining& member : members) {
    std::uint32_t& open = slots.open_slots[member.team];
    open -= std::min(open, member.players);
    // Unknown bounds, NaN, stay unknown: comparisons with them are false.
    if (member.latency_ms < slots.lowest_latency_ms) slots.lowest_latency_ms = member.latency_ms;
    if (member.latency_ms > slots.highest_latency_ms) slots.highest_latency_ms = member.latency_ms;
  }
  openmatch::Backfill joined = *sources_[index];
  joined.extensions[kBackfillExtension] = BackfillSlotsToAny(slots);
  return joined;
}

}  // namespace gsh::mmf
