// Allocation requests and answers as JSON, for the adapters that send it.
#ifndef GSH_SRC_AGONES_JSON_ALLOCATION_JSON_H_
#define GSH_SRC_AGONES_JSON_ALLOCATION_JSON_H_

#include <nlohmann/json.hpp>

#include "gsh/agones/allocator.h"
#include "gsh/status.h"
#include "src/agones/json/json_fields.h"

namespace gsh::agones {

enum class JsonDialect {
  kMessage,   // allocation.AllocationRequest by protobuf's mapping: the allocator's REST side
  kResource,  // the spec of a GameServerAllocation, allocation.agones.dev/v1: the Kubernetes API
};

// What is at its default is left out. InvalidArgument: a text is not UTF-8.
StatusOr<nlohmann::json> WriteAllocationRequest(const AllocationRequest& request,
                                                           JsonDialect dialect);

// An AllocationResponse, or the status of a GameServerAllocation: their names are the same.
void ReadAllocation(const JsonFields& answer, Allocation& out);

}  // namespace gsh::agones

#endif  // GSH_SRC_AGONES_JSON_ALLOCATION_JSON_H_
