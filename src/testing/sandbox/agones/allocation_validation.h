// What Agones refuses in an allocation request before it looks for a server.
#ifndef GSH_SRC_TESTING_SANDBOX_AGONES_ALLOCATION_VALIDATION_H_
#define GSH_SRC_TESTING_SANDBOX_AGONES_ALLOCATION_VALIDATION_H_

#include "src/proto/agones.h"

namespace gsh::sandbox {

// OK, or the status that the allocator answers: code 422, outside gRPC's enum
// (agones: pkg/apis/allocation/v1/gameserverallocation.go, Validate).
grpc::Status ValidateAllocation(const wire_allocation::AllocationRequest& request);

// The metadata to put on the server: `metadata`, or its older name `metaPatch`.
const wire_allocation::MetaPatch& MetadataOf(const wire_allocation::AllocationRequest& request);

}  // namespace gsh::sandbox

#endif  // GSH_SRC_TESTING_SANDBOX_AGONES_ALLOCATION_VALIDATION_H_
