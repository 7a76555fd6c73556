// SdkServer: Agones' sdk-server of one game server, gRPC and HTTP, on free loopback ports.
#ifndef GSH_SRC_TESTING_SANDBOX_AGONES_SDK_SERVER_H_
#define GSH_SRC_TESTING_SANDBOX_AGONES_SDK_SERVER_H_

#include <memory>
#include <string>

#include "gsh/clock.h"
#include "gsh/status.h"
#include "src/testing/sandbox/agones/cluster.h"

namespace gsh::sandbox {

class SdkServer {
 public:
  // Listens, in plaintext as the real one.
  static StatusOr<std::unique_ptr<SdkServer>> Start(std::shared_ptr<Cluster> cluster, Clock& clock,
                                                    const std::string& game_server);
  virtual ~SdkServer() = default;  // ends the watches, then everything else
  virtual int port() const = 0;
  virtual int http_port() const = 0;
  virtual void StartHealthChecks() = 0;  // when the game server's process starts
};

}  // namespace gsh::sandbox

#endif  // GSH_SRC_TESTING_SANDBOX_AGONES_SDK_SERVER_H_
