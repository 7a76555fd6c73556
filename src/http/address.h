// "host:port", as it stands in flags and options.
#ifndef GSH_SRC_HTTP_ADDRESS_H_
#define GSH_SRC_HTTP_ADDRESS_H_

#include <string>
#include <string_view>

#include "gsh/status.h"

namespace gsh::http {

struct HostPort {
  std::string host;  // without brackets; empty in ":8000" and "8000"
  int port = 0;
};

// "host:port", "[::1]:port", ":port", "port". The port may be 0. Else InvalidArgument.
StatusOr<HostPort> ParseHostPort(std::string_view text);

}  // namespace gsh::http

#endif  // GSH_SRC_HTTP_ADDRESS_H_
