#include "src/testing/sandbox/open_match/assign.h"

#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <unordered_set>
#include <vector>

namespace gsh::sandbox {
namespace {

namespace wire = wire_openmatch;

Status Check(const wire::AssignTicketsRequest& request) {
  std::unordered_set<std::string_view> ids;
  for (const wire::AssignmentGroup& group : request.assignments()) {
    if (!group.has_assignment()) return InvalidArgumentError("a group has no assignment");
    for (const std::string& id : group.ticket_ids()) {
      if (!ids.insert(id).second) {
        return InvalidArgumentError("ticket " + id + " is assigned twice in one call");
      }
    }
  }
  if (request.assignments_size() > 0 && ids.empty()) {
    return InvalidArgumentError("the groups have no ticket ids");
  }
  return OkStatus();
}

}  // namespace

Status AssignTickets(TicketStore& store, const wire::AssignTicketsRequest& request,
                     wire::AssignTicketsResponse* response) {
  if (const Status valid = Check(request); !valid.ok()) return valid;
  for (const wire::AssignmentGroup& group : request.assignments()) {
    const std::vector<std::string> ids(group.ticket_ids().begin(), group.ticket_ids().end());
    const auto assignment = std::make_shared<const wire::Assignment>(group.assignment());
    for (const std::string& missing : store.Assign(ids, assignment)) {
      wire::AssignmentFailure* failure = response->add_failures();
      failure->set_ticket_id(missing);
      failure->set_cause(wire::AssignmentFailure::TICKET_NOT_FOUND);
    }
  }
  return OkStatus();
}

}  // namespace gsh::sandbox
