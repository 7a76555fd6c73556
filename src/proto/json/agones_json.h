// JSON of Agones' messages, as its grpc-gateway reads and writes it (agones:
// pkg/util/runtime/runtime.go, NewServerMux).
#ifndef GSH_SRC_PROTO_JSON_AGONES_JSON_H_
#define GSH_SRC_PROTO_JSON_AGONES_JSON_H_

#include <string>
#include <string_view>

#include "gsh/status.h"

namespace gsh::wire_json {

inline constexpr std::string_view kAllocationRequest = "allocation.AllocationRequest";
inline constexpr std::string_view kAllocationResponse = "allocation.AllocationResponse";

// The message's serialised form out of JSON. Unknown fields are left out; names may be the proto's
// or in camel case. InvalidArgument says what is wrong with the text.
StatusOr<std::string> FromJson(std::string_view message, const std::string& json);

enum class Defaults {
  kWritten,  // lists, maps, numbers, texts that are empty: as the servers answer
  kLeftOut,  // as clients send
};
// Proto's own names; 64-bit numbers are texts. `bytes` are such a message; Internal if
// protobuf sees that they are not.
StatusOr<std::string> ToJson(std::string_view message, const std::string& bytes, Defaults defaults);

// The serialised google.protobuf.FileDescriptorSet of all Agones protos.
std::string_view Descriptors();

}  // namespace gsh::wire_json

#endif  // GSH_SRC_PROTO_JSON_AGONES_JSON_H_
