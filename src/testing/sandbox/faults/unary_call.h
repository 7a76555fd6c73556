// RunUnary: a unary RPC of the callback server API with the sandbox's faults around it.
#ifndef GSH_SRC_TESTING_SANDBOX_FAULTS_UNARY_CALL_H_
#define GSH_SRC_TESTING_SANDBOX_FAULTS_UNARY_CALL_H_

#include <grpcpp/grpcpp.h>

#include <functional>
#include <string_view>

#include "gsh/clock.h"
#include "gsh/status.h"
#include "src/testing/sandbox/faults/fault_injector.h"

namespace gsh::sandbox {

// Answers the call with what `handle` returns, which must not block; it fills the call's response.
// Faults of `method` run before and after it; their delays wait on `clock`, and a cancelled call
// does not wait for them. Both must outlive the server.
grpc::ServerUnaryReactor* RunUnary(grpc::CallbackServerContext* context, FaultInjector& faults,
                                   Clock& clock, std::string_view method,
                                   std::function<grpc::Status()> handle);

}  // namespace gsh::sandbox

#endif  // GSH_SRC_TESTING_SANDBOX_FAULTS_UNARY_CALL_H_
