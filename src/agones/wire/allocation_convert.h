// Between agones::Allocator's structs and Agones' allocation messages.
#ifndef GSH_SRC_AGONES_WIRE_ALLOCATION_CONVERT_H_
#define GSH_SRC_AGONES_WIRE_ALLOCATION_CONVERT_H_

#include "gsh/agones/allocator.h"
#include "src/proto/agones.h"

namespace gsh::agones {

wire_allocation::AllocationRequest ToWire(const AllocationRequest& request);
Allocation FromWire(const wire_allocation::AllocationResponse& response);

}  // namespace gsh::agones

#endif  // GSH_SRC_AGONES_WIRE_ALLOCATION_CONVERT_H_
