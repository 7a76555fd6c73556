// AssignTickets' rules (open-match v1.8: internal/statestore/ticket.go).
#ifndef GSH_SRC_TESTING_SANDBOX_OPEN_MATCH_ASSIGN_H_
#define GSH_SRC_TESTING_SANDBOX_OPEN_MATCH_ASSIGN_H_

#include "gsh/status.h"
#include "src/proto/openmatch.h"
#include "src/testing/sandbox/open_match/ticket_store.h"

namespace gsh::sandbox {

// Assigns each group's tickets; unknown ids become failures. InvalidArgument, and nothing is
// assigned: a group without assignment, an id listed twice, groups without any id.
Status AssignTickets(TicketStore& store, const wire_openmatch::AssignTicketsRequest& request,
                     wire_openmatch::AssignTicketsResponse* response);

}  // namespace gsh::sandbox

#endif  // GSH_SRC_TESTING_SANDBOX_OPEN_MATCH_ASSIGN_H_
