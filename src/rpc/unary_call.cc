#include "src/rpc/unary_call.h"

#include <grpcpp/impl/codegen/proto_utils.h>
#include <grpcpp/impl/rpc_method.h>
#include <grpcpp/support/client_callback.h>

#include <string_view>
#include <utility>

#include "src/rpc/context_deadline.h"

namespace gsh::rpc {
namespace {

using google::protobuf::MessageLite;

std::optional<PushBack> PushBackOf(const grpc::ClientContext& context) {
  const auto& metadata = context.GetServerTrailingMetadata();
  const auto found = metadata.find("grpc-retry-pushback-ms");
  if (found == metadata.end()) return std::nullopt;
  return ParsePushBack(std::string_view(found->second.data(), found->second.size()));
}

}  // namespace

UnaryCall::UnaryCall(std::shared_ptr<ClientCore> core, const Method& method,
                     std::shared_ptr<const MessageLite> request,
                     std::shared_ptr<MessageLite> response, CallOptions options, DoneCallback done)
    : CallBase(core, std::move(options), std::move(done)),
      core_(std::move(core)),
      method_(method),
      path_(method.Path()),
      request_(std::move(request)),
      response_(std::move(response)) {}

void UnaryCall::Start() {
  if (Begin()) StartAttempt();
}

void UnaryCall::StartAttempt() {
  const std::shared_ptr<grpc::Channel> channel = core_->channels->Get();
  {
    std::lock_guard lock(mutex_);
    context_.emplace();
    SetDeadline(*context_, Remaining());
    const auto remaining = Remaining();
    expired_ = remaining && *remaining <= Duration(0);
    if (stopped_ || expired_) {
      context_->TryCancel();  // nothing is sent; the callback still comes from gRPC's thread
    } else if (attempts_++ > 0) {
      response_->Clear();
    }
  }
  const grpc::internal::RpcMethod method(path_.c_str(), /*suffix_for_stats=*/nullptr,
                                         grpc::internal::RpcMethod::NORMAL_RPC);
  auto self = std::static_pointer_cast<UnaryCall>(shared_from_this());
  grpc::internal::CallbackUnaryCall<MessageLite, MessageLite>(
      channel.get(), method, &*context_, request_.get(), response_.get(),
      [self = std::move(self)](const grpc::Status& status) { self->OnAttemptDone(status); });
}

void UnaryCall::OnAttemptDone(const grpc::Status& status) {
  const Frame frame(core_->registry);
  if (!frame) return;
  if (status.ok()) {
    core_->budget.Refund();
    Finish(OkStatus());
    return;
  }
  const Status mapped = core_->MapStatus(status);
  FailedAttempt failed;
  bool stopped = false;
  bool expired = false;
  {
    std::lock_guard lock(mutex_);
    stopped = stopped_;
    expired = expired_;
    failed.attempts = attempts_;
    failed.push_back = PushBackOf(*context_);
    failed.may_repeat = method_.idempotency == Idempotency::kIdempotent || NeverSent(status) ||
                        core_->DidNotHappen(mapped);
  }
  if (stopped) return FinishFailed(Stopped(), RetryStop::kCancelled);
  if (expired) {
    return FinishFailed(DeadlineExceededError("no time was left to send the call"),
                        RetryStop::kDeadline);
  }
  failed.remaining = Remaining();
  const RetryDecision decision = core_->Decide(mapped, failed);
  if (!decision.delay) return FinishFailed(mapped, decision.stop);
  ReportRetry(*core_, mapped, Report(RetryStop::kNone), *decision.delay);
  WaitForRetry(*decision.delay, failed.attempts);
}

// gRPC puts a transport's address ("ipv4:10.0.0.1:50504") into the call when it hands it to one,
// and before that answers with the target's name ("dns:///..."). Only Unavailable counts: a call
// that ran into its deadline while it waited for a connection is not worth a repeat anyway.
// (Streams that a server refused unseen are repeated by gRPC itself.)
bool UnaryCall::NeverSent(const grpc::Status& status) const {
  if (static_cast<int>(status.error_code()) != static_cast<int>(StatusCode::kUnavailable)) {
    return false;
  }
  const std::string peer = context_->peer();
  return peer.starts_with("dns:") || peer == core_->channels->target();
}

void UnaryCall::WaitForRetry(Duration delay, int attempt) {
  {
    std::lock_guard lock(mutex_);
    waiting_ = true;
    timer_.reset();
  }
  auto self = std::static_pointer_cast<UnaryCall>(shared_from_this());
  // A clock may run the timer at once, on this thread: no lock is held.
  const Clock::TimerId id = core_->options.clock->RunAfter(delay, [self] { self->OnTimer(); });
  bool stopped = false;
  {
    std::lock_guard lock(mutex_);
    if (!waiting_ || attempts_ != attempt) return;  // it has run
    timer_ = id;
    stopped = stopped_;
  }
  if (stopped && core_->options.clock->Cancel(id)) OnTimer();
}

void UnaryCall::OnTimer() {
  const Frame frame(core_->registry);
  if (!frame) return;
  bool stopped = false;
  {
    std::lock_guard lock(mutex_);
    waiting_ = false;
    timer_.reset();
    stopped = stopped_;
  }
  if (stopped) return FinishFailed(Stopped(), RetryStop::kCancelled);
  StartAttempt();
}

void UnaryCall::OnStop() {
  std::optional<Clock::TimerId> timer;
  {
    std::lock_guard lock(mutex_);
    stopped_ = true;
    if (context_) context_->TryCancel();
    if (waiting_) timer = timer_;
  }
  if (timer && core_->options.clock->Cancel(*timer)) OnTimer();
}

void UnaryCall::FinishFailed(const Status& status, RetryStop stop) {
  Finish(Describe(*core_, status, Report(stop)));
}

CallReport UnaryCall::Report(RetryStop stop) const {
  std::lock_guard lock(mutex_);
  return {.method = method_, .attempts = attempts_, .elapsed = Elapsed(), .stop = stop};
}

void UnaryCall::Finish(Status result) {
  ReportCall(*core_, result, Report(result.ok() ? RetryStop::kNone : result.info()->retry_stop));
  {
    std::lock_guard lock(mutex_);
    result_ = std::move(result);
  }
  Post();
}

void UnaryCall::OnExecutor() {
  const DoneCallback done = Claim();
  if (!done) return;
  Remove();
  done(*result_);
}

void UnaryCall::Abandon() {
  const DoneCallback done = Claim();
  if (!done) return;  // it runs on another thread, or below us on this one's stack
  std::optional<Clock::TimerId> timer;
  Status result = Abandoned();
  {
    std::lock_guard lock(mutex_);
    stopped_ = true;  // an attempt that begins at this moment on another thread
    if (context_) context_->TryCancel();
    timer = timer_;
    if (result_) result = *result_;
  }
  if (timer) core_->options.clock->Cancel(*timer);
  if (RunsWhenAbandoned()) done(std::move(result));
}

}  // namespace gsh::rpc
