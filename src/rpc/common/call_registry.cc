#include "src/rpc/common/call_registry.h"

#include <utility>

namespace gsh::rpc {
namespace {

thread_local CallRegistry::Frame* innermost = nullptr;

}  // namespace

CallRegistry::Frame::Frame(CallRegistry& registry) : registry_(registry) {
  std::lock_guard lock(registry_.mutex_);
  if (registry_.closed_) return;
  ++registry_.frames_;
  outer_ = std::exchange(innermost, this);
  open_ = true;
}

CallRegistry::Frame::~Frame() {
  if (!open_) return;
  innermost = outer_;
  std::lock_guard lock(registry_.mutex_);
  --registry_.frames_;
  if (registry_.closed_) registry_.left_.notify_all();
}

bool CallRegistry::Add(std::shared_ptr<PendingCall> call) {
  std::lock_guard lock(mutex_);
  if (closed_) return false;
  PendingCall& added = *call;
  added.position_ = calls_.insert(calls_.end(), std::move(call));
  return true;
}

void CallRegistry::Remove(PendingCall& call) {
  std::shared_ptr<PendingCall> removed;  // dropped without the lock
  std::lock_guard lock(mutex_);
  if (closed_) return;
  removed = std::move(*call.position_);
  calls_.erase(call.position_);
}

void CallRegistry::Close() {
  std::list<std::shared_ptr<PendingCall>> calls;
  {
    std::lock_guard lock(mutex_);
    closed_ = true;
    calls.swap(calls_);
  }
  for (const auto& call : calls) call->Abandon();
  const int own = FramesOfThisThread();
  std::unique_lock lock(mutex_);
  left_.wait(lock, [&] { return frames_ <= own; });
}

int CallRegistry::FramesOfThisThread() const {
  int count = 0;
  for (const Frame* frame = innermost; frame != nullptr; frame = frame->outer_) {
    if (&frame->registry_ == this) ++count;
  }
  return count;
}

}  // namespace gsh::rpc
