#include "gsh/agones/failover_allocator.h"

#include <functional>
#include <set>
#include <utility>

#include "src/agones/failover/check_options.h"
#include "src/agones/failover/failover_call.h"
#include "src/agones/failover/failover_core.h"
#include "src/core/mistakes.h"

namespace gsh::agones {
namespace {

class FailoverAllocator final : public Allocator {
 public:
  FailoverAllocator(std::vector<AllocatorEndpoint> endpoints, const FailoverOptions& failover,
                    ClientOptions client)
      : endpoints_(std::move(endpoints)),
        core_(std::make_shared<FailoverCore>(std::move(client), failover, Targets(endpoints_))) {}

  // First our calls end, then the endpoints' own, whose callbacks find nobody any more.
  ~FailoverAllocator() override { core_->registry.Close(); }

  void AllocateAsync(AllocationRequest request, CallOptions options,
                     std::function<void(StatusOr<Allocation>)> done) override {
    const rpc::CallRegistry::Frame frame(core_->registry);
    std::make_shared<FailoverCall>(core_, std::move(request), std::move(options), std::move(done))
        ->Start();
  }

 private:
  static std::vector<FailoverCore::Target> Targets(
      const std::vector<AllocatorEndpoint>& endpoints) {
    std::vector<FailoverCore::Target> targets;
    for (const AllocatorEndpoint& endpoint : endpoints) {
      targets.push_back({endpoint.name, endpoint.allocator.get()});
    }
    return targets;
  }

  const std::vector<AllocatorEndpoint> endpoints_;
  const std::shared_ptr<FailoverCore> core_;
};

Status CheckEndpoints(const std::vector<AllocatorEndpoint>& endpoints) {
  internal::Mistakes mistakes;
  mistakes.Check(!endpoints.empty(), "endpoints is empty");
  std::set<std::string> names;
  for (const AllocatorEndpoint& endpoint : endpoints) {
    mistakes.Check(endpoint.allocator != nullptr, "endpoint " + endpoint.name + " is null");
    mistakes.Check(names.insert(endpoint.name).second,
                   "endpoint " + endpoint.name + " is there twice");
  }
  return mistakes.ToStatus();
}

}  // namespace

StatusOr<std::unique_ptr<Allocator>> MakeFailoverAllocator(std::vector<AllocatorEndpoint> endpoints,
                                                           FailoverOptions failover,
                                                           ClientOptions client) {
  client.endpoint = "several:1";  // nobody connects there
  client.tls = {.insecure = true};
  internal::Mistakes mistakes;
  mistakes.Add(CheckEndpoints(endpoints));
  mistakes.Add(CheckFailoverOptions(failover));
  mistakes.Add(rpc::CheckClientOptions(client));
  if (Status status = mistakes.ToStatus(); !status.ok()) {
    return status.WithContext("agones::FailoverAllocator");
  }
  rpc::FillDefaults(client);
  return std::unique_ptr<Allocator>(
      std::make_unique<FailoverAllocator>(std::move(endpoints), failover, std::move(client)));
}

}  // namespace gsh::agones
