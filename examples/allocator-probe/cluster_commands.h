// policy, trust, address, gameservers.
#ifndef GSH_EXAMPLES_ALLOCATOR_PROBE_CLUSTER_COMMANDS_H_
#define GSH_EXAMPLES_ALLOCATOR_PROBE_CLUSTER_COMMANDS_H_

#include "examples/allocator-probe/flags.h"
#include "gsh/status.h"
#include "src/service/program.h"

namespace gsh::allocator_probe {

Status RunPolicyApply(service::Program& program, const Flags& flags);
Status RunPolicyList(service::Program& program, const Flags& flags);
Status RunTrust(service::Program& program, const Flags& flags);
Status RunAddress(service::Program& program, const Flags& flags);
Status RunGameServers(service::Program& program, const Flags& flags);

}  // namespace gsh::allocator_probe

#endif  // GSH_EXAMPLES_ALLOCATOR_PROBE_CLUSTER_COMMANDS_H_
