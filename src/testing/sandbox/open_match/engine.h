// Engine: what the three Open Match services of a sandbox share.
#ifndef GSH_SRC_TESTING_SANDBOX_OPEN_MATCH_ENGINE_H_
#define GSH_SRC_TESTING_SANDBOX_OPEN_MATCH_ENGINE_H_

#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "gsh/clock.h"
#include "gsh/executor.h"
#include "gsh/log.h"
#include "src/testing/sandbox/faults/fault_injector.h"
#include "src/testing/sandbox/faults/unary_call.h"
#include "src/testing/sandbox/open_match/backfill_store.h"
#include "src/testing/sandbox/open_match/ticket_store.h"

namespace gsh::sandbox {

struct Engine {
  Clock& clock;
  FaultInjector& faults;
  LogSink* log;
  std::shared_ptr<TicketStore> tickets;
  std::shared_ptr<BackfillStore> backfills;
  std::shared_ptr<Executor> executor;  // for work that is too long for gRPC's own threads

  template <typename Handle>
  grpc::ServerUnaryReactor* Unary(grpc::CallbackServerContext* context, std::string_view method,
                                  Handle handle) const {
    return RunUnary(context, faults, clock, method, std::move(handle));
  }
};

inline grpc::Status InvalidArgument(std::string message) {
  return {grpc::StatusCode::INVALID_ARGUMENT, std::move(message)};
}

}  // namespace gsh::sandbox

#endif  // GSH_SRC_TESTING_SANDBOX_OPEN_MATCH_ENGINE_H_
