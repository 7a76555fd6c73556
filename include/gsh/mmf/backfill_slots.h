// What a game server says of its open slots to the match function: the backfill's extension
// gsh.backfill.
#ifndef GSH_MMF_BACKFILL_SLOTS_H_
#define GSH_MMF_BACKFILL_SLOTS_H_

#include <cstdint>
#include <limits>
#include <string>
#include <string_view>
#include <vector>

#include "gsh/export.h"
#include "gsh/openmatch/backfill_keeper.h"
#include "gsh/openmatch/types.h"
#include "gsh/status.h"

namespace gsh::mmf {

inline constexpr char kBackfillExtension[] = "gsh.backfill";

struct BackfillSlots {
  std::string region = {};                     // where the server runs, as the rules name it
  std::vector<std::uint32_t> open_slots = {};  // players, one number for each team
  // Lowest and highest latency of who plays there already, in ms; NaN: not known, so that any
  // spread will do.
  float lowest_latency_ms = std::numeric_limits<float>::quiet_NaN();
  float highest_latency_ms = std::numeric_limits<float>::quiet_NaN();
};

// Any(google.protobuf.StringValue) of the JSON
// {"region":"us-east-1","open_slots":[2],"latency_ms":[20,45]}; latency_ms is left out if unknown.
GSH_EXPORT Any BackfillSlotsToAny(const BackfillSlots& slots);
// A plain number will do for open_slots too. NotFound without the extension; InvalidArgument with
// the JSON path of a mistake.
GSH_EXPORT StatusOr<BackfillSlots> BackfillSlotsOf(const openmatch::Backfill& backfill);

// For openmatch::BackfillKeeper, in a game server that runs in `region`. A backfill that says
// another one (the director found a server there only) is written anew, its latencies as unknown.
GSH_EXPORT openmatch::SeatFormat BackfillSeatFormat(std::string region);

}  // namespace gsh::mmf

#endif  // GSH_MMF_BACKFILL_SLOTS_H_
