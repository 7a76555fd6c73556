// The matcher's definition in its simplest form, the oracle of its tests: slow, and right by
// reading.
#ifndef GSH_SRC_MATCHER_REFERENCE_MATCHER_H_
#define GSH_SRC_MATCHER_REFERENCE_MATCHER_H_

#include "gsh/export.h"
#include "gsh/matcher/matcher.h"

namespace gsh::matcher {

// What MatchTickets gives, match for match. Rules and arrays must be valid.
GSH_EXPORT Result MatchTicketsByDefinition(const Tickets& tickets, const Rules& rules);

}  // namespace gsh::matcher

#endif  // GSH_SRC_MATCHER_REFERENCE_MATCHER_H_
