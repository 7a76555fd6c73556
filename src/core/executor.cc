#include "gsh/executor.h"

#include <algorithm>
#include <condition_variable>
#include <deque>
#include <mutex>
#include <thread>
#include <utility>
#include <vector>

namespace gsh {
namespace {

class ThreadPool final : public Executor {
 public:
  explicit ThreadPool(int threads) : queue_(std::make_shared<Queue>()) {
    for (int i = 0; i < threads; ++i) {
      threads_.emplace_back([queue = queue_] { queue->Work(); });
    }
  }

  ~ThreadPool() override {
    {
      std::lock_guard lock(queue_->mutex);
      queue_->closed = true;
      queue_->wake.notify_all();
    }
    for (std::thread& thread : threads_) {
      // The last owner may be a callback on one of our own threads; the queue outlives us for that
      // one.
      if (thread.get_id() == std::this_thread::get_id()) {
        thread.detach();
      } else {
        thread.join();
      }
    }
  }

  void Post(std::function<void()> fn) override {
    std::lock_guard lock(queue_->mutex);
    queue_->waiting.push_back(std::move(fn));
    queue_->wake.notify_one();
  }

 private:
  struct Queue {
    std::mutex mutex;
    std::condition_variable wake;
    std::deque<std::function<void()>> waiting;
    bool closed = false;

    void Work() {
      std::unique_lock lock(mutex);
      for (;;) {
        wake.wait(lock, [&] { return closed || !waiting.empty(); });
        if (waiting.empty()) return;
        auto fn = std::move(waiting.front());
        waiting.pop_front();
        lock.unlock();
        fn();
        fn = nullptr;  // what it owns is destroyed without the lock
        lock.lock();
      }
    }
  };

  std::shared_ptr<Queue> queue_;
  std::vector<std::thread> threads_;
};

class Inline final : public Executor {
 public:
  void Post(std::function<void()> fn) override { fn(); }
};

}  // namespace

std::shared_ptr<Executor> MakeThreadPool(int threads) {
  if (threads <= 0) threads = std::max(1, static_cast<int>(std::thread::hardware_concurrency()));
  return std::make_shared<ThreadPool>(threads);
}

std::shared_ptr<Executor> DefaultExecutor() {
  // Never destroyed: static clients may still post when the process ends.
  static auto& pool = *new std::shared_ptr<Executor>(MakeThreadPool());
  return pool;
}

std::shared_ptr<Executor> InlineExecutor() {
  static auto& executor = *new std::shared_ptr<Executor>(std::make_shared<Inline>());
  return executor;
}

struct ManualExecutor::Impl {
  std::mutex mutex;
  std::vector<std::function<void()>> waiting;
};

ManualExecutor::ManualExecutor() : impl_(std::make_unique<Impl>()) {}
ManualExecutor::~ManualExecutor() = default;

void ManualExecutor::Post(std::function<void()> fn) {
  std::lock_guard lock(impl_->mutex);
  impl_->waiting.push_back(std::move(fn));
}

std::size_t ManualExecutor::RunPending() {
  std::vector<std::function<void()>> batch;
  {
    std::lock_guard lock(impl_->mutex);
    batch.swap(impl_->waiting);
  }
  for (auto& fn : batch) {
    fn();
    fn = nullptr;
  }
  return batch.size();
}

}  // namespace gsh
