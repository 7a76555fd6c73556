// Batcher: many small requests in few calls, without making the first one wait for the last.
#ifndef GSH_SRC_DIRECTOR_BATCHER_H_
#define GSH_SRC_DIRECTOR_BATCHER_H_

#include <algorithm>
#include <cstddef>
#include <deque>
#include <functional>
#include <iterator>
#include <memory>
#include <mutex>
#include <utility>
#include <vector>

#include "gsh/clock.h"

namespace gsh::director {

struct BatcherOptions {
  std::size_t max_items = 200;
  // How long a batch that is not full waits for company.
  Duration linger = std::chrono::milliseconds(5);
  // Calls at a time; what comes while all are busy makes the next batches fuller.
  std::size_t max_calls = 4;
};

template <typename Item>
class Batcher {
 public:
  // Sends a batch and calls `done` once when its call has ended.
  using Send = std::function<void(std::vector<Item> batch, std::function<void()> done)>;

  Batcher(BatcherOptions options, Clock& clock, Send send)
      : state_(std::make_shared<State>(options, clock, std::move(send))) {}

  void Add(Item item) {
    const auto state = state_;
    std::unique_lock lock(state->mutex);
    state->items.push_back(std::move(item));
    if (state->items.size() < state->options.max_items && !state->timer && !state->due) {
      state->timer = true;
      lock.unlock();  // a clock may run the timer at once
      state->clock.RunAfter(state->options.linger, [state] { OnTimer(state); });
      lock.lock();
    }
    SendBatches(state, lock);
  }

 private:
  struct State {
    State(BatcherOptions o, Clock& c, Send s) : options(o), clock(c), send(std::move(s)) {}
    const BatcherOptions options;
    Clock& clock;
    const Send send;
    std::mutex mutex;
    std::deque<Item> items;
    std::size_t calls = 0;
    bool timer = false;    // runs
    bool due = false;      // what is here goes, full or not
    bool sending = false;  // a thread is in SendBatches' loop
  };
  using StatePtr = std::shared_ptr<State>;

  static void OnTimer(const StatePtr& state) {
    std::unique_lock lock(state->mutex);
    state->timer = false;
    state->due = true;
    SendBatches(state, lock);
  }

  // One thread at a time, so that calls that end at once do not deepen the stack.
  static void SendBatches(const StatePtr& state, std::unique_lock<std::mutex>& lock) {
    if (state->sending) return;
    state->sending = true;
    while (state->calls < state->options.max_calls && IsReady(*state)) {
      std::vector<Item> batch = TakeBatch(*state);
      ++state->calls;
      lock.unlock();
      state->send(std::move(batch), [state] {
        std::unique_lock done_lock(state->mutex);
        --state->calls;
        SendBatches(state, done_lock);
      });
      lock.lock();
    }
    if (state->items.empty()) state->due = false;
    state->sending = false;
  }

  static bool IsReady(const State& state) {
    return state.items.size() >= state.options.max_items || (state.due && !state.items.empty());
  }

  static std::vector<Item> TakeBatch(State& state) {
    const std::size_t count = std::min(state.items.size(), state.options.max_items);
    const auto end = state.items.begin() + static_cast<std::ptrdiff_t>(count);
    std::vector<Item> batch(std::make_move_iterator(state.items.begin()),
                            std::make_move_iterator(end));
    state.items.erase(state.items.begin(), end);
    return batch;
  }

  std::shared_ptr<State> state_;
};

}  // namespace gsh::director

#endif  // GSH_SRC_DIRECTOR_BATCHER_H_
