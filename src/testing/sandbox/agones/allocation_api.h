// AllocationApi: allocation.agones.dev/v1 as an aggregated API server, to which a Kubernetes API
// server forwards by an APIService (agones: pkg/gameserverallocations/controller.go,
// pkg/util/apiserver/apiserver.go).
#ifndef GSH_SRC_TESTING_SANDBOX_AGONES_ALLOCATION_API_H_
#define GSH_SRC_TESTING_SANDBOX_AGONES_ALLOCATION_API_H_

#include <memory>

#include "src/http/server.h"
#include "src/testing/sandbox/agones/allocation_rest.h"

namespace gsh::sandbox {

// Serves discovery and POST .../namespaces/NS/gameserverallocations. As Agones', it believes
// whoever reaches it: the Kubernetes API server has checked the caller's rights.
class AllocationApi {
 public:
  // options.tls.ca_file is not looked at. `router` and `faults` must outlive it.
  static StatusOr<std::unique_ptr<AllocationApi>> Start(AllocationRestOptions options,
                                                        Router& router, FaultInjector& faults);
  virtual ~AllocationApi() = default;  // waits for answers: stop the router first

  virtual int port() const = 0;
  // A request that somebody else has received. Must not block, and does not.
  virtual void Handle(const http::Request& request, http::Respond respond) = 0;
};

}  // namespace gsh::sandbox

#endif  // GSH_SRC_TESTING_SANDBOX_AGONES_ALLOCATION_API_H_
