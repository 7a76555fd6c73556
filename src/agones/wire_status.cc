#include "src/agones/wire_status.h"

#include <array>
#include <string>
#include <string_view>

#include "src/rpc/status_conversion.h"

namespace gsh::agones {
namespace {

struct Text {
  std::string_view text;
  StatusCode code;
};

// Errors that the allocator answers as UNKNOWN when another request took the server first; nothing
// was allocated (agones: pkg/gameserverallocations/allocator.go). The last is Kubernetes' own.
constexpr std::array<std::string_view, 3> kConflicts = {
    "could not update the selected GameServer",
    "The Gameserver was already allocated",
    "the object has been modified; please apply your changes to the latest version",
};

// How the side-car's errors begin (agones: pkg/sdkserver/sdkserver.go, localsdk.go).
constexpr std::array<Text, 9> kBeginnings = {{
    {"counter not found: ", StatusCode::kNotFound},
    {"list not found: ", StatusCode::kNotFound},
    {"not found. ", StatusCode::kNotFound},
    {"not found: ", StatusCode::kNotFound},
    {"out of range. ", StatusCode::kOutOfRange},
    {"already exists. ", StatusCode::kAlreadyExists},
    {"invalid argument. ", StatusCode::kInvalidArgument},
    {"players are already at capacity", StatusCode::kResourceExhausted},
    {"Players are already at capacity", StatusCode::kResourceExhausted},
}};

}  // namespace

Status AllocatorStatus(const grpc::Status& status) {
  if (static_cast<int>(status.error_code()) == static_cast<int>(StatusCode::kUnknown)) {
    for (const std::string_view conflict : kConflicts) {
      if (status.error_message().find(conflict) != std::string::npos) {
        return AbortedError(status.error_message());
      }
    }
  }
  return rpc::FromGrpc(status);
}

Status SdkStatus(const grpc::Status& status) {
  if (static_cast<int>(status.error_code()) == static_cast<int>(StatusCode::kUnknown)) {
    const std::string& message = status.error_message();
    for (const auto& [beginning, code] : kBeginnings) {
      if (message.starts_with(beginning)) return Status(code, message);
    }
    if (message.ends_with(" not enabled")) return Status(StatusCode::kUnimplemented, message);
  }
  return rpc::FromGrpc(status);
}

}  // namespace gsh::agones
