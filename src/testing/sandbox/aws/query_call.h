// The query protocol: parameters as a form, answers as XML.
#ifndef GSH_SRC_TESTING_SANDBOX_AWS_QUERY_CALL_H_
#define GSH_SRC_TESTING_SANDBOX_AWS_QUERY_CALL_H_

#include <map>
#include <optional>
#include <string>
#include <string_view>

#include "gsh/status.h"
#include "gsh/testing/aws_sandbox.h"

namespace gsh::testing::aws {

using QueryParameters = std::map<std::string, std::string>;

// Empty optional for what is no form.
std::optional<QueryParameters> ParseForm(std::string_view body);

std::string XmlText(std::string_view text);  // with its entities
std::string XmlElement(const std::string& name, std::string_view text);

// The inside of <ActionResult>.
StatusOr<std::string> CallAutoScaling(const AwsSandboxOptions& options,
                                      const std::string& operation,
                                      const QueryParameters& parameters);

}  // namespace gsh::testing::aws

#endif  // GSH_SRC_TESTING_SANDBOX_AWS_QUERY_CALL_H_
