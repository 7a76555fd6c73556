// libgsh's matcher in a simulation.
#ifndef GSH_SRC_MATCHSIM_RULES_MATCHER_H_
#define GSH_SRC_MATCHSIM_RULES_MATCHER_H_

#include <memory>

#include "gsh/matcher/rules.h"
#include "gsh/status.h"
#include "src/matchsim/round_matcher.h"

namespace gsh::matchsim {

// InvalidArgument for bad rules. Backfills are not simulated.
StatusOr<std::unique_ptr<RoundMatcher>> MakeRulesMatcher(matcher::Rules rules);

}  // namespace gsh::matchsim

#endif  // GSH_SRC_MATCHSIM_RULES_MATCHER_H_
