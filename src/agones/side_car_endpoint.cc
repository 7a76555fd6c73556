#include "src/agones/side_car_endpoint.h"

#include <charconv>

namespace gsh::agones {

StatusOr<std::string> SideCarEndpoint(const Env& env, const std::string& variable, int otherwise) {
  const std::string port = env.Get(variable).value_or("");
  if (port.empty()) return "localhost:" + std::to_string(otherwise);
  int number = 0;
  const char* const end = port.data() + port.size();
  const auto [rest, error] = std::from_chars(port.data(), end, number);
  if (error != std::errc() || rest != end || number < 1 || number > 65535) {
    return InvalidArgumentError(variable + ": not a port: \"" + port + "\"");
  }
  return "localhost:" + std::to_string(number);
}

}  // namespace gsh::agones
