#include "src/testing/sandbox/agones/gateway_answer.h"

#include <nlohmann/json.hpp>

#include "gsh/status.h"

namespace gsh::sandbox {
namespace {

// grpc-gateway: runtime/errors.go, HTTPStatusFromCode; codes outside the enum are 500.
int HttpCodeOf(int grpc_code) {
  switch (static_cast<StatusCode>(grpc_code)) {
    case StatusCode::kCancelled:
      return 499;
    case StatusCode::kInvalidArgument:
    case StatusCode::kFailedPrecondition:
    case StatusCode::kOutOfRange:
      return 400;
    case StatusCode::kUnauthenticated:
      return 401;
    case StatusCode::kPermissionDenied:
      return 403;
    case StatusCode::kNotFound:
      return 404;
    case StatusCode::kAlreadyExists:
    case StatusCode::kAborted:
      return 409;
    case StatusCode::kResourceExhausted:
      return 429;
    case StatusCode::kUnimplemented:
      return 501;
    case StatusCode::kUnavailable:
      return 503;
    case StatusCode::kDeadlineExceeded:
      return 504;
    default:
      return 500;
  }
}

}  // namespace

http::Response GatewayRefusal(int grpc_code, const std::string& message) {
  const nlohmann::ordered_json body = {
      {"code", grpc_code}, {"message", message}, {"details", nlohmann::json::array()}};
  using nlohmann::json;
  return {.code = HttpCodeOf(grpc_code),
          .content_type = kJson,
          .body = body.dump(-1, ' ', false, json::error_handler_t::replace)};
}

http::Response GatewayRefusal(const grpc::Status& status) {
  return GatewayRefusal(static_cast<int>(status.error_code()), status.error_message());
}

}  // namespace gsh::sandbox
