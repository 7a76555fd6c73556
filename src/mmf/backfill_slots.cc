#include "gsh/mmf/backfill_slots.h"

#include <cmath>
#include <nlohmann/json.hpp>
#include <optional>

#include "src/core/bounded_json.h"
#include "src/core/json_number.h"

namespace gsh::mmf {
namespace {

using Json = nlohmann::json;
using internal::JsonMistake;

constexpr std::size_t kMaxBytes = std::size_t{64} << 10;
constexpr int kMaxDepth = 4;
constexpr std::uint32_t kMaxOpenSlots = 10'000;  // as many as a match may have players

Status ReadRegion(const Json& value, BackfillSlots& slots) {
  if (!value.is_string() || value.get_ref<const std::string&>().empty()) {
    return JsonMistake("$.region", "must be a name");
  }
  slots.region = value.get<std::string>();
  return OkStatus();
}

Status ReadSlots(const Json& value, const std::string& path, BackfillSlots& slots) {
  if (!value.is_number_integer() || value < 0 || value > kMaxOpenSlots) {
    return JsonMistake(path, "must be a whole number from 0 to " + std::to_string(kMaxOpenSlots));
  }
  slots.open_slots.push_back(value.get<std::uint32_t>());
  return OkStatus();
}

Status ReadOpenSlots(const Json& value, BackfillSlots& slots) {
  if (!value.is_array()) return ReadSlots(value, "$.open_slots", slots);
  for (std::size_t i = 0; i < value.size(); ++i) {
    const std::string path = "$.open_slots[" + std::to_string(i) + "]";
    if (Status status = ReadSlots(value[i], path, slots); !status.ok()) return status;
  }
  return OkStatus();
}

Status ReadLatencies(const Json& value, BackfillSlots& slots) {
  const char* const wanted = "must be the lowest and the highest latency in ms";
  if (!value.is_array() || value.size() != 2) return JsonMistake("$.latency_ms", wanted);
  for (const Json& bound : value) {
    if (!bound.is_number() || !(bound >= 0)) return JsonMistake("$.latency_ms", wanted);
  }
  if (value[0] > value[1] || value[1] > 1e9) return JsonMistake("$.latency_ms", wanted);
  slots.lowest_latency_ms = value[0].get<float>();
  slots.highest_latency_ms = value[1].get<float>();
  return OkStatus();
}

Status ReadMember(const std::string& name, const Json& value, BackfillSlots& slots) {
  if (name == "region") return ReadRegion(value, slots);
  if (name == "open_slots") return ReadOpenSlots(value, slots);
  if (name == "latency_ms") return ReadLatencies(value, slots);
  return JsonMistake("$." + name, "is not part of it");
}

StatusOr<BackfillSlots> FromJson(const std::string& text) {
  const StatusOr<Json> json = internal::ParseBoundedJson(text, kMaxBytes, kMaxDepth);
  if (!json.ok()) return json.status();
  if (!json->is_object()) return JsonMistake("$", "must be an object");
  for (const char* name : {"region", "open_slots"}) {
    if (!json->contains(name)) return JsonMistake(std::string("$.") + name, "is missing");
  }
  BackfillSlots slots;
  for (const auto& [name, value] : json->items()) {
    if (Status status = ReadMember(name, value, slots); !status.ok()) return status;
  }
  return slots;
}

}  // namespace

Any BackfillSlotsToAny(const BackfillSlots& slots) {
  nlohmann::ordered_json json;
  json["region"] = slots.region;
  json["open_slots"] = slots.open_slots;
  if (std::isfinite(slots.lowest_latency_ms) && std::isfinite(slots.highest_latency_ms)) {
    json["latency_ms"] = {internal::JsonNumber(slots.lowest_latency_ms),
                          internal::JsonNumber(slots.highest_latency_ms)};
  }
  return AnyString(json.dump(-1, ' ', false, Json::error_handler_t::replace));
}

StatusOr<BackfillSlots> BackfillSlotsOf(const openmatch::Backfill& backfill) {
  const auto found = backfill.extensions.find(kBackfillExtension);
  if (found == backfill.extensions.end()) {
    return NotFoundError("backfill " + backfill.id + " has no extension " + kBackfillExtension);
  }
  const std::optional<std::string> text = StringOf(found->second);
  StatusOr<BackfillSlots> slots =
      text ? FromJson(*text)
           : StatusOr<BackfillSlots>(InvalidArgumentError("is not a google.protobuf.StringValue"));
  if (!slots.ok()) {
    return slots.status().WithContext("backfill " + backfill.id + ": " + kBackfillExtension);
  }
  return slots;
}

openmatch::SeatFormat BackfillSeatFormat(std::string region) {
  return {.read = [](const openmatch::Backfill& backfill) -> StatusOr<openmatch::Seats> {
            const StatusOr<BackfillSlots> slots = BackfillSlotsOf(backfill);
            if (!slots.ok()) return slots.status();
            return slots->open_slots;
          },
          .write =
              [region](const openmatch::Seats& open, openmatch::Backfill& backfill) {
                const StatusOr<BackfillSlots> before = BackfillSlotsOf(backfill);
                BackfillSlots slots;
                if (before.ok() && before->region == region) slots = *before;
                slots.region = region;
                slots.open_slots = open;
                backfill.extensions[kBackfillExtension] = BackfillSlotsToAny(slots);
              },
          .is_right =
              [region](const openmatch::Backfill& backfill) {
                const StatusOr<BackfillSlots> slots = BackfillSlotsOf(backfill);
                return slots.ok() && slots->region == region;
              }};
}

}  // namespace gsh::mmf
