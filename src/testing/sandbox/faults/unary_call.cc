#include "src/testing/sandbox/faults/unary_call.h"

#include <memory>
#include <mutex>
#include <string>
#include <utility>

#include "src/rpc/status_conversion.h"
#include "src/testing/sandbox/faults/suffer.h"

namespace gsh::sandbox {
namespace {

using When = SandboxFault::When;

// A call that may wait: its timers share it, and it finishes exactly once. While `handle` runs,
// which writes to the call's response, a cancellation only leaves a note.
class DelayedCall final : public grpc::ServerUnaryReactor,
                          public std::enable_shared_from_this<DelayedCall> {
 public:
  DelayedCall(FaultInjector& faults, Clock& clock, std::string_view method,
              std::function<grpc::Status()> handle)
      : faults_(faults), clock_(clock), method_(method), handle_(std::move(handle)) {}

  static DelayedCall* Start(const std::shared_ptr<DelayedCall>& call) {
    call->self_ = call;
    Suffer(call->faults_, call->clock_, call->method_, When::kBefore,
           [call](const Status& fault) { call->Run(fault); });
    return call.get();
  }

  void OnCancel() override {
    std::lock_guard lock(mutex_);
    cancelled_ = true;
    if (!handling_) End(grpc::Status::CANCELLED);
  }

  void OnDone() override {
    const std::shared_ptr<DelayedCall> last = std::move(self_);  // timers may hold others
  }

 private:
  void Run(const Status& fault) {
    {
      std::lock_guard lock(mutex_);
      if (ended_) return;  // cancelled while it waited: it never takes effect
      if (!fault.ok()) return End(rpc::ToGrpc(fault));
      handling_ = true;
    }
    const grpc::Status result = handle_();
    {
      std::lock_guard lock(mutex_);
      handling_ = false;
      if (cancelled_) return End(grpc::Status::CANCELLED);
    }
    Suffer(faults_, clock_, method_, When::kAfter,
           [call = shared_from_this(), result](const Status& after) {
             std::lock_guard lock(call->mutex_);
             call->End(after.ok() ? result : rpc::ToGrpc(after));
           });
  }

  void End(const grpc::Status& status) {  // with the lock; gRPC never calls back inline
    if (!std::exchange(ended_, true)) Finish(status);
  }

  FaultInjector& faults_;
  Clock& clock_;
  const std::string method_;
  const std::function<grpc::Status()> handle_;
  std::shared_ptr<DelayedCall> self_;  // until OnDone
  std::mutex mutex_;
  bool handling_ = false;
  bool cancelled_ = false;
  bool ended_ = false;
};

}  // namespace

grpc::ServerUnaryReactor* RunUnary(grpc::CallbackServerContext* context, FaultInjector& faults,
                                   Clock& clock, std::string_view method,
                                   std::function<grpc::Status()> handle) {
  if (!faults.armed()) {
    grpc::ServerUnaryReactor* reactor = context->DefaultReactor();
    reactor->Finish(handle());
    return reactor;
  }
  const auto call = std::make_shared<DelayedCall>(faults, clock, method, std::move(handle));
  return DelayedCall::Start(call);
}

}  // namespace gsh::sandbox
