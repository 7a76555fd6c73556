// Router: gives allocation requests to this cluster's queue, or to the clusters that its policies
// name (agones: pkg/gameserverallocations/allocator.go, applyMultiClusterAllocation).
#ifndef GSH_SRC_TESTING_SANDBOX_AGONES_MULTICLUSTER_ROUTER_H_
#define GSH_SRC_TESTING_SANDBOX_AGONES_MULTICLUSTER_ROUTER_H_

#include <condition_variable>
#include <functional>
#include <memory>
#include <mutex>
#include <stop_token>

#include "gsh/clock.h"
#include "gsh/rng.h"
#include "src/proto/agones.h"
#include "src/testing/sandbox/agones/allocation_queue.h"
#include "src/testing/sandbox/agones/multicluster/policy_files.h"

namespace gsh::sandbox {

struct RouterOptions {
  Clock* clock = nullptr;  // required
  Rng* rng = nullptr;      // required
  bool insecure = false;   // other clusters' allocators are plaintext
};

// May be used from several threads.
class Router {
 public:
  using Request = AllocationQueue::Request;
  using Done = AllocationQueue::Done;
  using Expressions = AllocationQueue::Expressions;

  Router(std::unique_ptr<AllocationQueue> queue, std::unique_ptr<PolicyFiles> policies,
         RouterOptions options);
  ~Router();  // stops

  // `done` runs once, here or on any thread. Other clusters do not get the expressions: as with
  // Agones, whose message has no place for them.
  void Submit(Request request, Done done, Expressions expressions = {});

  // What waits, and what still comes, ends with CANCELLED. Not from a `done`.
  void Stop();

 private:
  class Run;
  void Forward(const Request& request, Done done, Expressions expressions);

  const RouterOptions options_;
  const std::unique_ptr<AllocationQueue> queue_;
  const std::unique_ptr<PolicyFiles> policies_;
  std::stop_source stop_;
  std::mutex mutex_;
  std::condition_variable idle_;
  int runs_ = 0;
};

}  // namespace gsh::sandbox

#endif  // GSH_SRC_TESTING_SANDBOX_AGONES_MULTICLUSTER_ROUTER_H_
