// AllocationRest: the allocator's REST side, POST /gameserverallocation (agones:
// cmd/allocator/main.go, runREST; grpc-gateway's error handler).
#ifndef GSH_SRC_TESTING_SANDBOX_AGONES_ALLOCATION_REST_H_
#define GSH_SRC_TESTING_SANDBOX_AGONES_ALLOCATION_REST_H_

#include <memory>
#include <string>

#include "gsh/clock.h"
#include "gsh/log.h"
#include "gsh/options.h"
#include "gsh/status.h"
#include "src/testing/sandbox/agones/multicluster/router.h"
#include "src/testing/sandbox/faults/fault_injector.h"

namespace gsh::sandbox {

struct AllocationRestOptions {
  std::string bind = "127.0.0.1";
  TlsOptions tls = {};     // cert_file, key_file; ca_file: whose clients it believes; or insecure
  Clock* clock = nullptr;  // required
  LogSink* log = nullptr;
};

class AllocationRest {
 public:
  // `router` and `faults` must outlive it.
  static StatusOr<std::unique_ptr<AllocationRest>> Start(AllocationRestOptions options,
                                                         Router& router, FaultInjector& faults);
  virtual ~AllocationRest() = default;  // waits for answers: stop the router first

  virtual int port() const = 0;
};

}  // namespace gsh::sandbox

#endif  // GSH_SRC_TESTING_SANDBOX_AGONES_ALLOCATION_REST_H_
