#ifndef GSH_SRC_MATCHER_WRITE_RESULT_H_
#define GSH_SRC_MATCHER_WRITE_RESULT_H_

#include <vector>

#include "gsh/matcher/matcher.h"
#include "src/matcher/line_matcher.h"
#include "src/matcher/openness.h"

namespace gsh::matcher {

// Moves all matches to the result, in its order; with `teams` the members' teams too.
void WriteMatches(const Tickets& tickets, const Openness& openness, std::vector<Made>& made,
                  bool teams, Result& result);

}  // namespace gsh::matcher

#endif  // GSH_SRC_MATCHER_WRITE_RESULT_H_
