#include "src/aws/credentials/credentials_call.h"

#include "src/rpc/common/deadline.h"

namespace gsh::aws {

CredentialsCall::CredentialsCall(std::shared_ptr<CredentialsCore> core, CallOptions options,
                                 CredentialsProvider::Callback done,
                                 const std::shared_ptr<std::optional<Result>>& result)
    : CallBase(core, std::move(options),
               [result, done = std::move(done)](const Status& status) {
                 done(status.ok() ? *std::move(*result) : Result(status));
               }),
      core_(std::move(core)),
      result_(result) {}

void CredentialsCall::Start() {
  if (!Begin()) return;
  auto self = std::static_pointer_cast<CredentialsCall>(shared_from_this());
  if (std::optional<Result> result = core_->Ask(self)) return Finish(*std::move(result));
  WatchDeadline();
}

void CredentialsCall::WatchDeadline() {
  const std::optional<Duration> remaining = Remaining();
  if (!remaining) return;
  const auto id = base_->options.clock->RunAfter(
      *remaining, [self = std::static_pointer_cast<CredentialsCall>(shared_from_this())] {
        const Frame frame(self->base_->registry);
        if (!frame) return;
        self->core_->Forget(*self);
        self->Finish(Status(StatusCode::kDeadlineExceeded, "the source of credentials is slow"));
      });
  {
    std::lock_guard lock(mutex_);
    if (!result_->has_value()) {
      timer_ = id;
      return;
    }
  }
  base_->options.clock->Cancel(id);
}

void CredentialsCall::Finish(Result result) {
  {
    std::lock_guard lock(mutex_);
    if (result_->has_value()) return;
    result_->emplace(std::move(result));
  }
  CancelTimer();
  Post();
}

void CredentialsCall::OnStop() {
  core_->Forget(*this);
  Finish(Stopped());
}

void CredentialsCall::OnExecutor() {
  const DoneCallback done = Claim();
  if (!done) return;
  Remove();
  done(OkStatus());
}

void CredentialsCall::Abandon() {
  const DoneCallback done = Claim();
  CancelTimer();
  if (done && RunsWhenAbandoned()) done(Abandoned());
}

void CredentialsCall::CancelTimer() {
  std::optional<Clock::TimerId> timer;
  {
    std::lock_guard lock(mutex_);
    timer = std::exchange(timer_, std::nullopt);
  }
  if (timer) base_->options.clock->Cancel(*timer);
}

}  // namespace gsh::aws
