// GameServerAllocation, the Kubernetes resource, to and from the allocator's messages (agones:
// pkg/apis/allocation/v1/gameserverallocation.go, pkg/allocation/converters/converter.go).
#ifndef GSH_SRC_TESTING_SANDBOX_AGONES_ALLOCATION_RESOURCE_H_
#define GSH_SRC_TESTING_SANDBOX_AGONES_ALLOCATION_RESOURCE_H_

#include <nlohmann/json_fwd.hpp>
#include <string>

#include "gsh/status.h"
#include "src/proto/agones.h"
#include "src/testing/sandbox/agones/label_expressions.h"

namespace gsh::sandbox {

struct ResourceRequest {
  wire_allocation::AllocationRequest message = {};
  SelectorExpressions expressions = {};  // of its selectors, which the message cannot carry
};
// InvalidArgument for what is no such resource; FailedPrecondition for selectors that Kubernetes
// would call invalid.
StatusOr<ResourceRequest> ToAllocationRequest(const nlohmann::json& resource,
                                              const std::string& ns);

// The `status` of the resource after an allocation; nothing was allocated: state "UnAllocated" or
// "Contention".
nlohmann::json AllocatedStatus(const wire_allocation::AllocationResponse& response);
nlohmann::json NotAllocatedStatus(const std::string& state);

}  // namespace gsh::sandbox

#endif  // GSH_SRC_TESTING_SANDBOX_AGONES_ALLOCATION_RESOURCE_H_
