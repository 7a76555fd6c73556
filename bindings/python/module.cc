// gsh._core: what the Python package needs of the library. Everything that people call is in
// gsh/*.py.
#include <pybind11/pybind11.h>
#include <pybind11/stl.h>

#include "bindings/python/assignment_watch.h"
#include "bindings/python/call.h"
#include "bindings/python/completion_queue.h"
#include "bindings/python/frontend.h"
#include "bindings/python/lifetime.h"
#include "bindings/python/matcher.h"
#include "bindings/python/status.h"
#include "bindings/python/types.h"
#include "gsh/any.h"

PYBIND11_MODULE(_core, module) {
  using namespace gsh::python;  // NOLINT: the functions named after it
  RegisterAtExit();
  LoadTypes();
  BindStatus(module);
  BindMatcher(module);
  BindCompletionQueue(module);
  BindCall(module);
  BindAssignmentWatch(module);
  BindFrontend(module);
  module.def("any_string", &gsh::AnyString);
  module.def("any_double", &gsh::AnyDouble);
  module.def("string_of", &gsh::StringOf);
  module.def("double_of", &gsh::DoubleOf);
}
