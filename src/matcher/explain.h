// Explain: why a ticket has no match.
#ifndef GSH_SRC_MATCHER_EXPLAIN_H_
#define GSH_SRC_MATCHER_EXPLAIN_H_

#include "gsh/matcher/matcher.h"
#include "src/matcher/grid.h"
#include "src/matcher/openness.h"

namespace gsh::matcher {

// Whether waiting changes anything for anybody.
bool SomethingWidens(const Rules& rules);

// Gives each ticket that is not matched its reason and, if something widens, Result::widens_at_s.
void ExplainUnmatched(const Tickets& tickets, const Rules& rules, const Grid& grid,
                      const Openness& openness, Result& result);

}  // namespace gsh::matcher

#endif  // GSH_SRC_MATCHER_EXPLAIN_H_
