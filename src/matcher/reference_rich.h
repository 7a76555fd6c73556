// The definition of the whole matcher, docs/matcher.md, in its simplest form: an oracle for tests.
#ifndef GSH_SRC_MATCHER_REFERENCE_RICH_H_
#define GSH_SRC_MATCHER_REFERENCE_RICH_H_

#include "gsh/export.h"
#include "gsh/matcher/matcher.h"

namespace gsh::matcher {

// What MatchTickets gives for rules that ask for more than regions, bands and a fixed size; for
// plain rules what it gives before it makes sure that no region alone leaves fewer over. Rules and
// arrays must be valid.
GSH_EXPORT Result MatchRichByDefinition(const Tickets& tickets, const Rules& rules);

}  // namespace gsh::matcher

#endif  // GSH_SRC_MATCHER_REFERENCE_RICH_H_
