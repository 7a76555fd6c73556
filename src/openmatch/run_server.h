// RunServer: what the servers for match functions and evaluators have in common.
#ifndef GSH_SRC_OPENMATCH_RUN_SERVER_H_
#define GSH_SRC_OPENMATCH_RUN_SERVER_H_

#include <grpcpp/grpcpp.h>

#include <functional>
#include <memory>
#include <mutex>
#include <string>
#include <utility>

#include "gsh/log.h"
#include "gsh/metrics.h"
#include "gsh/options.h"
#include "gsh/status.h"
#include "src/openmatch/run_registry.h"

namespace gsh::openmatch {

struct RunServerOptions {
  std::string name = {};  // in errors
  std::string listen = {};
  TlsOptions tls = {};
  bool require_client_certificate = false;
  int max_concurrent_runs = 1;
  Duration drain_timeout{0};
  LogSink* log = nullptr;
  MetricsSink* metrics = nullptr;
};

// One service, and grpc.health.v1.
class RunServer {
 public:
  explicit RunServer(RunServerOptions options)
      : options_(std::move(options)),
        registry_(std::make_shared<RunRegistry>(options_.max_concurrent_runs)) {}
  ~RunServer() { Stop(); }

  // `service` must outlive this.
  Status Listen(grpc::Service* service);
  int port() const { return port_; }
  const std::shared_ptr<RunRegistry>& registry() const { return registry_; }
  // Health turns to NOT_SERVING, new runs are refused, running ones end or are cancelled.
  void Stop();

 private:
  const RunServerOptions options_;
  const std::shared_ptr<RunRegistry> registry_;
  std::shared_ptr<grpc::ServerCredentials> credentials_;
  int port_ = 0;
  std::mutex stop_mutex_;
  std::unique_ptr<grpc::Server> server_;
};

// People's functions may throw; a run of theirs must not end the process. `what` is in the error.
Status WithoutExceptions(const std::string& what, const std::function<Status()>& function);

// Why a call is not run; OK: it is.
grpc::Status Refusal(RunRegistry::Admission admission, const std::string& what, int limit);

}  // namespace gsh::openmatch

#endif  // GSH_SRC_OPENMATCH_RUN_SERVER_H_
