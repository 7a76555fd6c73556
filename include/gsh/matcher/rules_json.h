// Rules as JSON: {"version":1,"regions":["us-east-1"],"bands":[0,25,50],"match_size":4}.
#ifndef GSH_MATCHER_RULES_JSON_H_
#define GSH_MATCHER_RULES_JSON_H_

#include <string>
#include <string_view>

#include "gsh/export.h"
#include "gsh/matcher/matcher.h"
#include "gsh/status.h"

namespace gsh::matcher {

// Members that are left out keep the value they have in `defaults`. InvalidArgument with the JSON
// path of the first mistake; unknown members are mistakes.
GSH_EXPORT StatusOr<Rules> RulesFromJson(std::string_view json, const Rules& defaults = {});
GSH_EXPORT std::string RulesToJson(const Rules& rules);

}  // namespace gsh::matcher

#endif  // GSH_MATCHER_RULES_JSON_H_
