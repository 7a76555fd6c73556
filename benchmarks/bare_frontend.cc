#include "benchmarks/bare_frontend.h"

#include <utility>

#include "src/proto/openmatch.h"
#include "src/rpc/server_credentials.h"

namespace gsh::benchmarks {
namespace {

namespace wire = wire_openmatch;

class EmptyService final : public wire::FrontendService::WithCallbackMethod_CreateTicket<
                               wire::FrontendService::Service> {
 public:
  grpc::ServerUnaryReactor* CreateTicket(grpc::CallbackServerContext* context,
                                         const wire::CreateTicketRequest*, wire::Ticket*) override {
    grpc::ServerUnaryReactor* reactor = context->DefaultReactor();
    reactor->Finish(grpc::Status::OK);
    return reactor;
  }
};

class Running final : public BareFrontend {
 public:
  explicit Running(std::shared_ptr<grpc::ServerCredentials> credentials)
      : credentials_(std::move(credentials)) {
    int port = 0;
    grpc::ServerBuilder builder;
    builder.AddListeningPort("127.0.0.1:0", credentials_, &port);
    builder.RegisterService(&service_);
    server_ = builder.BuildAndStart();
    endpoint_ = "127.0.0.1:" + std::to_string(port);
  }
  ~Running() override {
    if (server_ != nullptr) server_->Shutdown();
  }

  bool listens() const { return server_ != nullptr; }
  const std::string& endpoint() const override { return endpoint_; }

 private:
  const std::shared_ptr<grpc::ServerCredentials> credentials_;
  EmptyService service_;
  std::unique_ptr<grpc::Server> server_;
  std::string endpoint_;
};

}  // namespace

StatusOr<std::unique_ptr<BareFrontend>> BareFrontend::Start(const TlsOptions& tls) {
  auto credentials =
      rpc::MakeServerCredentials({.tls = tls, .clients = rpc::ClientCertificates::kNone});
  if (!credentials.ok()) return credentials.status();
  auto running = std::make_unique<Running>(*credentials);
  if (!running->listens()) return UnavailableError("cannot listen on 127.0.0.1");
  return std::unique_ptr<BareFrontend>(std::move(running));
}

}  // namespace gsh::benchmarks
