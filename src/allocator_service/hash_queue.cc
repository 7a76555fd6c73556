#include "src/allocator_service/hash_queue.h"

#include <utility>

namespace gsh::allocator_service {

HashQueue::HashQueue(std::size_t places) : places_(places), thread_([this] { Run(); }) {}

HashQueue::~HashQueue() {
  {
    std::lock_guard lock(mutex_);
    stopping_ = true;
  }
  changed_.notify_one();
  thread_.join();
}

bool HashQueue::Push(Job job) {
  {
    std::lock_guard lock(mutex_);
    if (line_.size() >= places_) return false;
    line_.push_back(std::move(job));
  }
  changed_.notify_one();
  return true;
}

std::size_t HashQueue::waiting() const {
  std::lock_guard lock(mutex_);
  return line_.size();
}

void HashQueue::Run() {
  PasswordChecker checker;
  std::unique_lock lock(mutex_);
  for (;;) {
    changed_.wait(lock, [this] { return stopping_ || !line_.empty(); });
    if (line_.empty()) return;
    const Job job = std::move(line_.front());
    line_.pop_front();
    lock.unlock();
    job(checker);
    lock.lock();
  }
}

}  // namespace gsh::allocator_service
