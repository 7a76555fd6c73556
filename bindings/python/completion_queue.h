// How calls that ended on the library's threads reach an asyncio loop.
#ifndef GSH_BINDINGS_PYTHON_COMPLETION_QUEUE_H_
#define GSH_BINDINGS_PYTHON_COMPLETION_QUEUE_H_

#include <pybind11/pybind11.h>

#include <functional>
#include <memory>
#include <mutex>
#include <vector>

#include "bindings/python/lifetime.h"

namespace gsh::python {

struct Completion {
  AnyThreadObject future;
  std::function<py::object()> result;  // called with the GIL; throws StatusError
};

// One for each loop. Collects what has ended; the first entry wakes the loop, which then takes all
// of them together: a loop that is busy pays for the GIL once a batch and not once a call.
class CompletionQueue final : public std::enable_shared_from_this<CompletionQueue> {
 public:
  // `wake` is called on a thread of the library; it has the loop call Drain().
  explicit CompletionQueue(py::object wake) : wake_(std::move(wake)) {}

  // On any thread; never blocks.
  void Push(Completion completion);

  // A list of (future, result, exception or None). With the GIL.
  py::list Drain();

 private:
  void Wake();

  AnyThreadObject wake_;
  std::mutex mutex_;  // never held while somebody waits for the GIL
  std::vector<Completion> ready_;
  bool awake_ = false;  // a Drain() is on its way
};

void BindCompletionQueue(py::module_& module);

}  // namespace gsh::python

#endif  // GSH_BINDINGS_PYTHON_COMPLETION_QUEUE_H_
