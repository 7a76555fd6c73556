#include "src/testing/sandbox/agones/sdk_server.h"

#include <chrono>
#include <utility>

#include "src/testing/sandbox/agones/sdk_gateway.h"
#include "src/testing/sandbox/agones/sdk_services.h"

namespace gsh::sandbox {
namespace {

class GrpcSdkServer final : public SdkServer {
 public:
  explicit GrpcSdkServer(std::shared_ptr<SideCar> side_car)
      : side_car_(std::move(side_car)), stable_(side_car_), beta_(side_car_), alpha_(side_car_) {}

  ~GrpcSdkServer() override {
    side_car_->Stop();
    if (server_ == nullptr) return;
    gateway_.reset();
    stable_.EndWatches();
    server_->Shutdown(std::chrono::system_clock::now() + std::chrono::milliseconds(200));
  }

  Status Listen() {
    grpc::ServerBuilder builder;
    builder.AddChannelArgument(GRPC_ARG_ALLOW_REUSEPORT, 0);
    builder.AddListeningPort("127.0.0.1:0", grpc::InsecureServerCredentials(), &port_);
    builder.RegisterService(&stable_);
    builder.RegisterService(&beta_);
    builder.RegisterService(&alpha_);
    server_ = builder.BuildAndStart();
    if (server_ == nullptr)
      return UnavailableError("no port for the SDK server of " + side_car_->name());
    auto gateway = SdkGateway::Start(server_->InProcessChannel({}));
    if (!gateway.ok()) return gateway.status().WithContext("SDK server of " + side_car_->name());
    gateway_ = *std::move(gateway);
    return OkStatus();
  }

  int port() const override { return port_; }
  int http_port() const override { return gateway_->port(); }
  void StartHealthChecks() override { side_car_->StartHealthChecks(); }

 private:
  const std::shared_ptr<SideCar> side_car_;
  StableSdkService stable_;
  BetaSdkService beta_;
  AlphaSdkService alpha_;
  int port_ = 0;
  std::unique_ptr<grpc::Server> server_;
  std::unique_ptr<SdkGateway> gateway_;
};

}  // namespace

StatusOr<std::unique_ptr<SdkServer>> SdkServer::Start(std::shared_ptr<Cluster> cluster,
                                                      Clock& clock,
                                                      const std::string& game_server) {
  auto server = std::make_unique<GrpcSdkServer>(
      std::make_shared<SideCar>(std::move(cluster), clock, game_server));
  if (const Status status = server->Listen(); !status.ok()) return status;
  return std::unique_ptr<SdkServer>(std::move(server));
}

}  // namespace gsh::sandbox
