// FaultInjector: the scripted errors and delays of a sandbox (SandboxFault), asked by every service
// of it.
#ifndef GSH_SRC_TESTING_SANDBOX_FAULTS_FAULT_INJECTOR_H_
#define GSH_SRC_TESTING_SANDBOX_FAULTS_FAULT_INJECTOR_H_

#include <atomic>
#include <cstddef>
#include <list>
#include <mutex>
#include <optional>
#include <string_view>

#include "gsh/clock.h"
#include "gsh/status.h"
#include "gsh/testing/sandbox.h"

namespace gsh::sandbox {

using testing::SandboxFault;

// What one call has to suffer: wait, then (unless OK) end with `status`.
struct InjectedFault {
  Status status = {};
  Duration delay{0};
};

// May be used from several threads. Without faults a question costs one atomic load.
class FaultInjector {
 public:
  // A fault with `times` 0 does nothing.
  void Inject(SandboxFault fault);
  void Clear();

  // What to do to this call of `method` ("CreateTicket") before or after it takes effect; uses the
  // oldest fault that fits up once.
  std::optional<InjectedFault> Next(std::string_view method, SandboxFault::When when);

  // False while no fault waits: a service may then take its short path.
  bool armed() const { return count_.load(std::memory_order_relaxed) != 0; }

 private:
  std::atomic<std::size_t> count_{0};  // faults_.size(), readable without the lock
  std::mutex mutex_;
  std::list<SandboxFault> faults_;
};

}  // namespace gsh::sandbox

#endif  // GSH_SRC_TESTING_SANDBOX_FAULTS_FAULT_INJECTOR_H_
