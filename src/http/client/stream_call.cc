#include "src/http/client/stream_call.h"

#include <utility>

namespace gsh::http {

StreamCall::StreamCall(std::shared_ptr<ClientCore> core, const rpc::Method& method,
                       ClientRequest request, std::shared_ptr<ClientResponse> response,
                       OnChunk on_chunk, CallOptions options, DoneCallback done)
    : PumpedCall(core, method, std::move(options), std::move(done)),
      core_(std::move(core)),
      request_(std::move(request)),
      response_(std::move(response)),
      on_chunk_(std::move(on_chunk)) {}

void StreamCall::Start() {
  if (!Begin()) return;
  {
    std::lock_guard lock(mutex_);
    preparing_ = true;
  }
  const auto prepared = std::make_shared<ClientRequest>(std::move(request_));
  const auto transmit = [self = Self(), prepared](Status status) {
    const Frame frame(self->core_->registry);
    if (frame) self->Transmit(status, std::move(*prepared));
  };
  if (!core_->traits.prepare) return transmit(OkStatus());
  core_->traits.prepare(prepared, transmit);
}

void StreamCall::Transmit(const Status& prepared, ClientRequest request) {
  {
    std::lock_guard lock(mutex_);
    if (!std::exchange(preparing_, false)) return;  // stopped meanwhile
  }
  const Status checked = prepared.ok() ? CheckRequest(request) : prepared;
  if (!checked.ok()) return End(checked, RetryStop::kPermanent);
  const auto remaining = Remaining();
  if (remaining && *remaining <= Duration(0)) {
    return End(DeadlineExceededError("no time was left to send the call"), RetryStop::kDeadline);
  }
  auto transfer = std::make_shared<Transfer>(
      core_->ToTransfer(std::move(request), method_.idempotency == rpc::Idempotency::kIdempotent,
                        remaining),
      std::shared_ptr<TransferHandler>(Self(), this));
  bool stopped = false;
  {
    std::lock_guard lock(mutex_);
    transfer_ = transfer;
    stopped = cancelled_;
  }
  core_->loop->Add(transfer);
  if (stopped) core_->loop->Cancel(std::move(transfer));
}

void StreamCall::OnHead(const ClientResponse& head) {
  {
    std::lock_guard lock(mutex_);
    streaming_ = head.code >= 200 && head.code < 300;
    answer_ = head;
    fresh_ = true;
    if (streaming_) queue_.emplace_back();  // the news that the headers are there
  }
  SchedulePump();
}

TransferHandler::Body StreamCall::OnBody(std::string_view bytes) {
  {
    std::lock_guard lock(mutex_);
    if (cancelled_) return Body::kTaken;
    if (!streaming_) {
      if (bytes.size() > core_->options.max_message_bytes - answer_.body.size()) {
        return Body::kTooLarge;
      }
      answer_.body.append(bytes);
      return Body::kTaken;
    }
    if (queued_bytes_ >= kReadAheadBytes) {
      paused_ = true;
      return Body::kPause;
    }
    queue_.emplace_back(bytes);
    queued_bytes_ += bytes.size();
  }
  SchedulePump();
  return Body::kTaken;
}

void StreamCall::OnEnd(const TransferEnd& end, ClientResponse) {
  const Frame frame(core_->registry);
  if (!frame) return;
  RetryStop stop = RetryStop::kNone;
  Status result = ResultOf(end, &stop);
  if (result.ok()) core_->budget.Refund();
  End(std::move(result), stop);
}

Status StreamCall::ResultOf(const TransferEnd& end, RetryStop* stop) {
  std::lock_guard lock(mutex_);
  transfer_.reset();
  if (refused_) return OkStatus();
  if (stopped_) {
    *stop = RetryStop::kCancelled;
    return Stopped();
  }
  return end.code == CURLE_OK ? core_->StatusOf(answer_) : StatusOfEnd(end);
}

void StreamCall::OnTaken(const std::string* chunk) {
  if (chunk != nullptr) queued_bytes_ -= chunk->size();
  if (std::exchange(fresh_, false)) *response_ = answer_;
}

void StreamCall::Resume() {
  std::shared_ptr<Transfer> transfer;
  {
    std::lock_guard lock(mutex_);
    transfer = transfer_;
  }
  if (transfer != nullptr) core_->loop->Resume(std::move(transfer));
}

void StreamCall::CancelTransport(std::unique_lock<std::mutex> lock) {
  std::shared_ptr<Transfer> transfer = transfer_;
  lock.unlock();
  if (transfer != nullptr) core_->loop->Cancel(std::move(transfer));
}

void StreamCall::OnStop() {
  bool preparing = false;
  {
    std::lock_guard lock(mutex_);
    stopped_ = true;
    preparing = std::exchange(preparing_, false);
  }
  if (preparing) return End(Stopped(), RetryStop::kCancelled);
  Cancel();
}

}  // namespace gsh::http
