#include <grpcpp/health_check_service_interface.h>

#include <mutex>
#include <utility>

#include "gsh/openmatch/match_function.h"
#include "src/openmatch/match_function_run.h"
#include "src/proto/openmatch.h"
#include "src/rpc/server_credentials.h"

namespace gsh::openmatch {
namespace {

constexpr int kMaxRequestBytes = 16 << 20;  // a profile: names, filters, extensions

Status CheckOptions(const MatchFunctionServerOptions& options) {
  std::string mistakes;
  const auto add = [&](const char* mistake) {
    if (!mistakes.empty()) mistakes += "; ";
    mistakes += mistake;
  };
  if (options.listen.rfind(':') == std::string::npos) add("listen must be host:port");
  if (options.query == nullptr) add("query is missing");
  if (!options.function) add("function is missing");
  if (options.max_concurrent_runs < 1) add("max_concurrent_runs must be at least 1");
  if (options.query_timeout <= Duration(0)) add("query_timeout must be positive");
  if (mistakes.empty()) return OkStatus();
  return InvalidArgumentError("match function server: " + mistakes);
}

class Server final : public MatchFunctionServer,
                     private wire_openmatch::MatchFunction::WithRawCallbackMethod_Run<
                         wire_openmatch::MatchFunction::Service> {
 public:
  explicit Server(MatchFunctionServerOptions options)
      : options_(std::move(options)),
        registry_(std::make_shared<RunRegistry>(options_.max_concurrent_runs)) {}

  ~Server() override { Stop(); }

  Status Listen() {
    auto credentials = rpc::MakeServerCredentials(
        {.tls = options_.tls,
         .clients = options_.require_client_certificate ? rpc::ClientCertificates::kRequire
                    : options_.tls.ca_file.empty()      ? rpc::ClientCertificates::kNone
                                                        : rpc::ClientCertificates::kVerifyIfGiven,
         .log = options_.log,
         .metrics = options_.metrics});
    if (!credentials.ok()) return credentials.status().WithContext("match function server");
    credentials_ = std::move(credentials).value();
    grpc::EnableDefaultHealthCheckService(true);
    grpc::ServerBuilder builder;
    builder.AddListeningPort(options_.listen, credentials_, &port_);
    builder.SetMaxReceiveMessageSize(kMaxRequestBytes);
    builder.AddChannelArgument(GRPC_ARG_ALLOW_REUSEPORT, 0);  // a second one on the port must fail
    // Open Match's backend pings each 20 s, with or without calls (internal/rpc/clients.go); by
    // default gRPC closes such a connection, with the runs on it.
    builder.AddChannelArgument(GRPC_ARG_HTTP2_MIN_RECV_PING_INTERVAL_WITHOUT_DATA_MS, 10'000);
    builder.AddChannelArgument(GRPC_ARG_KEEPALIVE_PERMIT_WITHOUT_CALLS, 1);
    builder.RegisterService(this);
    server_ = builder.BuildAndStart();
    if (server_ == nullptr || port_ == 0) {
      return UnavailableError("match function server: cannot listen on " + options_.listen +
                              " (is the port taken?)");
    }
    return OkStatus();
  }

  int port() const override { return port_; }

  void Stop() override {
    std::lock_guard lock(stop_mutex_);
    if (server_ == nullptr) return;
    server_->GetHealthCheckService()->SetServingStatus(false);
    registry_->Close();
    if (!registry_->WaitUntilEmpty(options_.drain_timeout)) registry_->StopAll();
    server_->Shutdown(std::chrono::system_clock::now() + std::chrono::seconds(1));
    registry_->WaitUntilEmpty();
    server_.reset();
  }

 private:
  // Raw: proposals are serialised where they are made, on the runs' own threads.
  grpc::ServerWriteReactor<grpc::ByteBuffer>* Run(grpc::CallbackServerContext* /*context*/,
                                                  const grpc::ByteBuffer* request) override {
    return MatchFunctionRun::Start(options_, registry_, *request);
  }

  const MatchFunctionServerOptions options_;
  const std::shared_ptr<RunRegistry> registry_;
  std::shared_ptr<grpc::ServerCredentials> credentials_;
  int port_ = 0;
  std::mutex stop_mutex_;
  std::unique_ptr<grpc::Server> server_;
};

}  // namespace

StatusOr<std::unique_ptr<MatchFunctionServer>> StartMatchFunctionServer(
    MatchFunctionServerOptions options) {
  if (Status status = CheckOptions(options); !status.ok()) return status;
  auto server = std::make_unique<Server>(std::move(options));
  if (Status status = server->Listen(); !status.ok()) return status;
  return std::unique_ptr<MatchFunctionServer>(std::move(server));
}

}  // namespace gsh::openmatch
