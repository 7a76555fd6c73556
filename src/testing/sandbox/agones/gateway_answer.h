// What grpc-gateway answers in the place of a gRPC status (its runtime/errors.go).
#ifndef GSH_SRC_TESTING_SANDBOX_AGONES_GATEWAY_ANSWER_H_
#define GSH_SRC_TESTING_SANDBOX_AGONES_GATEWAY_ANSWER_H_

#include <grpcpp/support/status.h>

#include <string>

#include "src/http/server.h"

namespace gsh::sandbox {

inline constexpr char kJson[] = "application/json";

// {"code":8,"message":"...","details":[]} with the HTTP code that belongs to it; codes outside the
// enum are 500.
http::Response GatewayRefusal(int grpc_code, const std::string& message);
http::Response GatewayRefusal(const grpc::Status& status);

}  // namespace gsh::sandbox

#endif  // GSH_SRC_TESTING_SANDBOX_AGONES_GATEWAY_ANSWER_H_
