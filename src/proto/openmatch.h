// Open Match's generated messages and stubs, under the namespace ::gsh::wire_openmatch.
#ifndef GSH_SRC_PROTO_OPENMATCH_H_
#define GSH_SRC_PROTO_OPENMATCH_H_

// Everything that the generated headers include comes first, so that the macro below touches them
// alone.
#include <google/protobuf/any.pb.h>
#include <google/protobuf/empty.pb.h>
#include <google/protobuf/timestamp.pb.h>
#include <google/protobuf/wrappers.pb.h>
#include <grpcpp/grpcpp.h>
#include <grpcpp/impl/codegen/proto_utils.h>

#define openmatch gsh_openmatch_wire
#include "proto/openmatch/backend.grpc.pb.h"
#include "proto/openmatch/evaluator.grpc.pb.h"
#include "proto/openmatch/extensions.pb.h"
#include "proto/openmatch/frontend.grpc.pb.h"
#include "proto/openmatch/matchfunction.grpc.pb.h"
#include "proto/openmatch/query.grpc.pb.h"
#undef openmatch

namespace gsh {
namespace wire_openmatch = ::gsh_openmatch_wire;
}  // namespace gsh

#endif  // GSH_SRC_PROTO_OPENMATCH_H_
