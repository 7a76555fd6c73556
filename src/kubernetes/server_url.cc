#include "src/kubernetes/server_url.h"

#include <algorithm>
#include <charconv>

namespace gsh::kubernetes {
namespace {

bool IsHost(std::string_view host) {
  if (host.starts_with('[')) {
    return host.size() > 2 && host.ends_with(']') &&
           host.substr(1, host.size() - 2).find_first_not_of("0123456789abcdefABCDEF:.") ==
               host.npos;
  }
  return !host.empty() && std::ranges::all_of(host, [](char c) {
    return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '-' ||
           c == '.' || c == '_';
  });
}

bool IsPort(std::string_view text) {
  int port = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), port);
  return error == std::errc() && end == text.data() + text.size() && port > 0 && port <= 65535;
}

bool IsPath(std::string_view path) {
  return std::ranges::all_of(
      path, [](char c) { return c > ' ' && c < 127 && c != '?' && c != '#' && c != '\\'; });
}

bool IsLoopback(std::string_view host) {
  const bool ipv4 = host.starts_with("127.") &&
                    host.find_first_not_of("0123456789.") == host.npos &&
                    std::ranges::count(host, '.') == 3;
  return ipv4 || host == "localhost" || host == "[::1]";
}

}  // namespace

StatusOr<ServerUrl> ParseServerUrl(std::string_view url) {
  ServerUrl parsed;
  if (url.starts_with("http://")) {
    parsed.plaintext = true;
    url.remove_prefix(7);
  } else if (url.starts_with("https://")) {
    url.remove_prefix(8);
  } else {
    return InvalidArgumentError("a cluster's server must start with https:// (or http://)");
  }
  const std::string_view authority = url.substr(0, url.find('/'));
  std::string_view path = url.substr(authority.size());
  while (path.ends_with('/')) path.remove_suffix(1);
  const std::size_t bracket = authority.rfind(']');
  const std::size_t colon = authority.find(':', bracket == authority.npos ? 0 : bracket);
  const std::string_view host = authority.substr(0, colon);
  const std::string_view port =
      colon == authority.npos ? (parsed.plaintext ? "80" : "443") : authority.substr(colon + 1);
  if (!IsHost(host) || !IsPort(port) || !IsPath(path)) {
    return InvalidArgumentError("a cluster's server must be https://host[:port][/path]");
  }
  parsed.endpoint.append(host).append(":").append(port);
  parsed.path = path;
  parsed.loopback = IsLoopback(host);
  return parsed;
}

}  // namespace gsh::kubernetes
