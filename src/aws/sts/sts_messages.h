// STS' requests and answers on the wire: the query protocol.
#ifndef GSH_SRC_AWS_STS_STS_MESSAGES_H_
#define GSH_SRC_AWS_STS_STS_MESSAGES_H_

#include <string>
#include <string_view>

#include "gsh/aws/sts.h"
#include "gsh/status.h"

namespace gsh::aws {

// The parameters without Action and Version, form-encoded. InvalidArgument names what the API would
// refuse.
StatusOr<std::string> EncodeAssumeRole(const AssumeRoleRequest& request);
StatusOr<std::string> EncodeWebIdentity(const AssumeRoleWithWebIdentityRequest& request);

// Internal: the answer is not what the API says.
StatusOr<CallerIdentity> ParseCallerIdentity(std::string_view xml);
// `result` is "AssumeRoleResult" or "AssumeRoleWithWebIdentityResult".
StatusOr<AssumedRole> ParseAssumedRole(std::string_view xml, std::string_view result);

}  // namespace gsh::aws

#endif  // GSH_SRC_AWS_STS_STS_MESSAGES_H_
