#include "src/testing/sandbox/faults/fault_injector.h"

#include <utility>

namespace gsh::sandbox {

void FaultInjector::Inject(SandboxFault fault) {
  if (fault.times == 0) return;
  std::lock_guard lock(mutex_);
  faults_.push_back(std::move(fault));
  count_.store(faults_.size(), std::memory_order_relaxed);
}

void FaultInjector::Clear() {
  std::lock_guard lock(mutex_);
  faults_.clear();
  count_.store(0, std::memory_order_relaxed);
}

std::optional<InjectedFault> FaultInjector::Next(std::string_view method, SandboxFault::When when) {
  if (!armed()) return std::nullopt;
  std::lock_guard lock(mutex_);
  for (auto fault = faults_.begin(); fault != faults_.end(); ++fault) {
    if (fault->when != when || (!fault->method.empty() && fault->method != method)) continue;
    InjectedFault next{fault->status, fault->delay};
    if (fault->times > 0 && --fault->times == 0) {
      faults_.erase(fault);
      count_.store(faults_.size(), std::memory_order_relaxed);
    }
    return next;
  }
  return std::nullopt;
}

}  // namespace gsh::sandbox
