// What tells one AWS service from another.
#ifndef GSH_SRC_AWS_CONFIG_SERVICE_H_
#define GSH_SRC_AWS_CONFIG_SERVICE_H_

#include <string_view>

namespace gsh::aws {

enum class Protocol { kJson10, kJson11, kQuery };

struct Service {
  std::string_view name;             // of the clients' errors and metrics: "aws.GameLift"
  std::string_view id;               // the model's serviceId: "GameLift", "Auto Scaling"
  std::string_view signing_name;     // "gamelift"
  std::string_view endpoint_prefix;  // "gamelift", "sqs", "monitoring"
  Protocol protocol;
  std::string_view target_prefix;  // JSON: "GameLift" of "GameLift.ClaimGameServer"
  std::string_view version;        // query: "2011-06-15"
};

}  // namespace gsh::aws

#endif  // GSH_SRC_AWS_CONFIG_SERVICE_H_
