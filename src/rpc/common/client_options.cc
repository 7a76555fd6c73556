#include <charconv>
#include <climits>
#include <cmath>
#include <string>
#include <string_view>

#include "src/core/mistakes.h"
#include "src/rpc/common/client_base.h"

namespace gsh::rpc {
namespace {

// "host:port" or "[IPv6]:port".
bool IsHostAndPort(std::string_view endpoint) {
  const std::size_t colon = endpoint.rfind(':');
  if (colon == std::string_view::npos || colon == 0) return false;
  const std::string_view host = endpoint.substr(0, colon);
  const std::string_view text = endpoint.substr(colon + 1);
  const bool bracketed = host.front() == '[' && host.back() == ']' && host.size() > 2;
  if (!bracketed && host.find_first_of(":[]/ ") != std::string_view::npos) return false;
  int port = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), port);
  return error == std::errc() && end == text.data() + text.size() && port > 0 && port <= 65535;
}

}  // namespace

Status CheckClientOptions(const ClientOptions& options) {
  internal::Mistakes mistakes;
  const TlsOptions& tls = options.tls;
  const RetryOptions& retry = options.retry;
  mistakes.Check(IsHostAndPort(options.endpoint),
                 "endpoint must be \"host:port\", but is \"" + options.endpoint + "\"");
  if (!tls.insecure) {
    mistakes.Check(tls.cert_file.empty() || !tls.key_file.empty(),
                   "tls.cert_file needs tls.key_file");
    mistakes.Check(tls.key_file.empty() || !tls.cert_file.empty(),
                   "tls.key_file needs tls.cert_file");
  }
  mistakes.Check(retry.max_attempts >= 1, "retry.max_attempts must be at least 1");
  mistakes.Check(retry.initial_backoff >= Duration(0), "retry.initial_backoff is negative");
  mistakes.Check(retry.max_backoff >= retry.initial_backoff,
                 "retry.max_backoff is less than retry.initial_backoff");
  mistakes.Check(std::isfinite(retry.budget) && retry.budget >= 0,
                 "retry.budget must be 0 or more");
  mistakes.Check(std::isfinite(retry.budget_refill) && retry.budget_refill >= 0,
                 "retry.budget_refill must be 0 or more");
  mistakes.Check(options.timeout >= Duration(0), "timeout is negative");
  mistakes.Check(options.max_message_bytes > 0 && options.max_message_bytes <= INT_MAX,
                 "max_message_bytes must be from 1 to 2147483647");
  return mistakes.ToStatus();
}

void FillDefaults(ClientOptions& options) {
  if (options.executor == nullptr) options.executor = DefaultExecutor();
  if (options.clock == nullptr) options.clock = &SystemClock();
  if (options.rng == nullptr) options.rng = &SystemRng();
}

}  // namespace gsh::rpc
