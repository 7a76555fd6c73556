#include <utility>

#include "gsh/openmatch/evaluator.h"
#include "src/core/mistakes.h"
#include "src/openmatch/evaluator_run.h"
#include "src/openmatch/run_server.h"
#include "src/proto/openmatch.h"

namespace gsh::openmatch {
namespace {

Status CheckOptions(const EvaluatorServerOptions& options) {
  internal::Mistakes mistakes("evaluator server");
  mistakes.Check(options.listen.rfind(':') != std::string::npos, "listen must be host:port");
  mistakes.Check(options.function != nullptr, "function is missing");
  mistakes.Check(options.max_concurrent_runs >= 1, "max_concurrent_runs must be at least 1");
  return mistakes.ToStatus();
}

class Server final : public EvaluatorServer,
                     private wire_openmatch::Evaluator::WithRawCallbackMethod_Evaluate<
                         wire_openmatch::Evaluator::Service> {
 public:
  explicit Server(EvaluatorServerOptions options)
      : options_(std::move(options)),
        server_({.name = "evaluator server",
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
  // Raw: a proposal is counted before it is parsed.
  grpc::ServerBidiReactor<grpc::ByteBuffer, grpc::ByteBuffer>* Evaluate(
      grpc::CallbackServerContext* context) override {
    return EvaluatorRun::Start(options_, server_.registry(), context);
  }

  const EvaluatorServerOptions options_;
  RunServer server_;  // stops before what its runs use goes
};

}  // namespace

StatusOr<std::unique_ptr<EvaluatorServer>> StartEvaluatorServer(EvaluatorServerOptions options) {
  if (Status status = CheckOptions(options); !status.ok()) return status;
  auto server = std::make_unique<Server>(std::move(options));
  if (Status status = server->Listen(); !status.ok()) return status;
  return std::unique_ptr<EvaluatorServer>(std::move(server));
}

}  // namespace gsh::openmatch
