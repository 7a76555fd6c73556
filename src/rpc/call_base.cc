#include "src/rpc/call_base.h"

#include <chrono>
#include <utility>

#include "src/rpc/deadline.h"

namespace gsh::rpc {

CallBase::CallBase(std::shared_ptr<ClientCore> core, CallOptions options, DoneCallback done)
    : core_(std::move(core)),
      executor_(options.executor ? options.executor : core_->options.executor),
      manual_(dynamic_cast<ManualExecutor*>(executor_.get()) != nullptr),
      started_(core_->options.clock->SteadyNow()),
      deadline_(DeadlineOf(core_->options, options, started_)),
      stop_(std::move(options.stop)),
      done_(std::move(done)) {}

bool CallBase::Begin() {
  if (!core_->registry.Add(shared_from_this())) {
    if (const DoneCallback done = Claim(); RunsWhenAbandoned()) done(Abandoned());
    return false;
  }
  if (!stop_.stop_possible()) return true;
  on_stop_.emplace(stop_, [weak = weak_from_this()] {
    const auto self = weak.lock();
    if (self == nullptr) return;
    if (const Frame frame(self->core_->registry); frame) self->OnStop();
  });
  return true;
}

std::optional<Duration> CallBase::Remaining() const {
  if (!deadline_) return std::nullopt;
  return *deadline_ - core_->options.clock->SteadyNow();
}

void CallBase::SetDeadline(grpc::ClientContext& context) const {
  // gRPC waits by the machine's clock, whatever clock measures the whole call.
  if (const auto remaining = Remaining()) {
    context.set_deadline(std::chrono::system_clock::now() +
                         std::chrono::duration_cast<WallTime::duration>(*remaining));
  }
}

void CallBase::Post() {
  executor_->Post([self = shared_from_this()] {
    if (const Frame frame(self->core_->registry); frame) self->OnExecutor();
  });
}

CallBase::DoneCallback CallBase::Claim() {
  std::lock_guard lock(mutex_);
  return std::exchange(done_, nullptr);
}

}  // namespace gsh::rpc
