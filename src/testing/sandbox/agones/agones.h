// Agones: the sandbox's cluster of game servers with its allocator.
#ifndef GSH_SRC_TESTING_SANDBOX_AGONES_AGONES_H_
#define GSH_SRC_TESTING_SANDBOX_AGONES_AGONES_H_

#include <grpcpp/security/server_credentials.h>

#include <chrono>
#include <memory>
#include <string>
#include <vector>

#include "gsh/clock.h"
#include "gsh/options.h"
#include "gsh/rng.h"
#include "gsh/status.h"
#include "src/testing/sandbox/agones/allocation_api.h"
#include "src/testing/sandbox/agones/cluster.h"
#include "src/testing/sandbox/agones/fleet.h"
#include "src/testing/sandbox/agones/node.h"
#include "src/testing/sandbox/faults/fault_injector.h"

namespace gsh::sandbox {

struct AgonesOptions {
  std::string bind = "127.0.0.1";                             // of the allocator
  std::shared_ptr<grpc::ServerCredentials> credentials = {};  // likewise; null: plaintext
  TlsOptions rest_tls = {.insecure = true};  // of its REST side: the server's files
  Duration batch_wait = std::chrono::milliseconds(500);
  std::string manifests = {};  // a folder with policies and secrets, see PolicyFiles; empty: none
  std::vector<FleetOptions> fleets = {};
  NodeOptions node = {};  // its clock and rng are also everybody else's
};

class Agones {
 public:
  // `faults` must outlive it.
  static StatusOr<std::unique_ptr<Agones>> Start(AgonesOptions options, FaultInjector& faults);
  // Stops the allocator, then the game servers.
  virtual ~Agones() = default;

  virtual int allocator_port() const = 0;
  virtual int allocator_rest_port() const = 0;
  virtual AllocationApi& allocation_api() = 0;
  virtual const std::shared_ptr<Cluster>& cluster() const = 0;
  virtual void ScaleFleet(const std::string& name, int replicas) = 0;  // no such fleet: nothing
};

}  // namespace gsh::sandbox

#endif  // GSH_SRC_TESTING_SANDBOX_AGONES_AGONES_H_
