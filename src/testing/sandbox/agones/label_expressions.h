// `matchExpressions` of a GameServerAllocation's selectors, which the allocator's messages do not
// have (Kubernetes: apimachinery/pkg/apis/meta/v1/helpers.go, LabelSelectorAsSelector).
#ifndef GSH_SRC_TESTING_SANDBOX_AGONES_LABEL_EXPRESSIONS_H_
#define GSH_SRC_TESTING_SANDBOX_AGONES_LABEL_EXPRESSIONS_H_

#include <nlohmann/json_fwd.hpp>
#include <string>
#include <vector>

#include "gsh/agones/allocator.h"
#include "gsh/status.h"

namespace gsh::sandbox {

struct LabelExpression {
  enum class Op { kIn, kNotIn, kExists, kDoesNotExist };
  std::string key = {};
  Op op = Op::kExists;
  std::vector<std::string> values = {};
};

// Those of each selector, in the order in which selectors are tried (SelectorsOf).
using SelectorExpressions = std::vector<std::vector<LabelExpression>>;

// A selector's. InvalidArgument: it is no list of expressions; FailedPrecondition, with Kubernetes'
// words: one makes no sense.
StatusOr<std::vector<LabelExpression>> ParseExpressions(const nlohmann::json& selector);

// All of them.
bool Hold(const std::vector<LabelExpression>& expressions, const agones::Labels& labels);

}  // namespace gsh::sandbox

#endif  // GSH_SRC_TESTING_SANDBOX_AGONES_LABEL_EXPRESSIONS_H_
