#include "bindings/python/assignment_watch.h"

#include <condition_variable>
#include <cstddef>
#include <deque>
#include <mutex>
#include <optional>
#include <utility>

#include "bindings/python/call.h"
#include "bindings/python/types.h"

namespace gsh::python {
namespace {

// What a reader that does not read may miss: the newest assignments count.
constexpr std::size_t kMaxUnread = 1000;

}  // namespace

struct AssignmentWatch::State {
  std::mutex mutex;
  std::condition_variable changed;
  std::deque<openmatch::Assignment> unread;
  std::optional<Status> end;
};

AssignmentWatch::AssignmentWatch(openmatch::Frontend& frontend, std::string ticket_id,
                                 CallOptions options)
    : state_(std::make_shared<State>()) {
  options.stop = stop_.get_token();
  options.executor = InlineExecutor();
  frontend.WatchAssignmentsAsync(
      std::move(ticket_id), std::move(options),
      [state = state_](const openmatch::Assignment& assignment) {
        std::lock_guard lock(state->mutex);
        if (state->unread.size() == kMaxUnread) state->unread.pop_front();
        state->unread.push_back(assignment);
        state->changed.notify_all();
        return true;
      },
      [state = state_](Status status) {
        std::lock_guard lock(state->mutex);
        state->end = std::move(status);
        state->changed.notify_all();
      });
}

// The callbacks take no GIL, so that asking for the stop may keep it.
AssignmentWatch::~AssignmentWatch() { Close(); }

py::object AssignmentWatch::Next() {
  const Entered entered;
  WaitForSignalOr(state_->mutex, state_->changed, stop_,
                  [this] { return !state_->unread.empty() || state_->end; });
  std::unique_lock lock(state_->mutex);
  if (!state_->unread.empty()) {
    const openmatch::Assignment next = std::move(state_->unread.front());
    state_->unread.pop_front();
    lock.unlock();  // Python code may run
    return ToPython(next);
  }
  if (!stop_.stop_requested()) ThrowIfError(*state_->end);
  throw py::stop_iteration();
}

void AssignmentWatch::Close() { stop_.request_stop(); }

void BindAssignmentWatch(py::module_& module) {
  py::class_<AssignmentWatch>(module, "AssignmentWatch")
      .def("__iter__", [](py::object self) { return self; })
      .def("__next__", &AssignmentWatch::Next)
      .def("close", &AssignmentWatch::Close)
      .def("__enter__", [](py::object self) { return self; })
      .def("__exit__", [](AssignmentWatch& self, const py::args&) { self.Close(); });
}

}  // namespace gsh::python
