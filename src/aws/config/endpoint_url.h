// The URL of an endpoint, read so that nobody can read it differently.
#ifndef GSH_SRC_AWS_CONFIG_ENDPOINT_URL_H_
#define GSH_SRC_AWS_CONFIG_ENDPOINT_URL_H_

#include <string>
#include <string_view>

#include "gsh/status.h"

namespace gsh::aws {

struct EndpointUrl {
  bool plaintext = false;
  std::string host = {};  // in lower case, without brackets; IPv6 in its canonical spelling
  int port = 0;
  std::string path = {};   // as it stands; empty, or "/..."
  std::string query = {};  // as it stands, without "?"

  // "host", "host:8443", "[::1]:80": no port if it is the scheme's own.
  std::string Authority() const;
};

// "https://host:port/path". InvalidArgument for other schemes, a user, a fragment, a query unless
// `allow_query`, a host that is neither a name, an IPv4 address of four decimals nor an IPv6
// address in brackets, a path with "..", bad escapes or other characters than RFC 3986 has there.
// The error does not quote the URL, which may hold a password.
StatusOr<EndpointUrl> ParseEndpointUrl(std::string_view url, bool allow_query = false);

// "localhost", 127.0.0.0/8, "::1": what does not leave the machine.
bool IsLoopbackHost(std::string_view host);

}  // namespace gsh::aws

#endif  // GSH_SRC_AWS_CONFIG_ENDPOINT_URL_H_
