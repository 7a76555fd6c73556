// AllocationQueue: gathers allocation requests and serves them together, as Agones does
// (agones: pkg/gameserverallocations/allocator.go).
#ifndef GSH_SRC_TESTING_SANDBOX_AGONES_ALLOCATION_QUEUE_H_
#define GSH_SRC_TESTING_SANDBOX_AGONES_ALLOCATION_QUEUE_H_

#include <chrono>
#include <functional>
#include <memory>

#include "gsh/clock.h"
#include "gsh/executor.h"
#include "gsh/rng.h"
#include "src/proto/agones.h"
#include "src/testing/sandbox/agones/cluster.h"
#include "src/testing/sandbox/agones/label_expressions.h"

namespace gsh::sandbox {

struct AllocationQueueOptions {
  // Agones looks into its queue this often; what has come by then is served in order. 0: at once.
  Duration batch_wait = std::chrono::milliseconds(500);
  Clock* clock = nullptr;                   // required
  Rng* rng = nullptr;                       // required
  std::shared_ptr<Executor> executor = {};  // where requests are served; null: a thread of its own
};

class AllocationQueue {
 public:
  using Request = std::shared_ptr<const wire_allocation::AllocationRequest>;
  using Expressions = std::shared_ptr<const SelectorExpressions>;  // null: none
  using Done = std::function<void(const grpc::Status&, wire_allocation::AllocationResponse)>;

  AllocationQueue(std::shared_ptr<Cluster> cluster, AllocationQueueOptions options);
  ~AllocationQueue();  // stops

  // `done` runs once, on the executor or, for requests that are refused, here. May be called from
  // several threads.
  void Submit(Request request, Done done, Expressions expressions = {});

  // What waits, and what still comes, ends with CANCELLED; a request that is being served is waited
  // for. Not from a `done`.
  void Stop();

 private:
  class Core;
  std::shared_ptr<Core> core_;
};

}  // namespace gsh::sandbox

#endif  // GSH_SRC_TESTING_SANDBOX_AGONES_ALLOCATION_QUEUE_H_
