// The extension gsh.backfill, which game servers of other makers write too: what is read is
// bounded, and is written back as the same.
#include <cmath>

#include "gsh/mmf/backfill_slots.h"
#include "tests/fuzz/fuzz.h"

namespace gsh {
namespace {

using fuzz::Require;

bool SameFloat(float a, float b) { return a == b || (std::isnan(a) && std::isnan(b)); }

openmatch::Backfill BackfillWith(Any any) {
  return {.id = "b", .extensions = {{mmf::kBackfillExtension, std::move(any)}}};
}

// Whatever was there, a game server can write its own seats over it.
void CheckSeatFormat(openmatch::Backfill backfill, bool readable) {
  const openmatch::SeatFormat format = mmf::BackfillSeatFormat("here");
  Require(format.read(backfill).ok() == readable, "seats are read with the rest, or not at all");
  format.write({1, 2}, backfill);
  const auto seats = format.read(backfill);
  Require(seats.ok() && *seats == openmatch::Seats({1, 2}) && format.is_right(backfill),
          "what is written is right");
}

void Check(std::string_view json) {
  const auto slots = mmf::BackfillSlotsOf(BackfillWith(AnyString(json)));
  CheckSeatFormat(BackfillWith(AnyString(json)), slots.ok());
  if (!slots.ok()) {
    Require(slots.status().code() == StatusCode::kInvalidArgument, "bad input");
    Require(slots.status().message().starts_with("backfill b: gsh.backfill: $"),
            "errors name the backfill and give the JSON path");
    return;
  }
  Require(!slots->region.empty(), "there is a region");
  for (const std::uint32_t open : slots->open_slots) Require(open <= 10'000, "slots are bounded");
  Require(!(slots->lowest_latency_ms > slots->highest_latency_ms), "lowest comes before highest");
  const auto again = mmf::BackfillSlotsOf(BackfillWith(mmf::BackfillSlotsToAny(*slots)));
  Require(again.ok() && again->region == slots->region && again->open_slots == slots->open_slots &&
              SameFloat(again->lowest_latency_ms, slots->lowest_latency_ms) &&
              SameFloat(again->highest_latency_ms, slots->highest_latency_ms),
          "slots survive being written");
}

}  // namespace
}  // namespace gsh

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  gsh::Check(gsh::fuzz::TextOf(data, size));
  return 0;
}
