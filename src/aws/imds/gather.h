// Several answers of the metadata service, asked for at once.
#ifndef GSH_SRC_AWS_IMDS_GATHER_H_
#define GSH_SRC_AWS_IMDS_GATHER_H_

#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "gsh/aws/instance_metadata.h"

namespace gsh::aws {

// In the order of `paths`, empty where the service has nothing; the first other error is the whole
// call's. `done` runs once, after the last answer.
void Gather(InstanceMetadata& imds, std::vector<std::string> paths, const CallOptions& options,
            std::function<void(StatusOr<std::vector<std::optional<std::string>>>)> done);

}  // namespace gsh::aws

#endif  // GSH_SRC_AWS_IMDS_GATHER_H_
