#include "src/rpc/common/reconnect.h"

#include <algorithm>

#include "src/rpc/common/retry.h"

namespace gsh::rpc {

void Reconnect::Opened() { opened_ = options_.clock->SteadyNow(); }

Duration Reconnect::NextPause() {
  const bool held = options_.clock->SteadyNow() - opened_ > options_.retry.max_backoff;
  failures_ = held ? 1 : std::min(failures_, 1 << 20) + 1;
  return BackoffDelay(options_.retry, failures_, *options_.rng);
}

}  // namespace gsh::rpc
