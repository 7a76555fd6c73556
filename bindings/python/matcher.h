// gsh::matcher on NumPy arrays (gsh/matcher.py checks what people pass).
#ifndef GSH_BINDINGS_PYTHON_MATCHER_H_
#define GSH_BINDINGS_PYTHON_MATCHER_H_

#include <pybind11/pybind11.h>

namespace gsh::python {

void BindMatcher(pybind11::module_& module);

}  // namespace gsh::python

#endif  // GSH_BINDINGS_PYTHON_MATCHER_H_
