#include "bindings/python/call.h"

#include <cmath>
#include <string>

namespace gsh::python {
namespace {

// Far beyond what the library takes for no limit, and far from overflow.
constexpr double kForeverSeconds = 1e9;

}  // namespace

Duration DurationOf(double seconds, const char* name) {
  if (std::isnan(seconds) || seconds < 0) {
    throw StatusError(InvalidArgumentError(std::string(name) + ": " + std::to_string(seconds) +
                                           " is not a number of seconds"));
  }
  if (seconds > kForeverSeconds) return Duration::max();
  return std::chrono::duration_cast<Duration>(std::chrono::duration<double>(seconds));
}

CallOptions OptionsOf(std::optional<double> timeout_seconds) {
  CallOptions options;
  if (timeout_seconds) options.timeout = DurationOf(*timeout_seconds, "timeout");
  return options;
}

void BindCall(py::module_& module) {
  py::class_<Call, std::shared_ptr<Call>>(module, "Call").def("cancel", &Call::Cancel);
}

}  // namespace gsh::python
