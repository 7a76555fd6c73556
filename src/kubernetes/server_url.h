// The parts of a cluster's address.
#ifndef GSH_SRC_KUBERNETES_SERVER_URL_H_
#define GSH_SRC_KUBERNETES_SERVER_URL_H_

#include <string>
#include <string_view>

#include "gsh/status.h"

namespace gsh::kubernetes {

struct ServerUrl {
  bool plaintext = false;
  std::string endpoint = {};  // "host:port", with the scheme's port if the URL names none
  std::string path = {};      // without a slash at the end
  bool loopback = false;      // by its text: "localhost", 127.0.0.0/8, "[::1]"
};

// "https://host[:port][/path]". InvalidArgument for anything more: users, queries, fragments.
StatusOr<ServerUrl> ParseServerUrl(std::string_view url);

}  // namespace gsh::kubernetes

#endif  // GSH_SRC_KUBERNETES_SERVER_URL_H_
