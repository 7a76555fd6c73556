// allocation.AllocationService over an AllocationQueue (agones: cmd/allocator/main.go).
#ifndef GSH_SRC_TESTING_SANDBOX_AGONES_ALLOCATION_SERVICE_H_
#define GSH_SRC_TESTING_SANDBOX_AGONES_ALLOCATION_SERVICE_H_

#include <memory>

#include "gsh/clock.h"
#include "src/proto/agones.h"
#include "src/testing/sandbox/agones/allocation_queue.h"
#include "src/testing/sandbox/faults/fault_injector.h"

namespace gsh::sandbox {

class AllocationService final : public wire_allocation::AllocationService::CallbackService {
 public:
  // Both references must outlive the server.
  AllocationService(std::shared_ptr<AllocationQueue> queue, FaultInjector& faults, Clock& clock)
      : queue_(std::move(queue)), faults_(faults), clock_(clock) {}

  // Ends the calls that wait; call it before the server's Shutdown.
  void Stop() { queue_->Stop(); }

 private:
  class Call;
  grpc::ServerUnaryReactor* Allocate(grpc::CallbackServerContext* context,
                                     const wire_allocation::AllocationRequest* request,
                                     wire_allocation::AllocationResponse* response) override;

  const std::shared_ptr<AllocationQueue> queue_;
  FaultInjector& faults_;
  Clock& clock_;
};

}  // namespace gsh::sandbox

#endif  // GSH_SRC_TESTING_SANDBOX_AGONES_ALLOCATION_SERVICE_H_
