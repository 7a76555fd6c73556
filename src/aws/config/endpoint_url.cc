#include "src/aws/config/endpoint_url.h"

#include <arpa/inet.h>

#include <algorithm>
#include <charconv>

#include "src/aws/config/ascii.h"
#include "src/core/host_port.h"

namespace gsh::aws {
namespace {

bool IsIpv4(const std::string& host) {
  in_addr address{};
  return inet_pton(AF_INET, host.c_str(), &address) == 1;
}

// In its one canonical spelling, so that two hosts can be compared.
bool ReadIpv6(std::string& host) {
  in6_addr address{};
  char text[INET6_ADDRSTRLEN] = {};
  if (inet_pton(AF_INET6, host.c_str(), &address) != 1 ||
      inet_ntop(AF_INET6, &address, text, sizeof text) == nullptr) {
    return false;
  }
  host = text;
  return true;
}

bool IsLabel(std::string_view label) {
  return !label.empty() && label.size() <= 63 && label.front() != '-' && label.back() != '-' &&
         std::ranges::all_of(label,
                             [](char c) { return IsAlphaNumeric(c) || c == '-' || c == '_'; });
}

// Names whose last label looks like a number ("127.1", "0x7f000001") are addresses to some.
bool IsName(std::string_view host) {
  if (host.empty() || host.size() > 253) return false;
  std::string_view label;
  while (true) {
    const std::size_t dot = host.find('.');
    label = host.substr(0, dot);
    if (!IsLabel(label)) return false;
    if (dot == host.npos) break;
    host.remove_prefix(dot + 1);
  }
  return !IsDigit(label.front());
}

bool IsPathOrQuery(std::string_view text, std::string_view further) {
  constexpr std::string_view kMarks = "-._~!$&'()*+,;=:@/";
  for (std::size_t i = 0; i < text.size(); ++i) {
    const char c = text[i];
    if (c == '%') {
      const std::string_view digits = text.substr(i + 1, 2);
      if (digits.size() < 2 || digits.find_first_not_of("0123456789abcdefABCDEF") != digits.npos ||
          digits == "00") {
        return false;
      }
    } else if (!IsAlphaNumeric(c) && kMarks.find(c) == kMarks.npos &&
               further.find(c) == further.npos) {
      return false;
    }
  }
  return true;
}

bool HasDotSegments(std::string_view path) {
  while (!path.empty()) {
    path.remove_prefix(1);
    const std::string_view segment = path.substr(0, path.find('/'));
    if (segment == "." || segment == ".." || Lower(segment).find("%2e") != segment.npos)
      return true;
    path.remove_prefix(segment.size());
  }
  return false;
}

Status Mistake(const std::string& what) { return InvalidArgumentError("the endpoint URL " + what); }

// "host", "host:port", "[::1]:port".
Status ReadAuthority(std::string_view text, EndpointUrl& out) {
  if (text.find('@') != text.npos) return Mistake("has a user name in it");
  // inet_pton reads up to a NUL, and would not see what follows.
  if (text.find('\0') != text.npos) return Mistake("has a NUL in it");
  const bool brackets = text.starts_with('[');
  const std::size_t end = brackets ? text.find(']') : text.find(':');
  if (brackets && end == text.npos) return Mistake("has a bracket without its pair");
  out.host = Lower(text.substr(brackets ? 1 : 0, brackets ? end - 1 : end));
  std::string_view port =
      end == text.npos ? std::string_view() : text.substr(end + (brackets ? 1 : 0));
  if (brackets ? !ReadIpv6(out.host) : !IsIpv4(out.host) && !IsName(out.host)) {
    return Mistake("has no host name or address");
  }
  out.port = out.plaintext ? 80 : 443;
  if (port.empty()) return OkStatus();
  if (!port.starts_with(':')) return Mistake("has something between host and port");
  port.remove_prefix(1);
  const auto [rest, error] = std::from_chars(port.data(), port.data() + port.size(), out.port);
  const bool digits = !port.empty() && IsDigit(port.front()) && rest == port.data() + port.size();
  if (!digits || error != std::errc() || out.port < 1 || out.port > 65535) {
    return Mistake("has a bad port");
  }
  return OkStatus();
}

}  // namespace

std::string EndpointUrl::Authority() const {
  const std::string full = internal::JoinHostPort(host, port);
  return port == (plaintext ? 80 : 443) ? full.substr(0, full.rfind(':')) : full;
}

StatusOr<EndpointUrl> ParseEndpointUrl(std::string_view url, bool allow_query) {
  EndpointUrl out;
  const std::size_t colon = url.find("://");
  const std::string scheme = colon == url.npos ? "" : Lower(url.substr(0, colon));
  if (scheme != "https" && scheme != "http") {
    return Mistake("begins with neither https:// nor http://");
  }
  out.plaintext = scheme == "http";
  url.remove_prefix(colon + 3);
  const std::size_t authority = std::min(url.find_first_of("/?#"), url.size());
  if (Status status = ReadAuthority(url.substr(0, authority), out); !status.ok()) return status;
  url.remove_prefix(authority);
  if (url.find('#') != url.npos) return Mistake("has a fragment");
  const std::size_t question = url.find('?');
  if (question != url.npos) {
    if (!allow_query) return Mistake("has a query");
    out.query = url.substr(question + 1);
  }
  out.path = url.substr(0, question);
  if (!IsPathOrQuery(out.path, "") || !IsPathOrQuery(out.query, "?")) {
    return Mistake("has characters that must be escaped");
  }
  if (HasDotSegments(out.path) || out.path.find("//") != out.path.npos) {
    return Mistake("has a path with empty segments or dots");
  }
  return out;
}

bool IsLoopbackHost(std::string_view host) {
  const std::string text(host);
  return text == "localhost" || text == "::1" || (IsIpv4(text) && text.starts_with("127."));
}

}  // namespace gsh::aws
