#ifndef GSH_SRC_MATCHER_CHECK_TICKETS_H_
#define GSH_SRC_MATCHER_CHECK_TICKETS_H_

#include "gsh/matcher/rules.h"
#include "gsh/matcher/tickets.h"
#include "gsh/status.h"

namespace gsh::matcher {

// InvalidArgument that names every array whose size does not fit the rules, which must be right.
Status CheckTickets(const Tickets& tickets, const Rules& rules);

}  // namespace gsh::matcher

#endif  // GSH_SRC_MATCHER_CHECK_TICKETS_H_
