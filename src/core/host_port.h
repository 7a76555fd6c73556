// "host:port", put together.
#ifndef GSH_SRC_CORE_HOST_PORT_H_
#define GSH_SRC_CORE_HOST_PORT_H_

#include <string>
#include <string_view>

namespace gsh::internal {

// A bare IPv6 address gets its brackets.
inline std::string JoinHostPort(std::string_view host, int port) {
  const bool bare_ipv6 = host.find(':') != std::string_view::npos && !host.starts_with('[');
  const std::string name = bare_ipv6 ? "[" + std::string(host) + "]" : std::string(host);
  return name + ":" + std::to_string(port);
}

}  // namespace gsh::internal

#endif  // GSH_SRC_CORE_HOST_PORT_H_
