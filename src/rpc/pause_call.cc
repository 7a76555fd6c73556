#include "src/rpc/pause_call.h"

#include <utility>

namespace gsh::rpc {

void PauseCall::Start(Duration delay) {
  if (!Begin()) return;
  auto self = std::static_pointer_cast<PauseCall>(shared_from_this());
  // A clock may run the timer at once, on this thread: no lock is held.
  const Clock::TimerId id = core_->options.clock->RunAfter(delay, [self] {
    if (const Frame frame(self->core_->registry); frame) self->Finish(OkStatus());
  });
  bool over = false;
  {
    std::lock_guard lock(mutex_);
    timer_ = id;
    over = result_.has_value();  // stopped before the timer had its number
  }
  if (over) CancelTimer();
}

void PauseCall::OnStop() {
  Finish(Stopped());
  CancelTimer();
}

void PauseCall::Finish(Status result) {
  {
    std::lock_guard lock(mutex_);
    if (result_) return;
    result_ = std::move(result);
  }
  Post();
}

void PauseCall::OnExecutor() {
  const DoneCallback done = Claim();
  if (!done) return;
  Remove();
  done(*result_);
}

void PauseCall::Abandon() {
  const DoneCallback done = Claim();
  CancelTimer();
  if (done && RunsWhenAbandoned()) done(Abandoned());
}

void PauseCall::CancelTimer() {
  std::optional<Clock::TimerId> timer;
  {
    std::lock_guard lock(mutex_);
    timer = std::exchange(timer_, std::nullopt);
  }
  if (timer) core_->options.clock->Cancel(*timer);
}

}  // namespace gsh::rpc
