// The status codes of the wire as Status.
#ifndef GSH_SRC_RPC_COMMON_WIRE_CODE_H_
#define GSH_SRC_RPC_COMMON_WIRE_CODE_H_

#include <string>

#include "gsh/status.h"

namespace gsh::rpc {

// Code for code. Codes outside gRPC's enum (Agones' allocator casts HTTP codes: 422) become
// InvalidArgument for 400 to 499, else Unknown, with the number in ErrorInfo::name.
Status StatusOfWireCode(int code, std::string message);

}  // namespace gsh::rpc

#endif  // GSH_SRC_RPC_COMMON_WIRE_CODE_H_
