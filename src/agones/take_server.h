// TakeServer: one game server, surely or not at all. What the director and the allocator service
// make of an Allocator.
#ifndef GSH_SRC_AGONES_TAKE_SERVER_H_
#define GSH_SRC_AGONES_TAKE_SERVER_H_

#include <functional>
#include <optional>
#include <stop_token>
#include <string>

#include "gsh/agones/allocator.h"
#include "gsh/clock.h"
#include "gsh/export.h"
#include "gsh/rng.h"
#include "gsh/status.h"

namespace gsh::agones {

struct TakeServerOptions {
  Duration call_timeout;                       // of each call
  std::optional<SteadyTime> deadline = {};     // of all, pauses included
  Duration unclear_pause;                      // until a failed call is surely not under way
  std::stop_token stop = {};                   // cancels
  std::function<bool()> may_repeat = {};       // asked before each repeat; empty: yes
  std::function<void(Duration)> on_call = {};  // gets the time that each call took
};

struct TakenServer {
  StatusOr<Allocation> allocation = UnknownError("not asked");
  std::string identity = {};
  bool maybe_taken = false;  // allocation failed, and yet there may be a server: give it back
};

// `request` gets a new identity (gsh/agones/allocation_identity.h). A call that failed unclearly is
// repeated after unclear_pause, and contention quickly; at most three calls. `done` runs on a
// thread of the allocator's. `allocator`, `clock` and `rng` must live until then.
GSH_EXPORT void TakeServer(Allocator& allocator, Clock& clock, Rng& rng, AllocationRequest request,
                           TakeServerOptions options, std::function<void(TakenServer)> done);

}  // namespace gsh::agones

#endif  // GSH_SRC_AGONES_TAKE_SERVER_H_
