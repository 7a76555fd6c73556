#include "src/testing/sandbox/agones/label_expressions.h"

#include <algorithm>
#include <nlohmann/json.hpp>

#include "src/testing/sandbox/agones/labels.h"

namespace gsh::sandbox {
namespace {

using Json = nlohmann::json;
using Op = LabelExpression::Op;

Status ParseOp(const std::string& text, Op& op) {
  if (text == "In") {
    op = Op::kIn;
  } else if (text == "NotIn") {
    op = Op::kNotIn;
  } else if (text == "Exists") {
    op = Op::kExists;
  } else if (text == "DoesNotExist") {
    op = Op::kDoesNotExist;
  } else {
    return FailedPreconditionError("\"" + text + "\" is not a valid label selector operator");
  }
  return OkStatus();
}

Status Check(const LabelExpression& expression) {
  if (const std::string error = QualifiedNameError(expression.key); !error.empty()) {
    return FailedPreconditionError("key: Invalid value: \"" + expression.key + "\": " + error);
  }
  const bool wants_values = expression.op == Op::kIn || expression.op == Op::kNotIn;
  if (wants_values && expression.values.empty()) {
    return FailedPreconditionError("for 'in', 'notin' operators, values set can't be empty");
  }
  if (!wants_values && !expression.values.empty()) {
    return FailedPreconditionError("values set must be empty for exists and does not exist");
  }
  for (const std::string& value : expression.values) {
    if (const std::string error = LabelValueError(value); !error.empty()) {
      return FailedPreconditionError("values: Invalid value: \"" + value + "\": " + error);
    }
  }
  return OkStatus();
}

StatusOr<LabelExpression> ParseOne(const Json& json) {
  const Status malformed = InvalidArgumentError("an expression wants key, operator and values");
  if (!json.is_object()) return malformed;
  const Json key = json.value("key", Json());
  const Json op = json.value("operator", Json());
  const Json values = json.value("values", Json::array());
  const auto is_text = [](const Json& value) { return value.is_string(); };
  if (!key.is_string() || !op.is_string()) return malformed;
  if (!values.is_null() && (!values.is_array() || !std::ranges::all_of(values, is_text))) {
    return malformed;
  }
  LabelExpression expression{.key = key};
  if (values.is_array()) expression.values = values.get<std::vector<std::string>>();
  if (Status status = ParseOp(op, expression.op); !status.ok()) return status;
  if (Status status = Check(expression); !status.ok()) return status;
  return expression;
}

}  // namespace

StatusOr<std::vector<LabelExpression>> ParseExpressions(const Json& selector) {
  const Json list = selector.value("matchExpressions", Json());
  if (!list.is_null() && !list.is_array()) return InvalidArgumentError("matchExpressions: no list");
  std::vector<LabelExpression> expressions;
  for (const Json& json : list) {
    auto expression = ParseOne(json);
    if (!expression.ok()) return expression.status().WithContext("matchExpressions");
    expressions.push_back(*std::move(expression));
  }
  return expressions;
}

bool Hold(const std::vector<LabelExpression>& expressions, const agones::Labels& labels) {
  return std::ranges::all_of(expressions, [&](const LabelExpression& expression) {
    const auto label = labels.find(expression.key);
    const bool exists = label != labels.end();
    const bool listed =
        exists && std::ranges::find(expression.values, label->second) != expression.values.end();
    switch (expression.op) {
      case Op::kIn:
        return listed;
      case Op::kNotIn:
        return !listed;  // nor has one that has no such label
      case Op::kExists:
        return exists;
      case Op::kDoesNotExist:
        return !exists;
    }
    return false;
  });
}

}  // namespace gsh::sandbox
