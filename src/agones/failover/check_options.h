// What is wrong with options, each mistake by name.
#ifndef GSH_SRC_AGONES_FAILOVER_CHECK_OPTIONS_H_
#define GSH_SRC_AGONES_FAILOVER_CHECK_OPTIONS_H_

#include "gsh/agones/failover_options.h"
#include "gsh/export.h"
#include "gsh/status.h"

namespace gsh::agones {

GSH_EXPORT Status CheckFailoverOptions(const FailoverOptions& options);

}  // namespace gsh::agones

#endif  // GSH_SRC_AGONES_FAILOVER_CHECK_OPTIONS_H_
