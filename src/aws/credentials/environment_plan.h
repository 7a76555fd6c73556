// What the environment alone says of credentials.
#ifndef GSH_SRC_AWS_CREDENTIALS_ENVIRONMENT_PLAN_H_
#define GSH_SRC_AWS_CREDENTIALS_ENVIRONMENT_PLAN_H_

#include <optional>

#include "gsh/env.h"
#include "gsh/status.h"
#include "src/aws/credentials/plan.h"

namespace gsh::aws {

// Empty optionals: nothing is said.
StatusOr<std::optional<CredentialPlan>> PlanEnvironmentKeys(const Env& env);
StatusOr<std::optional<CredentialPlan>> PlanContainer(const Env& env);

}  // namespace gsh::aws

#endif  // GSH_SRC_AWS_CREDENTIALS_ENVIRONMENT_PLAN_H_
