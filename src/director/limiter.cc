#include "src/director/limiter.h"

#include <deque>
#include <mutex>
#include <utility>

namespace gsh::director {

struct Limiter::State {
  explicit State(std::size_t max) : places(max) {}

  // Starts what there is room for. One thread at a time: the others leave it to that one, which
  // looks again before it goes.
  void StartJobs(std::unique_lock<std::mutex>& lock) {
    if (starting) return;
    starting = true;
    while (!line.empty() && (closed || taken < places)) {
      Job job = std::move(line.front());
      line.pop_front();
      const bool granted = !closed;
      taken += granted ? 1 : 0;
      lock.unlock();
      job(granted);
      job = nullptr;
      lock.lock();
    }
    starting = false;
  }

  const std::size_t places;
  std::mutex mutex;
  std::deque<Job> line;
  std::size_t taken = 0;
  bool closed = false;
  bool starting = false;
};

Limiter::Limiter(std::size_t places) : state_(std::make_shared<State>(places)) {}

void Limiter::Acquire(Job job) {
  const auto state = state_;
  std::unique_lock lock(state->mutex);
  state->line.push_back(std::move(job));
  state->StartJobs(lock);
}

void Limiter::Release() {
  const auto state = state_;
  std::unique_lock lock(state->mutex);
  --state->taken;
  state->StartJobs(lock);
}

void Limiter::Close() {
  const auto state = state_;
  std::unique_lock lock(state->mutex);
  state->closed = true;
  state->StartJobs(lock);
}

std::size_t Limiter::waiting() const {
  std::lock_guard lock(state_->mutex);
  return state_->line.size();
}

std::size_t Limiter::in_flight() const {
  std::lock_guard lock(state_->mutex);
  return state_->taken;
}

}  // namespace gsh::director
