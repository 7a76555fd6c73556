#include "src/testing/sandbox/agones/allocation_service.h"

#include <functional>
#include <memory>
#include <mutex>
#include <utility>

#include "src/rpc/status_conversion.h"
#include "src/testing/sandbox/faults/suffer.h"
#include "src/testing/sandbox/faults/unary_call.h"

namespace gsh::sandbox {

// One call. It lives until gRPC is done with it and nothing that waits for it is left.
class AllocationService::Call final : public grpc::ServerUnaryReactor {
 public:
  using Response = wire_allocation::AllocationResponse;

  Call(AllocationService& service, const wire_allocation::AllocationRequest& request,
       Response* response)
      : service_(service), request_(request), response_(response) {}

  static Call* Start(std::shared_ptr<Call> call) {
    Call* reactor = call.get();
    reactor->self_ = call;
    Suffer(call, SandboxFault::When::kBefore, [call](const Status& injected) {
      if (!injected.ok()) return call->End(rpc::ToGrpc(injected), {});
      call->Submit(call);
    });
    return reactor;
  }

 private:
  static void Suffer(const std::shared_ptr<Call>& call, SandboxFault::When when,
                     std::function<void(const Status&)> next) {
    sandbox::Suffer(call->service_.faults_, call->service_.clock_, "Allocate", when,
                    std::move(next));
  }

  void Submit(const std::shared_ptr<Call>& call) {
    {
      std::lock_guard lock(mutex_);
      if (ended_) return;  // cancelled while it waited: it never took effect
    }
    // The request is copied: a call that its client gives up still allocates, as in Agones.
    auto request = std::make_shared<const wire_allocation::AllocationRequest>(request_);
    service_.router_.Submit(
        std::move(request), [call](const grpc::Status& status, Response answer) {
          Suffer(call, SandboxFault::When::kAfter,
                 [call, status, answer = std::move(answer)](const Status& injected) {
                   call->End(injected.ok() ? status : rpc::ToGrpc(injected), answer);
                 });
        });
  }

  void End(const grpc::Status& status, const Response& answer) {
    std::lock_guard lock(mutex_);
    if (std::exchange(ended_, true)) return;
    if (status.ok()) *response_ = answer;
    Finish(status);
  }

  void OnCancel() override { End(grpc::Status::CANCELLED, {}); }
  void OnDone() override { const std::shared_ptr<Call> last = std::move(self_); }

  AllocationService& service_;
  const wire_allocation::AllocationRequest& request_;  // gRPC's, until the call is finished
  Response* const response_;                           // likewise
  std::shared_ptr<Call> self_;                         // until OnDone
  std::mutex mutex_;
  bool ended_ = false;
};

grpc::ServerUnaryReactor* AllocationService::Allocate(
    grpc::CallbackServerContext*, const wire_allocation::AllocationRequest* request,
    wire_allocation::AllocationResponse* response) {
  return Call::Start(std::make_shared<Call>(*this, *request, response));
}

}  // namespace gsh::sandbox
