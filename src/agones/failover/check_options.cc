#include "src/agones/failover/check_options.h"

#include "src/core/mistakes.h"

namespace gsh::agones {

Status CheckFailoverOptions(const FailoverOptions& options) {
  internal::Mistakes mistakes;
  mistakes.Check(options.failure_threshold >= 1, "failure_threshold must be at least 1");
  mistakes.Check(options.open_time >= Duration(0), "open_time is negative");
  mistakes.Check(options.max_open_time >= options.open_time,
                 "max_open_time is less than open_time");
  mistakes.Check(options.latency_memory > Duration(0), "latency_memory must be positive");
  mistakes.Check(options.attempt_timeout >= Duration(0), "attempt_timeout is negative");
  mistakes.Check(options.unclear_pause >= Duration(0), "unclear_pause is negative");
  return mistakes.ToStatus();
}

}  // namespace gsh::agones
