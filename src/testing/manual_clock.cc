#include "gsh/testing/manual_clock.h"

namespace gsh::testing {
namespace {

constexpr WallTime kStart{std::chrono::seconds(1767225600)};  // 2026-01-01T00:00:00Z
// Far from zero, so that code which subtracts from "now" does not meet the epoch.
constexpr SteadyTime kSteadyStart{std::chrono::hours(1000)};

}  // namespace

WallTime ManualClock::Now() const {
  std::lock_guard lock(mutex_);
  return kStart + std::chrono::duration_cast<WallTime::duration>(elapsed_);
}

SteadyTime ManualClock::SteadyNow() const {
  std::lock_guard lock(mutex_);
  return kSteadyStart + elapsed_;
}

Clock::TimerId ManualClock::RunAt(SteadyTime when, std::function<void()> fn) {
  std::unique_lock lock(mutex_);
  const TimerId id = next_id_++;
  if (when <= kSteadyStart + elapsed_) {  // due already: nobody need move the time for it
    lock.unlock();
    fn();
    return id;
  }
  timers_.emplace(std::pair(when, id), std::move(fn));
  added_.notify_all();
  return id;
}

bool ManualClock::Cancel(TimerId id) {
  std::function<void()> dropped;  // destroyed without the lock
  std::lock_guard lock(mutex_);
  for (auto timer = timers_.begin(); timer != timers_.end(); ++timer) {
    if (timer->first.second != id) continue;
    dropped = std::move(timer->second);
    timers_.erase(timer);
    return true;
  }
  return false;
}

void ManualClock::Advance(Duration by) {
  std::unique_lock lock(mutex_);
  const SteadyTime target = kSteadyStart + elapsed_ + by;
  while (!timers_.empty() && timers_.begin()->first.first <= target) {
    elapsed_ = timers_.begin()->first.first - kSteadyStart;
    auto fn = std::move(timers_.begin()->second);
    timers_.erase(timers_.begin());
    lock.unlock();
    fn();
    fn = nullptr;
    lock.lock();
  }
  if (target - kSteadyStart > elapsed_) elapsed_ = target - kSteadyStart;
}

bool ManualClock::AdvanceToNext() {
  Duration by;
  {
    std::lock_guard lock(mutex_);
    if (timers_.empty()) return false;
    by = timers_.begin()->first.first - (kSteadyStart + elapsed_);
  }
  Advance(by);
  return true;
}

void ManualClock::WaitForTimers(std::size_t count) {
  std::unique_lock lock(mutex_);
  added_.wait(lock, [&] { return timers_.size() >= count; });
}

std::size_t ManualClock::pending() const {
  std::lock_guard lock(mutex_);
  return timers_.size();
}

}  // namespace gsh::testing
