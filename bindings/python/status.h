// gsh::Status as Python exceptions (gsh/errors.py).
#ifndef GSH_BINDINGS_PYTHON_STATUS_H_
#define GSH_BINDINGS_PYTHON_STATUS_H_

#include <pybind11/pybind11.h>

#include <exception>
#include <utility>

#include "gsh/status.h"

namespace gsh::python {

namespace py = pybind11;

// Becomes the gsh.Error of the status's code when it reaches Python.
class StatusError final : public std::exception {
 public:
  explicit StatusError(Status status) : status_(std::move(status)) {}
  const Status& status() const { return status_; }
  const char* what() const noexcept override { return status_.message().c_str(); }

 private:
  Status status_;
};

inline void ThrowIfError(const Status& status) {
  if (!status.ok()) throw StatusError(status);
}

template <typename T>
T ValueOrThrow(StatusOr<T> result) {
  ThrowIfError(result.status());
  return std::move(result).value();
}

// The exception object, not yet raised. With the GIL.
py::object ExceptionOf(const Status& status);

Status InterpreterIsEnding();

void BindStatus(py::module_& module);

}  // namespace gsh::python

#endif  // GSH_BINDINGS_PYTHON_STATUS_H_
