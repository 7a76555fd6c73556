// Which source of credentials files and environment name: a decision without a connection.
#ifndef GSH_SRC_AWS_CREDENTIALS_PLAN_H_
#define GSH_SRC_AWS_CREDENTIALS_PLAN_H_

#include <chrono>
#include <memory>
#include <optional>
#include <string>
#include <variant>
#include <vector>

#include "gsh/aws/credentials.h"
#include "gsh/env.h"
#include "gsh/status.h"
#include "src/aws/config/shared_config.h"

namespace gsh::aws {

struct CredentialPlan;

struct ProcessPlan {
  std::vector<std::string> argv = {};
  std::string account_id = {};  // where the process says none
};

struct RolePlan {
  std::string role_arn = {};
  std::string session_name = {};  // empty: one is made up
  std::string external_id = {};
  std::optional<std::chrono::seconds> duration = {};
  std::shared_ptr<const CredentialPlan> base = {};  // whose credentials ask for the role
};

struct WebIdentityPlan {
  std::string token_file = {};
  std::string role_arn = {};
  std::string session_name = {};  // empty: one is made up
};

struct ContainerPlan {
  std::string url = {};
  std::string token = {};       // of the Authorization header; empty: none
  std::string token_file = {};  // in place of `token`
};

struct InstancePlan {};

struct CredentialPlan {
  std::string name = {};  // "environment", "profile game"
  std::variant<Credentials, ProcessPlan, RolePlan, WebIdentityPlan, ContainerPlan, InstancePlan>
      how = {};
};

// The order is botocore's; see gsh/aws/default_credentials.h. `explicit_profile`: named in the
// options, so that keys in the environment do not count. InvalidArgument for what is configured
// wrongly; FailedPrecondition for sources that need a person. Nothing is quoted but names.
StatusOr<CredentialPlan> PlanCredentials(const SharedConfig& config, const Env& env,
                                         const std::string& profile, bool explicit_profile);

}  // namespace gsh::aws

#endif  // GSH_SRC_AWS_CREDENTIALS_PLAN_H_
