#include "src/http/client/send_call.h"

#include <algorithm>
#include <string>
#include <string_view>
#include <utility>

namespace gsh::http {

using rpc::CallReport;
using rpc::FailedAttempt;
using rpc::Idempotency;
using rpc::RetryDecision;

SendCall::SendCall(std::shared_ptr<ClientCore> core, const rpc::Method& method,
                   ClientRequest request, std::shared_ptr<ClientResponse> response,
                   CallOptions options, DoneCallback done)
    : CallBase(core, std::move(options), std::move(done)),
      core_(std::move(core)),
      method_(method),
      request_(std::move(request)),
      response_(std::move(response)) {}

void SendCall::Start() {
  if (!Begin()) return;
  const Status checked = CheckRequest(request_);
  if (!checked.ok()) return FinishFailed(checked, RetryStop::kPermanent);
  StartAttempt();
}

void SendCall::StartAttempt() {
  bool stopped = false;
  {
    std::lock_guard lock(mutex_);
    stopped = stopped_;
  }
  if (stopped) return FinishFailed(Stopped(), RetryStop::kCancelled);
  if (const auto remaining = Remaining(); remaining && *remaining <= Duration(0)) {
    return FinishFailed(DeadlineExceededError("no time was left to send the call"),
                        RetryStop::kDeadline);
  }
  answer_ = {};
  if (request_.hooks == nullptr && !core_->traits.prepare) return Transmit(OkStatus(), request_);
  Prepare();
}

void SendCall::Prepare() {
  EnterFor(Phase::kPreparing, Remaining(), [self = Self()] {
    self->FinishFailed(
        DeadlineExceededError(
            "what the request must carry (credentials, a token) did not come in time"),
        RetryStop::kDeadline);
  });
  auto prepared = std::make_shared<ClientRequest>(request_);
  auto done = [self = Self(), prepared](const Status& status) {
    const Frame frame(self->core_->registry);
    if (!frame || !self->Leave(Phase::kPreparing)) return;
    self->peer_ = prepared->endpoint;
    self->Transmit(status, *prepared);
  };
  if (request_.hooks != nullptr) return request_.hooks->Prepare(prepared, std::move(done));
  core_->traits.prepare(prepared, std::move(done));
}

void SendCall::Transmit(const Status& prepared, const ClientRequest& request) {
  const Status checked = prepared.ok() ? CheckRequest(request) : prepared;
  if (!checked.ok()) {
    {
      std::lock_guard lock(mutex_);
      ++attempts_;
    }
    return OnFailure(checked, true);
  }
  const bool repeatable = method_.idempotency == Idempotency::kIdempotent;
  auto transfer = std::make_shared<Transfer>(core_->ToTransfer(request, repeatable, AttemptTime()),
                                             std::shared_ptr<TransferHandler>(Self(), this));
  bool stopped = false;
  {
    std::lock_guard lock(mutex_);
    ++attempts_;
    stopped = stopped_;
    if (!stopped) transfer_ = transfer;
  }
  if (stopped) return FinishFailed(Stopped(), RetryStop::kCancelled);
  core_->loop->Add(std::move(transfer));
}

std::optional<Duration> SendCall::AttemptTime() const {
  const Duration most = request_.attempt_timeout > Duration(0) ? request_.attempt_timeout
                                                               : core_->traits.attempt_timeout;
  const std::optional<Duration> remaining = Remaining();
  if (most <= Duration(0)) return remaining;
  return std::min(remaining.value_or(most), most);
}

TransferHandler::Body SendCall::OnBody(std::string_view bytes) {
  const Frame frame(core_->registry);
  if (!frame) return Body::kTooLarge;
  std::string& body = answer_.body;
  if (bytes.size() > core_->options.max_message_bytes - body.size()) return Body::kTooLarge;
  body.append(bytes);
  return Body::kTaken;
}

void SendCall::OnEnd(const TransferEnd& end, ClientResponse head) {
  const Frame frame(core_->registry);
  if (!frame) return;
  {
    std::lock_guard lock(mutex_);
    transfer_.reset();
  }
  head.body = std::move(answer_.body);
  answer_ = std::move(head);
  const Status status = end.code == CURLE_OK ? StatusOfAnswer() : StatusOfEnd(end);
  if (!status.ok()) return OnFailure(status, !end.sent);
  core_->Refund(taken_);
  Finish(OkStatus());
}

Status SendCall::StatusOfAnswer() const {
  return request_.hooks != nullptr ? request_.hooks->StatusOf(answer_) : core_->StatusOf(answer_);
}

void SendCall::OnFailure(const Status& status, bool never_sent) {
  FailedAttempt failed;
  bool stopped = false;
  {
    std::lock_guard lock(mutex_);
    stopped = stopped_;
    failed.attempts = attempts_;
  }
  if (stopped) return FinishFailed(Stopped(), RetryStop::kCancelled);
  failed.push_back = PushBackOf(answer_, core_->options.clock->Now());
  if (failed.push_back) {
    // Everybody who was refused in the same second would else be back in the same moment.
    failed.push_back->delay +=
        rpc::BackoffDelay(core_->options.retry, failed.attempts, *core_->options.rng);
  }
  failed.may_repeat =
      method_.idempotency == Idempotency::kIdempotent || never_sent || core_->DidNotHappen(status);
  failed.remaining = Remaining();
  if (request_.hooks != nullptr) request_.hooks->OnFailure(status, answer_, failed);
  const RetryDecision decision = core_->Decide(status, failed);
  if (!decision.delay) return FinishFailed(status, decision.stop);
  taken_ = decision.taken;
  ReportRetry(*core_, status, Report(RetryStop::kNone), *decision.delay);
  EnterFor(Phase::kWaiting, *decision.delay, [self = Self()] { self->StartAttempt(); });
}

void SendCall::EnterFor(Phase phase, std::optional<Duration> delay, std::function<void()> fn) {
  {
    std::lock_guard lock(mutex_);
    phase_ = phase;
    timer_.reset();
  }
  std::optional<Clock::TimerId> id;
  if (delay) {
    // A clock may run the timer at once, on this thread: no lock is held.
    id = core_->options.clock->RunAfter(*delay, [self = Self(), phase, fn = std::move(fn)] {
      const Frame frame(self->core_->registry);
      if (frame && self->Leave(phase)) fn();
    });
  }
  bool stopped = false;
  {
    std::lock_guard lock(mutex_);
    if (phase_ == phase) timer_ = id;
    stopped = stopped_;
  }
  // OnStop came before there was a phase to leave.
  if (stopped && Leave(phase)) FinishFailed(Stopped(), RetryStop::kCancelled);
}

bool SendCall::Leave(Phase phase) {
  std::optional<Clock::TimerId> timer;
  {
    std::lock_guard lock(mutex_);
    if (phase_ != phase) return false;
    phase_ = Phase::kIdle;
    timer = std::exchange(timer_, std::nullopt);
  }
  if (timer) core_->options.clock->Cancel(*timer);
  return true;
}

void SendCall::OnStop() {
  std::shared_ptr<Transfer> transfer;
  {
    std::lock_guard lock(mutex_);
    stopped_ = true;
    transfer = transfer_;
  }
  if (transfer != nullptr) return core_->loop->Cancel(std::move(transfer));
  if (Leave(Phase::kPreparing) || Leave(Phase::kWaiting)) {
    FinishFailed(Stopped(), RetryStop::kCancelled);
  }
}

void SendCall::FinishFailed(const Status& status, RetryStop stop) {
  Finish(Describe(*core_, status, Report(stop)));
}

CallReport SendCall::Report(RetryStop stop) const {
  std::lock_guard lock(mutex_);
  return {
      .method = method_, .attempts = attempts_, .elapsed = Elapsed(), .stop = stop, .peer = peer_};
}

void SendCall::Finish(Status result) {
  ReportCall(*core_, result, Report(result.ok() ? RetryStop::kNone : result.info()->retry_stop));
  {
    std::lock_guard lock(mutex_);
    if (result_) return;
    result_ = std::move(result);
  }
  Post();
}

void SendCall::OnExecutor() {
  const DoneCallback done = Claim();
  if (!done) return;
  Remove();
  *response_ = std::move(answer_);
  done(*result_);
}

void SendCall::Abandon() {
  const DoneCallback done = Claim();
  if (!done) return;  // it runs on another thread, or below us on this one's stack
  std::optional<Clock::TimerId> timer;
  std::shared_ptr<Transfer> transfer;
  Status result = Abandoned();
  {
    std::lock_guard lock(mutex_);
    stopped_ = true;
    transfer = transfer_;
    timer = timer_;
    if (result_) {
      result = *result_;
      *response_ = std::move(answer_);
    }
  }
  if (transfer != nullptr) core_->loop->Cancel(std::move(transfer));
  if (timer) core_->options.clock->Cancel(*timer);
  if (RunsWhenAbandoned()) done(std::move(result));
}

}  // namespace gsh::http
