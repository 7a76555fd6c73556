#ifndef GSH_SRC_MMF_PROFILE_RULES_H_
#define GSH_SRC_MMF_PROFILE_RULES_H_

#include "gsh/export.h"
#include "gsh/matcher/matcher.h"
#include "gsh/openmatch/types.h"
#include "gsh/status.h"

namespace gsh::mmf {

// The rules to match a profile's tickets by, as latency_match_function.h says; checked.
GSH_EXPORT StatusOr<matcher::Rules> RulesOf(const openmatch::MatchProfile& profile,
                                            const matcher::Rules& defaults);

}  // namespace gsh::mmf

#endif  // GSH_SRC_MMF_PROFILE_RULES_H_
