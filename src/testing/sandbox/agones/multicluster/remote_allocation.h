// RemoteAllocation: one allocation that is forwarded to another cluster's allocator (agones:
// pkg/gameserverallocations/allocator.go, allocateFromRemoteCluster).
#ifndef GSH_SRC_TESTING_SANDBOX_AGONES_MULTICLUSTER_REMOTE_ALLOCATION_H_
#define GSH_SRC_TESTING_SANDBOX_AGONES_MULTICLUSTER_REMOTE_ALLOCATION_H_

#include <chrono>
#include <cstddef>
#include <functional>
#include <memory>
#include <stop_token>
#include <string>
#include <vector>

#include "gsh/clock.h"
#include "gsh/options.h"
#include "src/proto/agones.h"
#include "src/rpc/client.h"

namespace gsh::sandbox {

struct RemoteOptions {
  Clock* clock = nullptr;  // required
  std::stop_token stop = {};
  Duration call_timeout = std::chrono::seconds(10);
  Duration total_timeout = std::chrono::seconds(30);
};

class RemoteAllocation : public std::enable_shared_from_this<RemoteAllocation> {
 public:
  using Done = std::function<void(const grpc::Status&, wire_allocation::AllocationResponse)>;

  // `endpoints` are tried in order, each failure sends the request on to the next; then again up to
  // seven times with a doubling pause from 100 ms, unless the last one has no game server. `done`
  // runs once, on any thread; its answer's source is the endpoint.
  static void Start(std::vector<std::string> endpoints, TlsOptions tls,
                    wire_allocation::AllocationRequest request, RemoteOptions options, Done done);

 private:
  RemoteAllocation(std::vector<std::string> endpoints, TlsOptions tls,
                   wire_allocation::AllocationRequest request, RemoteOptions options, Done done);
  void Try();
  void OnAnswer(const Status& status);
  void Finish(const grpc::Status& status);

  const std::vector<std::string> endpoints_;
  const TlsOptions tls_;
  const std::shared_ptr<const wire_allocation::AllocationRequest> request_;
  const RemoteOptions options_;
  const Done done_;
  const SteadyTime end_;
  std::size_t next_ = 0;  // of endpoints_
  int step_ = 1;
  std::string endpoint_;                 // the newest
  std::unique_ptr<rpc::Client> client_;  // Agones, too, dials for each call
  std::shared_ptr<wire_allocation::AllocationResponse> response_;
};

// "host" with the allocator's usual port, 443; "host:port" as it is.
std::string WithAllocatorPort(const std::string& endpoint);

}  // namespace gsh::sandbox

#endif  // GSH_SRC_TESTING_SANDBOX_AGONES_MULTICLUSTER_REMOTE_ALLOCATION_H_
