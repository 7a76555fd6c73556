#include "src/rpc/stream_call.h"

#include <grpcpp/impl/codegen/proto_utils.h>
#include <grpcpp/impl/rpc_method.h>

#include <utility>

namespace gsh::rpc {

StreamCall::StreamCall(std::shared_ptr<ClientCore> core, const Method& method,
                       std::shared_ptr<const Message> request, NewMessage new_message,
                       OnElement on_element, CallOptions options, DoneCallback done)
    : CallBase(std::move(core), std::move(options), std::move(done)),
      method_(method),
      path_(method.Path()),
      request_(std::move(request)),
      new_message_(std::move(new_message)),
      on_element_(std::move(on_element)) {}

void StreamCall::Start() {
  SetDeadline(context_);
  if (!Begin()) return;
  const std::shared_ptr<grpc::Channel> channel = core_->channels->Get();
  until_done_ = shared_from_this();
  const grpc::internal::RpcMethod method(path_.c_str(), /*suffix_for_stats=*/nullptr,
                                         grpc::internal::RpcMethod::SERVER_STREAMING);
  grpc::internal::ClientCallbackReaderFactory<Message>::Create<Message>(
      channel.get(), method, &context_, request_.get(), this);
  AddHold();  // reads are begun by the pump, too
  Read();
  StartCall();
}

void StreamCall::Read() {
  reading_ = new_message_();
  StartRead(reading_.get());
}

void StreamCall::OnReadDone(bool ok) {
  bool read_on = false;
  bool end = !ok;
  {
    std::lock_guard lock(mutex_);
    if (cancelled_) {
      end = true;
    } else if (ok) {
      queue_.push_back(std::move(reading_));
      paused_ = queue_.size() >= kReadAhead;
      read_on = !paused_;
    }
  }
  if (end) return RemoveHold();  // no read will follow
  SchedulePump();
  if (read_on) Read();
}

void StreamCall::OnDone(const grpc::Status& status) {
  const auto self = std::move(until_done_);
  const Frame frame(core_->registry);
  if (!frame) return;
  if (status.ok()) core_->budget.Refund();
  RetryStop stop = RetryStop::kNone;
  Status result = ResultOf(status, &stop);
  const CallReport report{.method = method_, .attempts = 1, .elapsed = Elapsed(), .stop = stop};
  if (!result.ok()) result = Describe(*core_, result, report);
  ReportCall(*core_, result, report);
  {
    std::lock_guard lock(mutex_);
    result_ = std::move(result);
  }
  SchedulePump();
}

Status StreamCall::ResultOf(const grpc::Status& status, RetryStop* stop) const {
  std::lock_guard lock(mutex_);
  if (refused_ || status.ok()) return OkStatus();
  if (stopped_) {
    *stop = RetryStop::kCancelled;
    return Stopped();
  }
  return core_->MapStatus(status);
}

void StreamCall::SchedulePump() {
  {
    std::lock_guard lock(mutex_);
    if (std::exchange(pumping_, true)) return;  // the one that runs looks again before it ends
  }
  if (const Frame frame(core_->registry); frame) Post();
}

void StreamCall::OnExecutor() {
  for (;;) {
    std::shared_ptr<Message> element;
    std::optional<Status> result;
    bool resume = false;
    {
      std::lock_guard lock(mutex_);
      if (cancelled_) queue_.clear();
      if (queue_.empty()) {
        pumping_ = false;
        result = result_;
      } else {
        element = std::move(queue_.front());
        queue_.pop_front();
        in_element_ = true;
        resume = std::exchange(paused_, false);
      }
    }
    if (result) return RunDone(*std::move(result));
    if (element == nullptr) return;
    if (resume) Read();
    if (!GiveElement(*element)) return;
  }
}

// False when the client was destroyed meanwhile.
bool StreamCall::GiveElement(Message& element) {
  const bool more = on_element_(element);
  bool abandoned = false;
  {
    std::lock_guard lock(mutex_);
    in_element_ = false;
    abandoned = abandoned_;
    refused_ = refused_ || !more;
  }
  if (abandoned) {
    const DoneCallback done = Claim();
    if (done && RunsWhenAbandoned()) done(Abandoned());
    return false;
  }
  if (!more) Cancel();
  return true;
}

void StreamCall::RunDone(Status result) {
  const DoneCallback done = Claim();
  if (!done) return;
  Remove();
  done(std::move(result));
}

void StreamCall::Cancel() {
  bool was_paused = false;
  {
    std::lock_guard lock(mutex_);
    if (std::exchange(cancelled_, true)) return;
    was_paused = std::exchange(paused_, false);
  }
  context_.TryCancel();
  if (was_paused) RemoveHold();
}

void StreamCall::OnStop() {
  {
    std::lock_guard lock(mutex_);
    stopped_ = true;
  }
  Cancel();
}

void StreamCall::Abandon() {
  bool busy = false;
  Status result = Abandoned();
  {
    std::lock_guard lock(mutex_);
    abandoned_ = true;
    busy = in_element_;
    if (result_ && queue_.empty()) result = *result_;
  }
  Cancel();
  if (busy) return;  // the pump goes on when on_element returns
  const DoneCallback done = Claim();
  if (done && RunsWhenAbandoned()) done(std::move(result));
}

}  // namespace gsh::rpc
