#include "src/rpc/common/pause_call.h"

#include <utility>

namespace gsh::rpc {

void PauseCall::Start(Duration delay) {
  if (!Begin()) return;
  auto self = std::static_pointer_cast<PauseCall>(shared_from_this());
  // A clock may run the timer at once, on this thread: no lock is held.
  const Clock::TimerId id = base_->options.clock->RunAfter(delay, [self] {
    if (const Frame frame(self->base_->registry); frame) self->Finish(OkStatus());
  });
  {
    std::lock_guard lock(mutex_);
    started_ = true;
    if (!result_) {
      timer_ = id;
      return;
    }
  }
  base_->options.clock->Cancel(id);
  Post();
}

void PauseCall::OnStop() { Finish(Stopped()); }

// The timer is gone before anybody hears of the end; while Start does not know it yet, the rest is
// left to Start.
void PauseCall::Finish(Status result) {
  std::optional<Clock::TimerId> timer;
  {
    std::lock_guard lock(mutex_);
    if (result_) return;
    result_ = std::move(result);
    if (!started_) return;
    timer = std::exchange(timer_, std::nullopt);
  }
  if (timer) base_->options.clock->Cancel(*timer);
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
  if (timer) base_->options.clock->Cancel(*timer);
}

}  // namespace gsh::rpc
