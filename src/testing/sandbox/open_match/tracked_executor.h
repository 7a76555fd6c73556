// TrackedExecutor: a thread pool that can be waited for.
#ifndef GSH_SRC_TESTING_SANDBOX_OPEN_MATCH_TRACKED_EXECUTOR_H_
#define GSH_SRC_TESTING_SANDBOX_OPEN_MATCH_TRACKED_EXECUTOR_H_

#include <condition_variable>
#include <cstddef>
#include <functional>
#include <memory>
#include <mutex>
#include <utility>

#include "gsh/executor.h"

namespace gsh::sandbox {

class TrackedExecutor final : public Executor {
 public:
  explicit TrackedExecutor(std::shared_ptr<Executor> pool) : pool_(std::move(pool)) {}

  void Post(std::function<void()> fn) override {
    {
      std::lock_guard lock(state_->mutex);
      ++state_->running;
    }
    pool_->Post([state = state_, fn = std::move(fn)]() mutable {
      fn();
      fn = nullptr;  // what it holds goes before Drain returns
      std::lock_guard lock(state->mutex);
      if (--state->running == 0) state->idle.notify_all();
    });
  }

  // Blocks until nothing that was posted runs or waits. Not from one of its own threads.
  void Drain() {
    std::unique_lock lock(state_->mutex);
    state_->idle.wait(lock, [this] { return state_->running == 0; });
  }

 private:
  struct State {
    std::mutex mutex;
    std::condition_variable idle;
    std::size_t running = 0;
  };
  const std::shared_ptr<Executor> pool_;
  const std::shared_ptr<State> state_ = std::make_shared<State>();
};

}  // namespace gsh::sandbox

#endif  // GSH_SRC_TESTING_SANDBOX_OPEN_MATCH_TRACKED_EXECUTOR_H_
