// openmatch::Frontend for Python (gsh/openmatch.py is its public face).
#ifndef GSH_BINDINGS_PYTHON_FRONTEND_H_
#define GSH_BINDINGS_PYTHON_FRONTEND_H_

#include <pybind11/pybind11.h>

namespace gsh::python {

void BindFrontend(pybind11::module_& module);

}  // namespace gsh::python

#endif  // GSH_BINDINGS_PYTHON_FRONTEND_H_
