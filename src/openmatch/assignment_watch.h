// A watch of one ticket's assignment that outlives broken streams.
#ifndef GSH_SRC_OPENMATCH_ASSIGNMENT_WATCH_H_
#define GSH_SRC_OPENMATCH_ASSIGNMENT_WATCH_H_

#include <functional>
#include <memory>
#include <string>

#include "gsh/openmatch/types.h"
#include "src/rpc/client.h"

namespace gsh::openmatch {

// Frontend::WatchAssignmentsAsync over `client`, which the watch does not outlive.
void WatchAssignment(rpc::Client& client, std::string ticket_id, CallOptions options,
                     std::function<bool(const Assignment&)> on_assignment,
                     std::function<void(Status)> done);

}  // namespace gsh::openmatch

#endif  // GSH_SRC_OPENMATCH_ASSIGNMENT_WATCH_H_
