#include "src/rpc/common/call_base.h"

#include <utility>

#include "src/rpc/common/deadline.h"

namespace gsh::rpc {

CallBase::CallBase(std::shared_ptr<ClientBase> base, CallOptions options, DoneCallback done)
    : base_(std::move(base)),
      executor_(options.executor ? options.executor : base_->options.executor),
      manual_(dynamic_cast<ManualExecutor*>(executor_.get()) != nullptr),
      started_(base_->options.clock->SteadyNow()),
      deadline_(DeadlineOf(base_->options, options, started_)),
      stop_(std::move(options.stop)),
      done_(std::move(done)) {}

bool CallBase::Begin() {
  if (!base_->registry.Add(shared_from_this())) {
    if (const DoneCallback done = Claim(); RunsWhenAbandoned()) done(Abandoned());
    return false;
  }
  if (!stop_.stop_possible()) return true;
  on_stop_.emplace(stop_, [weak = weak_from_this()] {
    const auto self = weak.lock();
    if (self == nullptr) return;
    if (const Frame frame(self->base_->registry); frame) self->OnStop();
  });
  return true;
}

std::optional<Duration> CallBase::Remaining() const {
  if (!deadline_) return std::nullopt;
  return *deadline_ - base_->options.clock->SteadyNow();
}

void CallBase::Post() {
  executor_->Post([self = shared_from_this()] {
    if (const Frame frame(self->base_->registry); frame) self->OnExecutor();
  });
}

CallBase::DoneCallback CallBase::Claim() {
  std::lock_guard lock(mutex_);
  return std::exchange(done_, nullptr);
}

}  // namespace gsh::rpc
