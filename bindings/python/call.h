// One call of the library, from Python: waited for, or begun for an asyncio future.
#ifndef GSH_BINDINGS_PYTHON_CALL_H_
#define GSH_BINDINGS_PYTHON_CALL_H_

#include <pybind11/pybind11.h>

#include <chrono>
#include <condition_variable>
#include <memory>
#include <mutex>
#include <optional>
#include <stop_token>
#include <utility>

#include "bindings/python/completion_queue.h"
#include "bindings/python/lifetime.h"
#include "bindings/python/status.h"
#include "bindings/python/types.h"
#include "gsh/options.h"

namespace gsh::python {

// How long ctrl-C may go unseen.
inline constexpr auto kSignalPoll = std::chrono::milliseconds(50);

// Seconds as people write them: infinity is no limit. Throws InvalidArgument for NaN and negative
// ones.
Duration DurationOf(double seconds, const char* name);
CallOptions OptionsOf(std::optional<double> timeout_seconds);

// Waits without the GIL until ready(), which is called under `mutex`. When a signal handler raises
// meanwhile (ctrl-C), asks `stop` to stop and throws what the handler raised.
template <typename Ready>
void WaitForSignalOr(std::mutex& mutex, std::condition_variable& changed, std::stop_source& stop,
                     Ready ready) {
  for (;;) {
    {
      const Unlocked unlocked;
      std::unique_lock lock(mutex);
      if (changed.wait_for(lock, kSignalPoll, ready)) return;
    }
    if (PyErr_CheckSignals() == 0) continue;
    py::error_already_set interrupt;
    {
      const Unlocked unlocked;
      stop.request_stop();
    }
    throw interrupt;
  }
}

// Calls start(options, done) and waits for done(Result). What comes after ctrl-C is dropped.
template <typename Result, typename Start>
Result Wait(CallOptions options, Start&& start) {
  struct Slot {
    std::mutex mutex;
    std::condition_variable changed;
    std::optional<Result> result;
  };
  const auto slot = std::make_shared<Slot>();
  std::stop_source stop;
  options.stop = stop.get_token();
  options.executor = InlineExecutor();
  {
    const Unlocked unlocked;
    std::forward<Start>(start)(std::move(options), [slot](Result result) {
      std::lock_guard lock(slot->mutex);
      slot->result.emplace(std::move(result));
      slot->changed.notify_all();
    });
  }
  WaitForSignalOr(slot->mutex, slot->changed, stop, [&] { return slot->result.has_value(); });
  return std::move(*slot->result);
}

// What a call ended with, for Python. With the GIL; throws StatusError.
inline py::object ObjectOf(const Status& status) {
  ThrowIfError(status);
  return py::none();
}

template <typename T>
py::object ObjectOf(const StatusOr<T>& result) {
  ThrowIfError(result.status());
  return ToPython(*result);
}

// A call that an asyncio task awaits.
class Call {
 public:
  std::stop_token token() const { return stop_.get_token(); }
  // With the GIL. Nothing to do when the interpreter is ending: the clients are closed then.
  void Cancel() {
    const Stay stay;
    if (!stay) return;
    const py::gil_scoped_release release;
    stop_.request_stop();
  }

 private:
  std::stop_source stop_;
};

// Calls start(options, done); what it ends with goes to `queue` with the future.
template <typename Result, typename Start>
std::shared_ptr<Call> Begin(std::shared_ptr<CompletionQueue> queue, py::object future,
                            CallOptions options, Start&& start) {
  auto call = std::make_shared<Call>();
  options.stop = call->token();
  options.executor = InlineExecutor();  // the queue never blocks
  auto waiting = std::make_shared<AnyThreadObject>(std::move(future));
  const Unlocked unlocked;
  std::forward<Start>(
      start)(std::move(options), [queue = std::move(queue), waiting](Result result) {
    queue->Push({std::move(*waiting), [result = std::move(result)] { return ObjectOf(result); }});
  });
  return call;
}

void BindCall(py::module_& module);

}  // namespace gsh::python

#endif  // GSH_BINDINGS_PYTHON_CALL_H_
