#include "src/rpc/common/wire_code.h"

#include <utility>

namespace gsh::rpc {

Status StatusOfWireCode(int code, std::string message) {
  if (code == 0) return OkStatus();
  if (code > 0 && code <= static_cast<int>(StatusCode::kUnauthenticated)) {
    return Status(static_cast<StatusCode>(code), std::move(message));
  }
  ErrorInfo info;
  info.name = std::to_string(code);
  const bool client_error = code >= 400 && code < 500;
  return Status(client_error ? StatusCode::kInvalidArgument : StatusCode::kUnknown,
                std::move(message), std::move(info));
}

}  // namespace gsh::rpc
