// Turns: runs functions on an executor, one at a time and in order.
#ifndef GSH_SRC_KUBERNETES_TURNS_H_
#define GSH_SRC_KUBERNETES_TURNS_H_

#include <condition_variable>
#include <deque>
#include <functional>
#include <memory>
#include <mutex>
#include <utility>

#include "gsh/executor.h"

namespace gsh::kubernetes {

class Turns : public std::enable_shared_from_this<Turns> {
 public:
  explicit Turns(std::shared_ptr<Executor> executor) : executor_(std::move(executor)) {}

  // Puts it in line; Start() lets it run. Apart, so that locks decide on the order and none is
  // held while an executor, which may be inline, runs it.
  void Add(std::function<void()> fn) {
    std::lock_guard lock(mutex_);
    waiting_.push_back(std::move(fn));
  }
  void Start() {
    {
      std::lock_guard lock(mutex_);
      if (waiting_.empty() || std::exchange(posted_, true)) return;
    }
    executor_->Post([self = shared_from_this()] { self->Run(); });
  }
  // Runs what still waits on this thread, after what runs now on another one. Whatever the
  // executor does later finds nothing.
  void Finish() { Run(); }

 private:
  void Run() {
    std::unique_lock lock(mutex_);
    idle_.wait(lock, [this] { return !running_; });
    running_ = true;
    while (!waiting_.empty()) {
      const auto fn = std::move(waiting_.front());
      waiting_.pop_front();
      lock.unlock();
      fn();
      lock.lock();
    }
    posted_ = false;
    running_ = false;
    idle_.notify_all();
  }

  const std::shared_ptr<Executor> executor_;
  std::mutex mutex_;
  std::condition_variable idle_;
  std::deque<std::function<void()>> waiting_;
  bool posted_ = false;
  bool running_ = false;
};

}  // namespace gsh::kubernetes

#endif  // GSH_SRC_KUBERNETES_TURNS_H_
