#include "src/http/address.h"

#include <charconv>
#include <cstddef>

namespace gsh::http {
namespace {

// Digits alone, so that neither "-0" nor "+80" passes.
bool ParsePort(std::string_view text, int& port) {
  if (text.empty() || text.find_first_not_of("0123456789") != std::string_view::npos) return false;
  return std::from_chars(text.data(), text.data() + text.size(), port).ec == std::errc() &&
         port <= 65535;
}

}  // namespace

StatusOr<HostPort> ParseHostPort(std::string_view text) {
  HostPort result;
  const std::size_t colon = text.rfind(':');
  std::string_view host = colon == std::string_view::npos ? "" : text.substr(0, colon);
  const std::string_view port = colon == std::string_view::npos ? text : text.substr(colon + 1);
  const bool bracketed = host.size() > 2 && host.front() == '[' && host.back() == ']';
  if (bracketed) host = host.substr(1, host.size() - 2);
  const bool bad_host = host.find_first_of(bracketed ? "[]" : ":[]") != std::string_view::npos;
  if (bad_host || !ParsePort(port, result.port)) {
    return InvalidArgumentError("'" + std::string(text) + "' is not host:port");
  }
  result.host = host;
  return result;
}

}  // namespace gsh::http
