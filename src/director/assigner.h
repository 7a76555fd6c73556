// Assigns the tickets of many matches in few calls.
#ifndef GSH_SRC_DIRECTOR_ASSIGNER_H_
#define GSH_SRC_DIRECTOR_ASSIGNER_H_

#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "gsh/openmatch/backend.h"
#include "gsh/status.h"

namespace gsh::director {

class Session;

struct AssignResult {
  Status status = {};                     // OK: all tickets but those below have the assignment
  bool maybe_assigned = false;            // although status is an error: an answer was lost
  std::vector<std::string> gone = {};     // tickets that no longer exist
  std::vector<std::string> refused = {};  // failed for a reason that Open Match does not name
};

// One match.
struct AssignItem {
  std::vector<openmatch::AssignmentGroup> groups = {};
  std::function<void(AssignResult)> done = {};
};

// One AssignTickets call for all of them. A failure that may be transient is repeated, with the
// same assignments, until assign_timeout: that is idempotent, whether or not the first call
// happened. A call that is refused is split, so that one bad match does not take the others along.
// `done` once, at the end.
void SendAssignments(std::shared_ptr<Session> session, std::vector<AssignItem> items,
                     std::function<void()> done);

}  // namespace gsh::director

#endif  // GSH_SRC_DIRECTOR_ASSIGNER_H_
