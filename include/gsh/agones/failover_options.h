// How a client of several allocators chooses among them.
#ifndef GSH_AGONES_FAILOVER_OPTIONS_H_
#define GSH_AGONES_FAILOVER_OPTIONS_H_

#include <chrono>

#include "gsh/clock.h"

namespace gsh::agones {

struct FailoverOptions {
  // After so many failures in a row (no connection, connection lost, no answer in time) an endpoint
  // gets no calls for open_time; each failed try after that doubles it, up to max_open_time.
  int failure_threshold = 3;
  Duration open_time = std::chrono::milliseconds(500);
  Duration max_open_time = std::chrono::seconds(10);
  // How long a measured latency counts: an endpoint that is not used because it was slow is tried
  // again after a few of these.
  Duration latency_memory = std::chrono::seconds(10);
  // A call that may be repeated goes to another endpoint if this one has not answered by then. 0:
  // each attempt has the whole call's time.
  Duration attempt_timeout = std::chrono::seconds(5);
  // Before a call that may have taken a server is repeated: longer than the allocator's batch
  // window, so that the first one is no longer under way.
  Duration unclear_pause = std::chrono::seconds(2);
  // Each endpoint is a cluster of its own: one that has no game server sends the call on to the
  // next, and an unclear call is repeated where it was sent, for only there its identity is known.
  bool separate_clusters = false;
};

}  // namespace gsh::agones

#endif  // GSH_AGONES_FAILOVER_OPTIONS_H_
