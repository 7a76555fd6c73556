// PauseCall: a delay that ends like a call.
#ifndef GSH_SRC_RPC_COMMON_PAUSE_CALL_H_
#define GSH_SRC_RPC_COMMON_PAUSE_CALL_H_

#include <memory>
#include <optional>
#include <utility>

#include "src/rpc/common/call_base.h"

namespace gsh::rpc {

class PauseCall final : public CallBase {
 public:
  PauseCall(std::shared_ptr<ClientBase> base, CallOptions options, DoneCallback done)
      : CallBase(std::move(base), std::move(options), std::move(done)) {}

  void Start(Duration delay);
  void Abandon() override;

 private:
  void OnStop() override;
  void OnExecutor() override;
  void Finish(Status result);
  void CancelTimer();

  // Guarded by mutex_.
  bool started_ = false;  // the clock has the timer, and Start its number
  std::optional<Clock::TimerId> timer_;
  std::optional<Status> result_;  // the first one counts
};

}  // namespace gsh::rpc

#endif  // GSH_SRC_RPC_COMMON_PAUSE_CALL_H_
