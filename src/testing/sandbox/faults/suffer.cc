#include "src/testing/sandbox/faults/suffer.h"

#include <optional>
#include <utility>

namespace gsh::sandbox {

void Suffer(FaultInjector& faults, Clock& clock, std::string_view method, SandboxFault::When when,
            std::function<void(const Status&)> next) {
  const std::optional<InjectedFault> fault = faults.Next(method, when);
  if (!fault) return next(OkStatus());
  if (fault->delay <= Duration::zero()) return next(fault->status);
  clock.RunAfter(fault->delay, [next = std::move(next), status = fault->status] { next(status); });
}

}  // namespace gsh::sandbox
