#include <utility>

#include "gsh/openmatch/match_function.h"
#include "src/core/mistakes.h"
#include "src/openmatch/match_function_run.h"
#include "src/openmatch/run_server.h"
#include "src/proto/openmatch.h"

namespace gsh::openmatch {
namespace {

Status CheckOptions(const MatchFunctionServerOptions& options) {
  internal::Mistakes mistakes("match function server");
  mistakes.Check(options.listen.rfind(':') != std::string::npos, "listen must be host:port");
  mistakes.Check(options.query != nullptr, "query is missing");
  mistakes.Check(options.function != nullptr, "function is missing");
  mistakes.Check(options.max_concurrent_runs >= 1, "max_concurrent_runs must be at least 1");
  mistakes.Check(options.query_timeout > Duration(0), "query_timeout must be positive");
  return mistakes.ToStatus();
}

class Server final : public MatchFunctionServer,
                     private wire_openmatch::MatchFunction::WithRawCallbackMethod_Run<
                         wire_openmatch::MatchFunction::Service> {
 public:
  explicit Server(MatchFunctionServerOptions options)
      : options_(std::move(options)),
        server_({.name = "match function server",
                 .listen = options_.listen,
                 .tls = options_.tls,
                 .require_client_certificate = options_.require_client_certificate,
                 .max_concurrent_runs = options_.max_concurrent_runs,
                 .drain_timeout = options_.drain_timeout,
                 .log = options_.log,
                 .metrics = options_.metrics}) {}

  Status Listen() { return server_.Listen(this); }
  int port() const override { return server_.port(); }
  void Stop() override { server_.Stop(); }

 private:
  // Raw: proposals are serialised where they are made, on the runs' own threads.
  grpc::ServerWriteReactor<grpc::ByteBuffer>* Run(grpc::CallbackServerContext* /*context*/,
                                                  const grpc::ByteBuffer* request) override {
    return MatchFunctionRun::Start(options_, server_.registry(), *request);
  }

  const MatchFunctionServerOptions options_;
  RunServer server_;  // stops before what its runs use goes
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
