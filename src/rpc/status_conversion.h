// grpc::Status to gsh::Status and back.
#ifndef GSH_SRC_RPC_STATUS_CONVERSION_H_
#define GSH_SRC_RPC_STATUS_CONVERSION_H_

#include <grpcpp/support/status.h>

#include <string>

#include "gsh/status.h"

namespace gsh::rpc {

// Code for code. Codes outside gRPC's enum (Agones' allocator casts HTTP codes: 422) become
// InvalidArgument for 400 to 499, else Unknown, with the number in ErrorInfo::name.
Status FromGrpc(const grpc::Status& status);
grpc::Status ToGrpc(const Status& status);

// "NOT_FOUND", or the number of a code outside the enum: the label of metrics and logs.
std::string CodeLabel(int code);

}  // namespace gsh::rpc

#endif  // GSH_SRC_RPC_STATUS_CONVERSION_H_
