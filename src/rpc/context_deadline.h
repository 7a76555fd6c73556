// A call's deadline, as gRPC takes it.
#ifndef GSH_SRC_RPC_CONTEXT_DEADLINE_H_
#define GSH_SRC_RPC_CONTEXT_DEADLINE_H_

#include <grpcpp/client_context.h>

#include <chrono>
#include <optional>

#include "gsh/clock.h"

namespace gsh::rpc {

// `remaining` empty: no limit. gRPC waits by the machine's clock, whatever clock measures the whole
// call.
inline void SetDeadline(grpc::ClientContext& context, std::optional<Duration> remaining) {
  if (!remaining) return;
  context.set_deadline(std::chrono::system_clock::now() +
                       std::chrono::duration_cast<WallTime::duration>(*remaining));
}

}  // namespace gsh::rpc

#endif  // GSH_SRC_RPC_CONTEXT_DEADLINE_H_
