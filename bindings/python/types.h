// The library's plain structs from and to the dataclasses of gsh/_types.py, as pybind11's casters.
// A value of the wrong type is a TypeError that names the field.
#ifndef GSH_BINDINGS_PYTHON_TYPES_H_
#define GSH_BINDINGS_PYTHON_TYPES_H_

#include <pybind11/pybind11.h>
#include <pybind11/stl.h>

#include "gsh/any.h"
#include "gsh/openmatch/frontend.h"
#include "gsh/openmatch/types.h"

namespace gsh::python {

namespace py = pybind11;

void FromPython(py::handle from, Any& to);
void FromPython(py::handle from, openmatch::Assignment& to);
void FromPython(py::handle from, openmatch::Ticket& to);
void FromPython(py::handle from, openmatch::Backfill& to);

py::object ToPython(const Any& value);
py::object ToPython(const openmatch::Assignment& value);
py::object ToPython(const openmatch::Ticket& value);
py::object ToPython(const openmatch::Backfill& value);
py::object ToPython(const openmatch::AcknowledgedBackfill& value);

// Looks the dataclasses up. Once, before any conversion.
void LoadTypes();

}  // namespace gsh::python

namespace pybind11::detail {

template <typename T>
struct dataclass_caster {
  bool load(handle from, bool /*convert*/) {
    gsh::python::FromPython(from, value);
    return true;
  }
  static handle cast(const T& from, return_value_policy, handle) {
    return gsh::python::ToPython(from).release();
  }
  PYBIND11_TYPE_CASTER(T, const_name("dataclass"));
};

template <>
struct type_caster<gsh::Any> : dataclass_caster<gsh::Any> {};
template <>
struct type_caster<gsh::openmatch::Assignment> : dataclass_caster<gsh::openmatch::Assignment> {};
template <>
struct type_caster<gsh::openmatch::Ticket> : dataclass_caster<gsh::openmatch::Ticket> {};
template <>
struct type_caster<gsh::openmatch::Backfill> : dataclass_caster<gsh::openmatch::Backfill> {};

}  // namespace pybind11::detail

#endif  // GSH_BINDINGS_PYTHON_TYPES_H_
