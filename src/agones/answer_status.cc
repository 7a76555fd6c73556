#include "src/agones/answer_status.h"

#include <array>
#include <string_view>
#include <utility>

#include "src/rpc/common/wire_code.h"

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

Status AllocatorAnswer(int code, std::string message) {
  if (code == static_cast<int>(StatusCode::kUnknown)) {
    for (const std::string_view conflict : kConflicts) {
      if (message.find(conflict) != message.npos) return AbortedError(std::move(message));
    }
  }
  return rpc::StatusOfWireCode(code, std::move(message));
}

Status SdkAnswer(int code, std::string message) {
  if (code == static_cast<int>(StatusCode::kUnknown)) {
    for (const auto& [beginning, meant] : kBeginnings) {
      if (message.starts_with(beginning)) return Status(meant, std::move(message));
    }
    if (message.ends_with(" not enabled")) {
      return Status(StatusCode::kUnimplemented, std::move(message));
    }
  }
  return rpc::StatusOfWireCode(code, std::move(message));
}

}  // namespace gsh::agones
