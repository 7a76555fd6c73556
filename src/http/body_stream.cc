#include "src/http/body_stream.h"

#include <utility>

namespace gsh::http {

bool BodyStream::Write(std::string piece) {
  std::lock_guard lock(mutex_);
  if (gone_ || waiting_.ended) return false;
  if (waiting_.pieces.size() + piece.size() > kMaxWaiting) {
    waiting_.broken = true;
  } else {
    waiting_.pieces += piece;
  }
  Wake();
  return !waiting_.broken;
}

void BodyStream::End() {
  std::lock_guard lock(mutex_);
  waiting_.ended = true;
  Wake();
}

void BodyStream::Break() {
  std::lock_guard lock(mutex_);
  waiting_.broken = true;
  Wake();
}

void BodyStream::Attach(std::function<void()> wake) {
  std::lock_guard lock(mutex_);
  wake_ = std::move(wake);
}

BodyStream::Taken BodyStream::Take() {
  std::lock_guard lock(mutex_);
  Taken taken = waiting_;
  waiting_.pieces.clear();
  return taken;
}

void BodyStream::Detach() {
  std::lock_guard lock(mutex_);
  gone_ = true;
  wake_ = nullptr;
}

void BodyStream::Wake() {
  if (wake_) wake_();
}

}  // namespace gsh::http
