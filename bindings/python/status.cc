#include "bindings/python/status.h"

#include <chrono>
#include <string>

#include "bindings/python/lifetime.h"

namespace gsh::python {
namespace {

using Seconds = std::chrono::duration<double>;

// Messages are the servers' own bytes: what is not UTF-8 in them is shown as such.
py::object Text(const std::string& bytes) {
  PyObject* text =
      PyUnicode_DecodeUTF8(bytes.data(), static_cast<Py_ssize_t>(bytes.size()), "backslashreplace");
  if (text == nullptr) throw py::error_already_set();
  return py::reinterpret_steal<py::object>(text);
}

// Never freed: the interpreter may be gone by then.
py::object* make_error = nullptr;  // gsh.errors._make
py::object* ending_error =
    nullptr;  // of InterpreterIsEnding(): made while Python code can still run

void Raise(const Status& status) {
  const Stay stay;
  const py::object exception = stay ? ExceptionOf(status) : *ending_error;
  PyErr_SetObject(py::type::of(exception).ptr(), exception.ptr());
}

// Status::ToString of the same error; for Error.__str__.
std::string Describe(int code, std::string message, std::string service, std::string operation,
                     std::string peer, int attempts, double elapsed, std::string request_id,
                     std::string name, int retry_stop) {
  ErrorInfo info{.service = std::move(service),
                 .operation = std::move(operation),
                 .peer = std::move(peer),
                 .attempts = attempts,
                 .elapsed = std::chrono::duration_cast<std::chrono::nanoseconds>(Seconds(elapsed)),
                 .request_id = std::move(request_id),
                 .name = std::move(name),
                 .retry_stop = static_cast<RetryStop>(retry_stop)};
  return Status(static_cast<StatusCode>(code), std::move(message), std::move(info)).ToString();
}

}  // namespace

Status InterpreterIsEnding() { return FailedPreconditionError("the Python interpreter is ending"); }

py::object ExceptionOf(const Status& status) {
  py::dict fields;
  if (const ErrorInfo* info = status.info(); info != nullptr) {
    fields["service"] = info->service;
    fields["operation"] = info->operation;
    fields["peer"] = info->peer;
    fields["attempts"] = info->attempts;
    fields["elapsed"] = Seconds(info->elapsed).count();
    fields["request_id"] = Text(info->request_id);
    fields["name"] = Text(info->name);
    fields["retry_stop"] = static_cast<int>(info->retry_stop);
  }
  return (*make_error)(static_cast<int>(status.code()), Text(status.message()), fields);
}

void BindStatus(py::module_& module) {
  make_error = new py::object(py::module_::import("gsh.errors").attr("_make"));
  ending_error = new py::object(ExceptionOf(InterpreterIsEnding()));
  py::register_exception_translator([](std::exception_ptr thrown) {
    try {
      if (thrown) std::rethrow_exception(thrown);
    } catch (const StatusError& error) {
      Raise(error.status());
    }
  });
  module.def("describe_error", &Describe);
  module.def("status_code_name",
             [](int code) { return StatusCodeName(static_cast<StatusCode>(code)); });
  module.def("raise_status", [](int code, const py::bytes& message) {
    throw StatusError(Status(static_cast<StatusCode>(code), message));
  });
}

}  // namespace gsh::python
