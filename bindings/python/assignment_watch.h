// Frontend::WatchAssignmentsAsync as an iterator.
#ifndef GSH_BINDINGS_PYTHON_ASSIGNMENT_WATCH_H_
#define GSH_BINDINGS_PYTHON_ASSIGNMENT_WATCH_H_

#include <pybind11/pybind11.h>

#include <memory>
#include <stop_token>
#include <string>

#include "gsh/openmatch/frontend.h"

namespace gsh::python {

namespace py = pybind11;

class AssignmentWatch {
 public:
  // Without the GIL.
  AssignmentWatch(openmatch::Frontend& frontend, std::string ticket_id, CallOptions options);
  ~AssignmentWatch();

  // Waits for the next assignment, with the GIL. Throws StopIteration after Close(), StatusError
  // when the watch has failed.
  py::object Next();
  // Next() hands out what has come until now, and stops. With the GIL.
  void Close();

 private:
  struct State;  // shared with the callbacks
  const std::shared_ptr<State> state_;
  std::stop_source stop_;
};

void BindAssignmentWatch(py::module_& module);

}  // namespace gsh::python

#endif  // GSH_BINDINGS_PYTHON_ASSIGNMENT_WATCH_H_
