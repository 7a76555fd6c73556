#include "src/testing/sandbox/agones/agones.h"

#include <map>
#include <utility>

#include "src/testing/sandbox/agones/allocation_api.h"
#include "src/testing/sandbox/agones/allocation_queue.h"
#include "src/testing/sandbox/agones/allocation_rest.h"
#include "src/testing/sandbox/agones/allocation_service.h"
#include "src/testing/sandbox/agones/multicluster/policy_files.h"
#include "src/testing/sandbox/agones/multicluster/router.h"

namespace gsh::sandbox {
namespace {

class LocalAgones final : public Agones {
 public:
  LocalAgones(const AgonesOptions& options, FaultInjector& faults)
      : clock_(*options.node.clock),
        rng_(*options.node.rng),
        cluster_(std::make_shared<Cluster>(clock_, rng_)),
        router_(std::make_unique<AllocationQueue>(
                    cluster_,
                    AllocationQueueOptions{
                        .batch_wait = options.batch_wait, .clock = &clock_, .rng = &rng_}),
                std::make_unique<PolicyFiles>(options.manifests, options.node.log),
                {.clock = &clock_, .rng = &rng_, .insecure = options.rest_tls.insecure}),
        faults_(faults),
        service_(router_, faults, clock_) {}

  ~LocalAgones() override {
    router_.Stop();
    rest_.reset();
    api_.reset();
    if (server_ != nullptr) {
      server_->Shutdown(std::chrono::system_clock::now() + std::chrono::milliseconds(200));
    }
    fleets_.clear();  // first, so that nothing is replaced any more
    node_.reset();
  }

  Status Run(AgonesOptions options) {
    if (const Status status = Listen(options); !status.ok()) return status;
    if (const Status status = ListenHttp(options); !status.ok()) return status;
    auto node = Node::Start(cluster_, std::move(options.node));
    if (!node.ok()) return node.status();
    node_ = std::move(*node);
    for (FleetOptions& fleet : options.fleets) {
      const std::string name = fleet.name;
      fleets_[name] = std::make_unique<Fleet>(cluster_, clock_, rng_, std::move(fleet));
    }
    return OkStatus();
  }

  int allocator_port() const override { return port_; }
  int allocator_rest_port() const override { return rest_->port(); }
  AllocationApi& allocation_api() override { return *api_; }
  const std::shared_ptr<Cluster>& cluster() const override { return cluster_; }

  void ScaleFleet(const std::string& name, int replicas) override {
    if (const auto it = fleets_.find(name); it != fleets_.end()) it->second->Scale(replicas);
  }

 private:
  Status Listen(const AgonesOptions& options) {
    grpc::EnableDefaultHealthCheckService(true);
    credentials_ = options.credentials ? options.credentials : grpc::InsecureServerCredentials();
    grpc::ServerBuilder builder;
    builder.AddChannelArgument(GRPC_ARG_ALLOW_REUSEPORT, 0);
    // As the real allocator: a ping a minute, and no connection that is idle for five.
    builder.AddChannelArgument(GRPC_ARG_HTTP2_MIN_RECV_PING_INTERVAL_WITHOUT_DATA_MS, 60'000);
    builder.AddChannelArgument(GRPC_ARG_KEEPALIVE_PERMIT_WITHOUT_CALLS, 1);
    builder.AddChannelArgument(GRPC_ARG_MAX_CONNECTION_IDLE_MS, 300'000);
    builder.AddListeningPort(options.bind + ":0", credentials_, &port_);
    builder.RegisterService(&service_);
    server_ = builder.BuildAndStart();
    if (server_ == nullptr) {
      return UnavailableError("the allocator cannot listen on " + options.bind);
    }
    return OkStatus();
  }

  Status ListenHttp(const AgonesOptions& options) {
    const AllocationRestOptions http{
        .bind = options.bind, .tls = options.rest_tls, .clock = &clock_, .log = options.node.log};
    auto rest = AllocationRest::Start(http, router_, faults_);
    if (!rest.ok()) return rest.status().WithContext("the allocator's REST side");
    rest_ = *std::move(rest);
    auto api = AllocationApi::Start(http, router_, faults_);
    if (!api.ok()) return api.status().WithContext("the aggregated API");
    api_ = *std::move(api);
    return OkStatus();
  }

  Clock& clock_;
  Rng& rng_;
  const std::shared_ptr<Cluster> cluster_;
  Router router_;
  FaultInjector& faults_;
  AllocationService service_;
  std::shared_ptr<grpc::ServerCredentials> credentials_;  // they reload only while they are kept
  int port_ = 0;
  std::unique_ptr<grpc::Server> server_;
  std::unique_ptr<AllocationRest> rest_;
  std::unique_ptr<AllocationApi> api_;
  std::unique_ptr<Node> node_;
  std::map<std::string, std::unique_ptr<Fleet>> fleets_;
};

}  // namespace

StatusOr<std::unique_ptr<Agones>> Agones::Start(AgonesOptions options, FaultInjector& faults) {
  auto agones = std::make_unique<LocalAgones>(options, faults);
  if (const Status status = agones->Run(std::move(options)); !status.ok()) return status;
  return std::unique_ptr<Agones>(std::move(agones));
}

}  // namespace gsh::sandbox
