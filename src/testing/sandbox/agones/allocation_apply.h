// What an allocation does to the game server it gets, and the answer to it.
#ifndef GSH_SRC_TESTING_SANDBOX_AGONES_ALLOCATION_APPLY_H_
#define GSH_SRC_TESTING_SANDBOX_AGONES_ALLOCATION_APPLY_H_

#include "gsh/clock.h"
#include "src/proto/agones.h"
#include "src/testing/sandbox/agones/game_server.h"

namespace gsh::sandbox {

// Metadata, state, counter and list actions. An action that cannot be done is left out, as in
// Agones.
void ApplyAllocation(const wire_allocation::AllocationRequest& request, WallTime now,
                     GameServer& server);

wire_allocation::AllocationResponse AnswerFor(const GameServer& server);

}  // namespace gsh::sandbox

#endif  // GSH_SRC_TESTING_SANDBOX_AGONES_ALLOCATION_APPLY_H_
