// CallBase: what every kind of call does the same way: deadline, the caller's stop token, the
// callback that runs exactly once.
#ifndef GSH_SRC_RPC_COMMON_CALL_BASE_H_
#define GSH_SRC_RPC_COMMON_CALL_BASE_H_

#include <functional>
#include <memory>
#include <mutex>
#include <optional>
#include <stop_token>

#include "gsh/options.h"
#include "gsh/status.h"
#include "src/rpc/common/client_base.h"

namespace gsh::rpc {

class CallBase : public PendingCall, public std::enable_shared_from_this<CallBase> {
 protected:
  using DoneCallback = std::function<void(Status)>;
  using Frame = CallRegistry::Frame;

  CallBase(std::shared_ptr<ClientBase> base, CallOptions options, DoneCallback done);

  // Called once by each kind's Start: registers the call and listens to the stop token. False if
  // the client is going; `done` has run then.
  bool Begin();

  // The caller gave up. Runs on the thread that asked, in a frame.
  virtual void OnStop() = 0;

  Duration Elapsed() const { return base_->options.clock->SteadyNow() - started_; }
  // Of the whole call; empty: no limit.
  std::optional<Duration> Remaining() const;

  // Runs OnExecutor on the call's executor, in a frame, or not at all if the client has gone.
  void Post();
  virtual void OnExecutor() = 0;

  // Takes the callback: whoever gets it runs it. Empty if somebody else has.
  DoneCallback Claim();
  // False for a ManualExecutor: callbacks that have not run when the client goes are destroyed.
  bool RunsWhenAbandoned() const { return !manual_; }
  void Remove() { base_->registry.Remove(*this); }

  static Status Abandoned() { return CancelledError("the client was destroyed"); }
  static Status Stopped() { return CancelledError("the caller gave up"); }

  const std::shared_ptr<ClientBase> base_;
  mutable std::mutex mutex_;  // guards what derived classes say it does, and done_

 private:
  const std::shared_ptr<Executor> executor_;
  const bool manual_;
  const SteadyTime started_;
  const std::optional<SteadyTime> deadline_;
  const std::stop_token stop_;
  DoneCallback done_;
  std::optional<std::stop_callback<std::function<void()>>> on_stop_;
};

}  // namespace gsh::rpc

#endif  // GSH_SRC_RPC_COMMON_CALL_BASE_H_
