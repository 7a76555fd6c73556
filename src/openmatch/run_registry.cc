#include "src/openmatch/run_registry.h"

#include <algorithm>
#include <chrono>
#include <utility>

namespace gsh::openmatch {

RunRegistry::Admission RunRegistry::Enter(std::stop_source stop) {
  std::lock_guard lock(mutex_);
  if (closed_) return Admission::kClosed;
  if (running_.size() >= static_cast<std::size_t>(limit_)) return Admission::kFull;
  running_.push_back(std::move(stop));
  return Admission::kAdmitted;
}

void RunRegistry::Leave(const std::stop_source& stop) {
  std::lock_guard lock(mutex_);
  running_.erase(std::find(running_.begin(), running_.end(), stop));
  changed_.notify_all();
}

void RunRegistry::Close() {
  std::lock_guard lock(mutex_);
  closed_ = true;
}

bool RunRegistry::WaitUntilEmpty(Duration timeout) {
  std::unique_lock lock(mutex_);
  const Duration limit = std::min<Duration>(timeout, std::chrono::hours(24 * 365));  // no overflow
  return changed_.wait_for(lock, limit, [&] { return running_.empty(); });
}

void RunRegistry::WaitUntilEmpty() {
  std::unique_lock lock(mutex_);
  changed_.wait(lock, [&] { return running_.empty(); });
}

void RunRegistry::StopAll() {
  std::deque<std::stop_source> running;
  {
    std::lock_guard lock(mutex_);
    running = running_;
  }
  for (std::stop_source& stop : running) stop.request_stop();  // runs callbacks: not under the lock
}

}  // namespace gsh::openmatch
