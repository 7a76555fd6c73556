// Asks the frontend which tickets are still there.
#ifndef GSH_SRC_DIRECTOR_LOOK_UP_H_
#define GSH_SRC_DIRECTOR_LOOK_UP_H_

#include <functional>
#include <string>
#include <vector>

#include "src/director/session.h"

namespace gsh::director {

struct TicketState {
  enum class Kind {
    kWaiting,   // exists, has no assignment
    kAssigned,  // has one already
    kGone,      // was deleted
    kUnknown,   // the frontend did not say
  };
  Kind kind = Kind::kUnknown;
  std::string connection = {};  // if assigned
};

// GetTicket for each, in parallel, at most max_in_flight in the whole session. One state for each
// ticket, in their order. Needs options.frontend.
void LookUpTickets(const SessionPtr& session, const std::vector<std::string>& tickets,
                   std::function<void(std::vector<TicketState>)> done);

}  // namespace gsh::director

#endif  // GSH_SRC_DIRECTOR_LOOK_UP_H_
