// Credentials from the endpoint that ECS, or EKS Pod Identity, gives a container.
#ifndef GSH_SRC_AWS_CREDENTIALS_CONTAINER_CREDENTIALS_H_
#define GSH_SRC_AWS_CREDENTIALS_CONTAINER_CREDENTIALS_H_

#include <stop_token>

#include "gsh/aws/options.h"
#include "gsh/status.h"
#include "src/aws/credentials/plan.h"

namespace gsh::aws {

// Blocks. The token file is read with every call.
StatusOr<Credentials> FetchContainerCredentials(const ContainerPlan& plan,
                                                const AwsOptions& options, std::stop_token stop);

}  // namespace gsh::aws

#endif  // GSH_SRC_AWS_CREDENTIALS_CONTAINER_CREDENTIALS_H_
