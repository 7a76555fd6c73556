#include "gsh/clock.h"

#include <condition_variable>
#include <map>
#include <memory>
#include <mutex>
#include <thread>
#include <utility>

namespace gsh {

bool Clock::SleepFor(Duration delay, std::stop_token stop) {
  // Shared, because a timer that lost the race against `stop` may still run after this returned.
  struct Shared {
    std::mutex mutex;
    std::condition_variable wake;
    bool elapsed = false;
    bool stopped = false;
  };
  auto shared = std::make_shared<Shared>();
  const auto finish = [shared](bool Shared::* flag) {
    std::lock_guard lock(shared->mutex);
    (*shared).*flag = true;
    shared->wake.notify_all();
  };
  std::stop_callback on_stop(stop, [finish] { finish(&Shared::stopped); });
  const TimerId timer = RunAfter(delay, [finish] { finish(&Shared::elapsed); });
  std::unique_lock lock(shared->mutex);
  shared->wake.wait(lock, [&] { return shared->elapsed || shared->stopped; });
  const bool elapsed = shared->elapsed;
  lock.unlock();
  if (!elapsed) Cancel(timer);
  return elapsed;
}

namespace {

class RealClock final : public Clock {
 public:
  WallTime Now() const override { return std::chrono::system_clock::now(); }
  SteadyTime SteadyNow() const override { return std::chrono::steady_clock::now(); }

  TimerId RunAt(SteadyTime when, std::function<void()> fn) override {
    std::lock_guard lock(mutex_);
    if (!started_) {
      started_ = true;
      std::thread([this] { Run(); }).detach();
    }
    const TimerId id = next_id_++;
    const bool first = timers_.empty() || when < timers_.begin()->first.first;
    timers_.emplace(std::pair(when, id), std::move(fn));
    due_.emplace(id, when);
    if (first) wake_.notify_one();
    return id;
  }

  bool Cancel(TimerId id) override {
    std::function<void()> dropped;  // destroyed after the lock is let go
    std::lock_guard lock(mutex_);
    const auto due = due_.find(id);
    if (due == due_.end()) return false;
    const auto timer = timers_.find({due->second, id});
    dropped = std::move(timer->second);
    timers_.erase(timer);
    due_.erase(due);
    return true;
  }

 private:
  void Run() {
    std::unique_lock lock(mutex_);
    for (;;) {
      if (timers_.empty()) {
        wake_.wait(lock);
        continue;
      }
      const auto next = timers_.begin();
      const SteadyTime when = next->first.first;  // a copy: the timer may be cancelled meanwhile
      if (when > SteadyNow()) {
        wake_.wait_until(lock, when);
        continue;
      }
      auto fn = std::move(next->second);
      due_.erase(next->first.second);
      timers_.erase(next);
      lock.unlock();
      fn();
      fn = nullptr;
      lock.lock();
    }
  }

  std::mutex mutex_;
  std::condition_variable wake_;
  bool started_ = false;
  TimerId next_id_ = 1;
  std::map<std::pair<SteadyTime, TimerId>, std::function<void()>> timers_;
  std::map<TimerId, SteadyTime> due_;
};

}  // namespace

Clock& SystemClock() {
  static Clock& clock = *new RealClock;  // lives as long as its thread
  return clock;
}

}  // namespace gsh
