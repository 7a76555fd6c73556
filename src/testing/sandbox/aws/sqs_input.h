// What requests to the sandbox's SQS may look like, and what it says of those that do not.
#ifndef GSH_SRC_TESTING_SANDBOX_AWS_SQS_INPUT_H_
#define GSH_SRC_TESTING_SANDBOX_AWS_SQS_INPUT_H_

#include <cstdint>
#include <nlohmann/json.hpp>
#include <optional>
#include <string>

#include "gsh/status.h"

namespace gsh::testing::aws {

// SerializationException for a member of another type than the API's model says; what is null is
// as good as absent.
Status CheckSqsTypes(const nlohmann::json& input);

// Empty if it is not there.
std::string TextAt(const nlohmann::json& input, const char* name);
// `otherwise` if it is not there; empty optional if it is no number in the range.
std::optional<std::int64_t> NumberAt(const nlohmann::json& input, const char* name,
                                     std::int64_t otherwise, std::int64_t least, std::int64_t most);

// Bytes that count towards the limits: of the body, and of the attributes' names, types and values.
std::size_t SizeOfMessage(const nlohmann::json& entry);
// OK for attributes that SQS takes.
Status CheckMessageAttributes(const nlohmann::json& attributes);

Status NoQueue();
Status MissingParameter(const std::string& name);
Status BadValue(const std::string& name, const std::string& why);
// A parameter that the other type of queue has, standard or FIFO.
Status NotOfThisType(const std::string& name);

}  // namespace gsh::testing::aws

#endif  // GSH_SRC_TESTING_SANDBOX_AWS_SQS_INPUT_H_
