#include "src/rpc/status_conversion.h"

#include <utility>

namespace gsh::rpc {
namespace {

constexpr int kLastCode = static_cast<int>(StatusCode::kUnauthenticated);

bool InEnum(int code) { return code >= 0 && code <= kLastCode; }

}  // namespace

Status FromGrpc(const grpc::Status& status) {
  const int code = static_cast<int>(status.error_code());
  if (code == 0) return OkStatus();
  if (InEnum(code)) return Status(static_cast<StatusCode>(code), status.error_message());
  ErrorInfo info;
  info.name = std::to_string(code);
  const bool client_error = code >= 400 && code < 500;
  return Status(client_error ? StatusCode::kInvalidArgument : StatusCode::kUnknown,
                status.error_message(), std::move(info));
}

grpc::Status ToGrpc(const Status& status) {
  if (status.ok()) return grpc::Status::OK;
  return grpc::Status(static_cast<grpc::StatusCode>(static_cast<int>(status.code())),
                      status.message());
}

std::string CodeLabel(int code) {
  if (!InEnum(code)) return std::to_string(code);
  return std::string(StatusCodeName(static_cast<StatusCode>(code)));
}

}  // namespace gsh::rpc
