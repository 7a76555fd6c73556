#include "src/rpc/stream_call.h"

#include <grpcpp/impl/codegen/proto_utils.h>
#include <grpcpp/impl/rpc_method.h>

#include <utility>

#include "src/rpc/context_deadline.h"

namespace gsh::rpc {

StreamCall::StreamCall(std::shared_ptr<ClientCore> core, const Method& method,
                       std::shared_ptr<const Message> request, NewMessage new_message,
                       OnElement on_element, CallOptions options, DoneCallback done)
    : PumpedCall(core, method, std::move(options), std::move(done)),
      core_(std::move(core)),
      path_(method.Path()),
      request_(std::move(request)),
      new_message_(std::move(new_message)),
      on_element_(std::move(on_element)) {}

void StreamCall::Start() {
  SetDeadline(context_, Remaining());
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
  End(std::move(result), stop);
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

void StreamCall::CancelTransport(std::unique_lock<std::mutex> lock) {
  const bool was_paused = std::exchange(paused_, false);
  lock.unlock();
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

}  // namespace gsh::rpc
