// FailoverAllocator: several allocators that can serve the same requests, behind one port.
#ifndef GSH_AGONES_FAILOVER_ALLOCATOR_H_
#define GSH_AGONES_FAILOVER_ALLOCATOR_H_

#include <memory>
#include <string>
#include <vector>

#include "gsh/agones/allocator.h"
#include "gsh/agones/failover_options.h"
#include "gsh/export.h"
#include "gsh/options.h"
#include "gsh/status.h"

namespace gsh::agones {

struct AllocatorEndpoint {
  std::string name = {};  // of each only once; in errors, log and metrics: "host:port"
  // Should not repeat calls itself (retry.max_attempts = 1): another endpoint is sooner there.
  std::unique_ptr<Allocator> allocator = {};
};

// An Allocator over any adapters (gRPC, REST, Kubernetes, mixed).
//
// Each call goes to the endpoint that answers soonest: the smoothed latency of its answers times
// the calls that it has at the moment. An endpoint that fails several times in a row gets no calls
// for a while, then a single one to try it out; when all are closed off, the one whose time is up
// first is tried, so that no call fails without having been sent. A call that surely took no server
// (no connection) goes on to the next endpoint at once; contention is repeated after a pause. A
// call that may have taken one is repeated only if it carries an identity
// (gsh/agones/allocation_identity.h), and only when the first can no longer be under way.
//
// Of `client` the retry policy (an attempt here is a round over all endpoints), timeout, executor,
// clock, rng, log and metrics count. InvalidArgument names every mistake.
GSH_EXPORT StatusOr<std::unique_ptr<Allocator>> MakeFailoverAllocator(
    std::vector<AllocatorEndpoint> endpoints, FailoverOptions failover = {},
    ClientOptions client = {});

}  // namespace gsh::agones

#endif  // GSH_AGONES_FAILOVER_ALLOCATOR_H_
