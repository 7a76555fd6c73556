#include "bindings/python/status.h"

#include <chrono>
#include <string>

namespace gsh::python {
namespace {

using Seconds = std::chrono::duration<double>;

// gsh.errors._make. Never freed: the interpreter may be gone by then.
py::object* make_error = nullptr;

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

py::object ExceptionOf(const Status& status) {
  py::dict fields;
  if (const ErrorInfo* info = status.info(); info != nullptr) {
    fields["service"] = info->service;
    fields["operation"] = info->operation;
    fields["peer"] = info->peer;
    fields["attempts"] = info->attempts;
    fields["elapsed"] = Seconds(info->elapsed).count();
    fields["request_id"] = info->request_id;
    fields["name"] = info->name;
    fields["retry_stop"] = static_cast<int>(info->retry_stop);
  }
  return (*make_error)(static_cast<int>(status.code()), status.message(), fields);
}

void BindStatus(py::module_& module) {
  make_error = new py::object(py::module_::import("gsh.errors").attr("_make"));
  py::register_exception_translator([](std::exception_ptr thrown) {
    try {
      if (thrown) std::rethrow_exception(thrown);
    } catch (const StatusError& error) {
      const py::object exception = ExceptionOf(error.status());
      PyErr_SetObject(py::type::of(exception).ptr(), exception.ptr());
    }
  });
  module.def("describe_error", &Describe);
  module.def("status_code_name",
             [](int code) { return StatusCodeName(static_cast<StatusCode>(code)); });
  module.def("raise_status", [](int code, std::string message) {
    throw StatusError(Status(static_cast<StatusCode>(code), std::move(message)));
  });
}

}  // namespace gsh::python
