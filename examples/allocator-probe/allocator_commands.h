// tls, allocate, multicluster, load.
#ifndef GSH_EXAMPLES_ALLOCATOR_PROBE_ALLOCATOR_COMMANDS_H_
#define GSH_EXAMPLES_ALLOCATOR_PROBE_ALLOCATOR_COMMANDS_H_

#include "examples/allocator-probe/flags.h"
#include "gsh/status.h"
#include "src/service/program.h"

namespace gsh::allocator_probe {

Status RunTls(service::Program& program, const Flags& flags);
Status RunAllocate(service::Program& program, const Flags& flags);
Status RunMulticluster(service::Program& program, const Flags& flags);
Status RunLoad(service::Program& program, const Flags& flags);

}  // namespace gsh::allocator_probe

#endif  // GSH_EXAMPLES_ALLOCATOR_PROBE_ALLOCATOR_COMMANDS_H_
