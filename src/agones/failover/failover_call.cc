#include "src/agones/failover/failover_call.h"

#include <algorithm>
#include <utility>

#include "gsh/agones/allocation_identity.h"

namespace gsh::agones {
namespace {

using Verdict = EndpointBoard::Verdict;

// The base class knows callbacks with a status alone.
std::function<void(Status)> WithAllocation(std::shared_ptr<std::optional<Allocation>> allocation,
                                           FailoverCall::Done done) {
  return [allocation = std::move(allocation), done = std::move(done)](Status status) {
    if (!status.ok()) return done(std::move(status));
    done(*std::move(*allocation));
  };
}

Verdict VerdictOf(Outcome outcome) {
  const bool failed = outcome == Outcome::kNotSent || outcome == Outcome::kUnclear;
  return failed ? Verdict::kFailed : Verdict::kAnswered;
}

}  // namespace

FailoverCall::FailoverCall(std::shared_ptr<FailoverCore> core, AllocationRequest request,
                           CallOptions options, Done done)
    : FailoverCall(core, std::move(request), std::move(options), std::move(done),
                   std::make_shared<std::optional<Allocation>>()) {}

FailoverCall::FailoverCall(std::shared_ptr<FailoverCore> core, AllocationRequest request,
                           CallOptions options, Done done, Result allocation)
    : CallBase(core, std::move(options), WithAllocation(allocation, std::move(done))),
      core_(*core),
      request_(std::move(request)),
      // Of several clusters that are chosen by weight, a repeat may reach another one.
      repeatable_(HasIdentity(request_) && !request_.multicluster),
      allocation_(std::move(allocation)),
      progress_(core_.targets.size(), {.repeatable = repeatable_,
                                       .separate_clusters = core_.failover.separate_clusters,
                                       .max_rounds = core_.options.retry.max_attempts}) {}

void FailoverCall::Start() {
  if (Begin()) TryNext();
}

void FailoverCall::TryNext() {
  const auto remaining = Remaining();
  if (remaining && *remaining <= Duration(0)) {
    return FinishFailed(DeadlineExceededError("no time was left to send the call"),
                        RetryStop::kDeadline);
  }
  const auto pick = core_.board.Choose(core_.options.clock->SteadyNow(), progress_.excluded());
  ++attempts_;
  auto self = std::static_pointer_cast<FailoverCall>(shared_from_this());
  core_.targets[pick->endpoint].allocator->AllocateAsync(
      request_, AttemptOptions(), [self, pick = *pick](StatusOr<Allocation> answer) {
        const Frame frame(self->base_->registry);
        if (frame) self->OnAnswer(pick, std::move(answer));
      });
}

CallOptions FailoverCall::AttemptOptions() const {
  // Longer than anybody waits, and yet not the inner client's own default.
  Duration timeout = Remaining().value_or(Duration::max());
  if (repeatable_ && core_.failover.attempt_timeout > Duration(0)) {
    timeout = std::min(timeout, core_.failover.attempt_timeout);
  }
  std::lock_guard lock(mutex_);
  return {.timeout = timeout, .stop = attempt_.get_token(), .executor = InlineExecutor()};
}

void FailoverCall::OnAnswer(const Pick& pick, StatusOr<Allocation> answer) {
  if (answer.ok()) {
    core_.Report(pick, Verdict::kAnswered, OkStatus());
    core_.budget.Refund();
    *allocation_ = *std::move(answer);
    return Finish(OkStatus());
  }
  const Status failure = answer.status();
  bool stopped = false;
  {
    std::lock_guard lock(mutex_);
    stopped = stopped_;
  }
  if (stopped) {
    core_.Report(pick, Verdict::kNone, failure);
    return FinishFailed(Stopped(), RetryStop::kCancelled);
  }
  const Outcome outcome = OutcomeOf(failure);
  core_.Report(pick, VerdictOf(outcome), failure);
  Continue(pick, failure, outcome);
}

void FailoverCall::Continue(const Pick& pick, const Status& failure, Outcome outcome) {
  if (outcome == Outcome::kUnclear) unclear_ = failure;
  if (outcome == Outcome::kNoServer) no_server_ = failure;
  const NextStep step = progress_.After(outcome, pick.endpoint);
  switch (step.kind) {
    case NextStep::Kind::kGiveUp:
      return FinishFailed(failure, step.stop);
    case NextStep::Kind::kTryNow:
      core_.CountFailover(pick);
      return TryNext();
    case NextStep::Kind::kTryAfterBackoff:
    case NextStep::Kind::kTryAfterUnclearPause:
      return Wait(step, failure);
  }
}

void FailoverCall::Wait(const NextStep& step, const Status& failure) {
  const bool unclear = step.kind == NextStep::Kind::kTryAfterUnclearPause;
  const Duration pause =
      unclear ? core_.failover.unclear_pause
              : rpc::BackoffDelay(core_.options.retry, progress_.round() - 1, *core_.options.rng);
  const auto remaining = Remaining();
  if (remaining && pause >= *remaining) return FinishFailed(failure, RetryStop::kDeadline);
  if (!core_.budget.Take()) return FinishFailed(failure, RetryStop::kBudget);
  const int attempt = attempts_;
  {
    std::lock_guard lock(mutex_);
    waiting_ = true;
    timer_.reset();
  }
  auto self = std::static_pointer_cast<FailoverCall>(shared_from_this());
  // A clock may run the timer at once, on this thread: no lock is held.
  const Clock::TimerId id = core_.options.clock->RunAfter(pause, [self] { self->OnTimer(); });
  bool stopped = false;
  {
    std::lock_guard lock(mutex_);
    if (!waiting_ || attempts_ != attempt) return;  // it has run
    timer_ = id;
    stopped = stopped_;
  }
  if (stopped && core_.options.clock->Cancel(id)) OnTimer();
}

void FailoverCall::OnTimer() {
  const Frame frame(base_->registry);
  if (!frame) return;
  bool stopped = false;
  {
    std::lock_guard lock(mutex_);
    waiting_ = false;
    timer_.reset();
    stopped = stopped_;
  }
  if (stopped) return FinishFailed(Stopped(), RetryStop::kCancelled);
  TryNext();
}

void FailoverCall::OnStop() {
  std::optional<Clock::TimerId> timer;
  std::stop_source attempt;
  {
    std::lock_guard lock(mutex_);
    stopped_ = true;
    attempt = attempt_;
    if (waiting_) timer = timer_;
  }
  attempt.request_stop();
  if (timer && core_.options.clock->Cancel(*timer)) OnTimer();
}

// What is told is what matters most to the caller: that a server may have been taken, else that
// there is none, else how the last attempt went.
void FailoverCall::FinishFailed(const Status& last, RetryStop stop) {
  const bool unclear = progress_.maybe_taken() && unclear_.has_value();
  const Status& told = stop == RetryStop::kCancelled ? last
                       : unclear                     ? *unclear_
                       : no_server_                  ? *no_server_
                                                     : last;
  ErrorInfo info = told.info() != nullptr ? *told.info() : ErrorInfo{};
  info.attempts = attempts_;
  info.elapsed = Elapsed();
  // "Exhausted" would say that surely nothing was taken.
  const bool hides = unclear && (stop == RetryStop::kExhausted || stop == RetryStop::kBudget);
  info.retry_stop = hides ? RetryStop::kNotIdempotent : stop;
  Finish(Status(told.code(), told.message(), std::move(info)));
}

void FailoverCall::Finish(Status result) {
  {
    std::lock_guard lock(mutex_);
    result_ = std::move(result);
  }
  Post();
}

void FailoverCall::OnExecutor() {
  const DoneCallback done = Claim();
  if (!done) return;
  Remove();
  done(*result_);
}

void FailoverCall::Abandon() {
  const DoneCallback done = Claim();
  if (!done) return;  // it runs on another thread, or below us on this one's stack
  std::optional<Clock::TimerId> timer;
  std::stop_source attempt;
  Status result = Abandoned();
  {
    std::lock_guard lock(mutex_);
    stopped_ = true;
    attempt = attempt_;
    timer = timer_;
    if (result_) result = *result_;
  }
  attempt.request_stop();
  if (timer) core_.options.clock->Cancel(*timer);
  if (RunsWhenAbandoned()) done(std::move(result));
}

}  // namespace gsh::agones
