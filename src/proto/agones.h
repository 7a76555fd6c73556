// Agones' generated messages and stubs: allocation under ::gsh::wire_allocation, the game-server
// SDK under ::gsh::wire_sdk (alpha and beta inside).
#ifndef GSH_SRC_PROTO_AGONES_H_
#define GSH_SRC_PROTO_AGONES_H_

// Everything that the generated headers include comes first, so that the macros below touch them
// alone.
#include <google/protobuf/field_mask.pb.h>
#include <google/protobuf/wrappers.pb.h>
#include <grpcpp/grpcpp.h>
#include <grpcpp/impl/codegen/proto_utils.h>

#define agones gsh_agones_wire
#define allocation gsh_allocation_wire
#include "proto/agones/allocation.grpc.pb.h"
#include "proto/agones/sdk.grpc.pb.h"
#include "proto/agones/sdk_alpha.grpc.pb.h"
#include "proto/agones/sdk_beta.grpc.pb.h"
#undef agones
#undef allocation

namespace gsh {
namespace wire_allocation = ::gsh_allocation_wire;
namespace wire_sdk = ::gsh_agones_wire::dev::sdk;
}  // namespace gsh

#endif  // GSH_SRC_PROTO_AGONES_H_
