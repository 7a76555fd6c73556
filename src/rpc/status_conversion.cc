#include "src/rpc/status_conversion.h"

#include "src/rpc/common/wire_code.h"

namespace gsh::rpc {

Status FromGrpc(const grpc::Status& status) {
  return StatusOfWireCode(static_cast<int>(status.error_code()), status.error_message());
}

grpc::Status ToGrpc(const Status& status) {
  if (status.ok()) return grpc::Status::OK;
  return grpc::Status(static_cast<grpc::StatusCode>(static_cast<int>(status.code())),
                      status.message());
}

std::string CodeLabel(int code) {
  if (code < 0 || code > static_cast<int>(StatusCode::kUnauthenticated)) {
    return std::to_string(code);
  }
  return std::string(StatusCodeName(static_cast<StatusCode>(code)));
}

}  // namespace gsh::rpc
