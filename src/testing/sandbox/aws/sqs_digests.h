// The MD5s and ids that SQS makes of messages.
#ifndef GSH_SRC_TESTING_SANDBOX_AWS_SQS_DIGESTS_H_
#define GSH_SRC_TESTING_SANDBOX_AWS_SQS_DIGESTS_H_

#include <nlohmann/json.hpp>
#include <optional>
#include <string>
#include <string_view>

namespace gsh::testing::aws {

std::string Md5Hex(std::string_view text);
std::string Sha256Hex(std::string_view text);

// Of MessageAttributes, as the developer guide says ("Calculating the MD5 message digest for
// message attributes"). Empty optional if they are not of the form that SQS takes.
std::optional<std::string> AttributesMd5(const nlohmann::json& attributes);

}  // namespace gsh::testing::aws

#endif  // GSH_SRC_TESTING_SANDBOX_AWS_SQS_DIGESTS_H_
