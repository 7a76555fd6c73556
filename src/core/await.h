// Await: a blocking call out of an asynchronous one.
#ifndef GSH_SRC_CORE_AWAIT_H_
#define GSH_SRC_CORE_AWAIT_H_

#include <condition_variable>
#include <mutex>
#include <optional>
#include <utility>

#include "gsh/options.h"

namespace gsh::internal {

// Calls start(options, done) and waits until `done` was called with a Result. The callback runs
// inline on the transport's thread, so that a full pool, or a ManualExecutor that this thread
// should be running, cannot block it.
template <typename Result, typename Start>
Result Await(CallOptions options, Start&& start) {
  struct Shared {
    std::mutex mutex;
    std::condition_variable ready;
    std::optional<Result> result;
  };
  auto shared = std::make_shared<Shared>();
  options.executor = InlineExecutor();
  std::forward<Start>(start)(std::move(options), [shared](Result result) {
    std::lock_guard lock(shared->mutex);
    shared->result.emplace(std::move(result));
    shared->ready.notify_all();
  });
  std::unique_lock lock(shared->mutex);
  shared->ready.wait(lock, [&] { return shared->result.has_value(); });
  return std::move(*shared->result);
}

}  // namespace gsh::internal

#endif  // GSH_SRC_CORE_AWAIT_H_
