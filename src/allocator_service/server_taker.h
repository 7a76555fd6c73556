// ServerTaker: takes a game server, surely or not at all.
#ifndef GSH_SRC_ALLOCATOR_SERVICE_SERVER_TAKER_H_
#define GSH_SRC_ALLOCATOR_SERVICE_SERVER_TAKER_H_

#include <chrono>
#include <functional>
#include <memory>

#include "gsh/agones/allocator.h"
#include "gsh/clock.h"
#include "gsh/log.h"
#include "gsh/rng.h"
#include "gsh/status.h"

namespace gsh::allocator_service {

struct ServerTakerOptions {
  Duration timeout = std::chrono::seconds(10);  // of an allocation, its repeats included
  // Until a call that failed unclearly can no longer be under way.
  Duration unclear_pause = std::chrono::seconds(2);
  Clock* clock = nullptr;  // SystemClock()
  Rng* rng = nullptr;      // SystemRng()
  LogSink* log = nullptr;
};

// Each allocation has an identity (agones/allocation_identity.h), so that one that failed unclearly
// can be repeated without taking a second server. What may have been taken, and is told to nobody,
// is given back, once: a server that the call does not reach ends by its own first-player timeout.
class ServerTaker {
 public:
  // `allocator` must outlive it.
  ServerTaker(agones::Allocator& allocator, ServerTakerOptions options);
  ~ServerTaker();  // cancels, and waits for what is under way

  // `done` on a thread of the allocator's, or of the clock's; it must be quick. A server without an
  // address or a port is FailedPrecondition: it is of no use to anybody.
  void Take(agones::AllocationRequest request,
            std::function<void(StatusOr<agones::Allocation>)> done);

 private:
  class Call;
  struct Shared;
  const std::unique_ptr<Shared> shared_;
};

}  // namespace gsh::allocator_service

#endif  // GSH_SRC_ALLOCATOR_SERVICE_SERVER_TAKER_H_
