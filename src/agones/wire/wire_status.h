// What Agones' services mean by the statuses that they answer.
#ifndef GSH_SRC_AGONES_WIRE_WIRE_STATUS_H_
#define GSH_SRC_AGONES_WIRE_WIRE_STATUS_H_

#include <grpcpp/grpcpp.h>

#include "gsh/status.h"

namespace gsh::agones {

// Of the allocation service: codes outside gRPC's enum, and UNKNOWN that is really contention.
Status AllocatorStatus(const grpc::Status& status);

// Of the side-car: UNKNOWN whose text says what the code should have said.
Status SdkStatus(const grpc::Status& status);

}  // namespace gsh::agones

#endif  // GSH_SRC_AGONES_WIRE_WIRE_STATUS_H_
