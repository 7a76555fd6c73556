// agones::IdleGuard: ends an Allocated game server that nobody joins, or whose director took it
// back.
#ifndef GSH_AGONES_IDLE_GUARD_H_
#define GSH_AGONES_IDLE_GUARD_H_

#include <chrono>
#include <functional>
#include <memory>

#include "gsh/agones/game_server_sdk.h"
#include "gsh/clock.h"
#include "gsh/export.h"

namespace gsh::agones {

struct IdleGuardOptions {
  Duration first_player_timeout = std::chrono::seconds(60);  // after Allocated; 0: for ever
  Clock* clock = nullptr;                                    // SystemClock()
  std::shared_ptr<Executor> executor = {};                   // where on_end runs; DefaultExecutor()
};

// Watches the server through the SDK, which must outlive it. Tell it who is there; it calls
// `on_end` once (with a reason in words) when the server was Allocated and (a) nobody joined within
// the timeout, or (b) the annotation gsh.dev/release=true is on it and nobody is there. A new
// allocation (gsh.dev/allocation changes) starts again, and may call it once more. May be called
// from several threads at once. Destruction waits for a running `on_end`, unless called from it.
class GSH_EXPORT IdleGuard {
 public:
  IdleGuard(GameServerSdk& sdk, IdleGuardOptions options,
            std::function<void(std::string reason)> on_end);
  ~IdleGuard();
  void PlayerJoined();
  void PlayerLeft();

 private:
  struct Impl;
  std::shared_ptr<Impl> impl_;
};

}  // namespace gsh::agones

#endif  // GSH_AGONES_IDLE_GUARD_H_
