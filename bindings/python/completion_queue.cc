#include "bindings/python/completion_queue.h"

#include <utility>

#include "bindings/python/status.h"
#include "gsh/executor.h"

namespace gsh::python {

void CompletionQueue::Push(Completion completion) {
  {
    std::lock_guard lock(mutex_);
    ready_.push_back(std::move(completion));
    if (std::exchange(awake_, true)) return;
  }
  // Waiting for the GIL would hold up the transport's thread.
  DefaultExecutor()->Post([self = shared_from_this()] { self->Wake(); });
}

void CompletionQueue::Wake() {
  const Locked locked;
  if (!locked) return;
  try {
    wake_.get()();
  } catch (py::error_already_set& error) {
    error.discard_as_unraisable("gsh: waking the event loop");
  }
}

py::list CompletionQueue::Drain() {
  std::vector<Completion> ready;
  const Stay stay;
  if (!stay) return py::list();
  {
    std::lock_guard lock(mutex_);
    ready.swap(ready_);
    awake_ = false;
  }
  py::list ended;
  for (const Completion& completion : ready) {
    py::object result = py::none();
    py::object exception = py::none();
    try {
      result = completion.result();
    } catch (const StatusError& error) {
      exception = ExceptionOf(error.status());
    } catch (const py::error_already_set& error) {
      exception = error.value();
    }
    ended.append(py::make_tuple(completion.future.get(), result, exception));
  }
  return ended;
}

void BindCompletionQueue(py::module_& module) {
  py::class_<CompletionQueue, std::shared_ptr<CompletionQueue>>(module, "CompletionQueue")
      .def(py::init<py::object>(), py::arg("wake"))
      .def("drain", &CompletionQueue::Drain);
}

}  // namespace gsh::python
