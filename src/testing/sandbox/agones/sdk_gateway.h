// SdkGateway: the HTTP side of one side-car, in front of its gRPC side as the real one's
// grpc-gateway is.
#ifndef GSH_SRC_TESTING_SANDBOX_AGONES_SDK_GATEWAY_H_
#define GSH_SRC_TESTING_SANDBOX_AGONES_SDK_GATEWAY_H_

#include <grpcpp/grpcpp.h>

#include <memory>

#include "gsh/status.h"

namespace gsh::sandbox {

class SdkGateway {
 public:
  // On a free loopback port, in plaintext.
  static StatusOr<std::unique_ptr<SdkGateway>> Start(std::shared_ptr<grpc::Channel> channel);
  virtual ~SdkGateway() = default;  // ends the watches, waits for the answers
  virtual int port() const = 0;
};

}  // namespace gsh::sandbox

#endif  // GSH_SRC_TESTING_SANDBOX_AGONES_SDK_GATEWAY_H_
