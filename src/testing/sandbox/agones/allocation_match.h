// Which game server an allocation request gets (agones: pkg/gameserverallocations/find.go,
// allocation_cache.go).
#ifndef GSH_SRC_TESTING_SANDBOX_AGONES_ALLOCATION_MATCH_H_
#define GSH_SRC_TESTING_SANDBOX_AGONES_ALLOCATION_MATCH_H_

#include <string>
#include <vector>

#include "gsh/rng.h"
#include "src/proto/agones.h"
#include "src/testing/sandbox/agones/cluster.h"
#include "src/testing/sandbox/agones/label_expressions.h"

namespace gsh::sandbox {

bool Matches(const wire_allocation::GameServerSelector& selector, const GameServer& server);

// The selectors to try, in order; requests without any use the older preferred and required ones.
std::vector<const wire_allocation::GameServerSelector*> SelectorsOf(
    const wire_allocation::AllocationRequest& request);

// Puts the servers into the order in which the request looks through them. Equal SortKeyOf: equal
// order.
void SortFor(const wire_allocation::AllocationRequest& request,
             std::vector<GameServerPtr>& servers);
std::string SortKeyOf(const wire_allocation::AllocationRequest& request);

// The index in `servers` (sorted) of the server that the request gets; servers.size(): none.
// `cluster` is asked only whether a selector can match anything. `expressions` may be null.
std::size_t FindServer(const wire_allocation::AllocationRequest& request,
                       const SelectorExpressions* expressions,
                       const std::vector<GameServerPtr>& servers, const Cluster& cluster, Rng& rng);

}  // namespace gsh::sandbox

#endif  // GSH_SRC_TESTING_SANDBOX_AGONES_ALLOCATION_MATCH_H_
