// OpenMatch: the sandbox's Open Match: frontend, backend and query service on real sockets over one
// store in memory.
#ifndef GSH_SRC_TESTING_SANDBOX_OPEN_MATCH_OPEN_MATCH_H_
#define GSH_SRC_TESTING_SANDBOX_OPEN_MATCH_OPEN_MATCH_H_

#include <grpcpp/grpcpp.h>

#include <cstddef>
#include <memory>
#include <string>

#include "gsh/clock.h"
#include "gsh/log.h"
#include "gsh/rng.h"
#include "gsh/status.h"
#include "gsh/testing/sandbox.h"
#include "src/testing/sandbox/faults/fault_injector.h"

namespace gsh::sandbox {

struct OpenMatchServerOptions {
  std::string bind = "127.0.0.1";  // each service takes a free port
  std::shared_ptr<grpc::ServerCredentials> server_credentials = {};  // required
  // Of the backend's channels to match functions, and further arguments of these (a TLS name, say).
  std::shared_ptr<grpc::ChannelCredentials> mmf_credentials = {};  // required
  grpc::ChannelArguments mmf_channel_arguments = {};
  std::string evaluator = {};  // "host:port", called as match functions are; empty: the default one
  testing::OpenMatchTimers timers = {};
  FaultInjector* faults = nullptr;  // required; must outlive the engine
  Clock* clock = nullptr;           // SystemClock(); must outlive the engine
  Rng* rng = nullptr;               // SystemRng(); must outlive the engine
  LogSink* log = nullptr;           // nowhere; must outlive the engine
};

struct OpenMatchEndpoints {  // "host:port"
  std::string frontend = {};
  std::string backend = {};
  std::string query = {};
};

class OpenMatch {
 public:
  // InvalidArgument: something required is missing. Unavailable: cannot listen on `bind`.
  static StatusOr<std::unique_ptr<OpenMatch>> Start(OpenMatchServerOptions options);
  virtual ~OpenMatch() = default;  // stops

  virtual const OpenMatchEndpoints& endpoints() const = 0;
  virtual std::size_t ticket_count() const = 0;  // that exist, assigned ones included
  // Cancels every call and waits until none is left; the destructor does so too.
  virtual void Stop() = 0;
};

}  // namespace gsh::sandbox

#endif  // GSH_SRC_TESTING_SANDBOX_OPEN_MATCH_OPEN_MATCH_H_
