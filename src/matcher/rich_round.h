// MatchRich: the matcher for rules that ask for more than regions, bands and a fixed size.
#ifndef GSH_SRC_MATCHER_RICH_ROUND_H_
#define GSH_SRC_MATCHER_RICH_ROUND_H_

#include "gsh/export.h"
#include "gsh/matcher/matcher.h"

namespace gsh::matcher {

// Rules and arrays must have been checked. For plain rules the result is MatchTickets', but for
// making sure that no region alone leaves fewer over.
GSH_EXPORT Result MatchRich(const Tickets& tickets, const Rules& rules, int threads);

}  // namespace gsh::matcher

#endif  // GSH_SRC_MATCHER_RICH_ROUND_H_
