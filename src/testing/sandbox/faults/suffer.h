// Suffer: lets a call suffer its next scripted fault.
#ifndef GSH_SRC_TESTING_SANDBOX_FAULTS_SUFFER_H_
#define GSH_SRC_TESTING_SANDBOX_FAULTS_SUFFER_H_

#include <functional>
#include <string_view>

#include "gsh/clock.h"
#include "gsh/status.h"
#include "src/testing/sandbox/faults/fault_injector.h"

namespace gsh::sandbox {

// Calls `next` with the fault's status after its delay on `clock`, or with OK at once if there is
// no fault. Only `next` keeps the call alive meanwhile.
void Suffer(FaultInjector& faults, Clock& clock, std::string_view method, SandboxFault::When when,
            std::function<void(const Status&)> next);

}  // namespace gsh::sandbox

#endif  // GSH_SRC_TESTING_SANDBOX_FAULTS_SUFFER_H_
