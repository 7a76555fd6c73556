// allocation.AllocationService over a Router (agones: cmd/allocator/main.go).
#ifndef GSH_SRC_TESTING_SANDBOX_AGONES_ALLOCATION_SERVICE_H_
#define GSH_SRC_TESTING_SANDBOX_AGONES_ALLOCATION_SERVICE_H_

#include "gsh/clock.h"
#include "src/proto/agones.h"
#include "src/testing/sandbox/agones/multicluster/router.h"
#include "src/testing/sandbox/faults/fault_injector.h"

namespace gsh::sandbox {

class AllocationService final : public wire_allocation::AllocationService::CallbackService {
 public:
  // All must outlive the server. Stop the router before the server's Shutdown: that ends the calls
  // that wait.
  AllocationService(Router& router, FaultInjector& faults, Clock& clock)
      : router_(router), faults_(faults), clock_(clock) {}

 private:
  class Call;
  grpc::ServerUnaryReactor* Allocate(grpc::CallbackServerContext* context,
                                     const wire_allocation::AllocationRequest* request,
                                     wire_allocation::AllocationResponse* response) override;

  Router& router_;
  FaultInjector& faults_;
  Clock& clock_;
};

}  // namespace gsh::sandbox

#endif  // GSH_SRC_TESTING_SANDBOX_AGONES_ALLOCATION_SERVICE_H_
