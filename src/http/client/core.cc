#include "src/http/client/core.h"

#include <algorithm>
#include <charconv>
#include <string>
#include <string_view>

namespace gsh::http {
namespace {

constexpr std::chrono::hours kLongestPushBack{24};

bool IsToken(std::string_view text) {
  constexpr std::string_view kMarks = "!#$%&'*+-.^_`|~";
  return !text.empty() && std::ranges::all_of(text, [&](char c) {
    return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') ||
           kMarks.find(c) != kMarks.npos;
  });
}

bool HasControls(std::string_view text) {
  return std::ranges::any_of(text,
                             [](char c) { return (c >= 0 && c < ' ' && c != '\t') || c == 127; });
}

bool IsTarget(std::string_view text) {
  return text.starts_with('/') &&
         std::ranges::all_of(text, [](char c) { return c > ' ' && c < 127 && c != '#'; });
}

}  // namespace

TransferRequest ClientCore::ToTransfer(ClientRequest request, bool repeatable,
                                       std::optional<Duration> remaining) const {
  std::string endpoint = request.endpoint.empty() ? options.endpoint : request.endpoint;
  return {.request = std::move(request),
          .endpoint = std::move(endpoint),
          .server_name = options.tls.server_name,
          .plaintext = options.tls.insecure,
          .tls = traits.tls ? traits.tls() : tls->Get(),
          .repeatable = repeatable,
          .timeout = remaining,
          .connect_timeout = traits.connect_timeout,
          .proxy = traits.proxy,
          .proxy_from_environment = traits.proxy_from_environment};
}

Status CheckRequest(const ClientRequest& request) {
  if (!IsToken(request.method)) return InvalidArgumentError("bad HTTP method");
  if (!IsTarget(request.target)) {
    return InvalidArgumentError("an HTTP target must start with '/' and be percent-encoded");
  }
  for (const auto& [name, value] : request.headers) {
    if (!IsToken(name)) return InvalidArgumentError("bad HTTP header name");
    if (HasControls(value)) {
      return InvalidArgumentError("control characters in the HTTP header " + name);
    }
  }
  return OkStatus();
}

Status StatusOfEnd(const TransferEnd& end) {
  ErrorInfo info;
  if (!end.sent) info.name = kNotSent;
  StatusCode code = StatusCode::kUnavailable;
  switch (end.code) {
    case CURLE_OPERATION_TIMEDOUT:
      if (!end.connecting) code = StatusCode::kDeadlineExceeded;
      break;
    case CURLE_ABORTED_BY_CALLBACK:
      code = StatusCode::kCancelled;
      break;
    case CURLE_OUT_OF_MEMORY:
      code = StatusCode::kResourceExhausted;
      break;
    case CURLE_WRITE_ERROR:  // our own limits
      return Status(StatusCode::kResourceExhausted, "the server sent " + end.error,
                    std::move(info));
    case CURLE_UNSUPPORTED_PROTOCOL:  // also what the server speaks instead of HTTP
      code = end.sent ? StatusCode::kInternal : StatusCode::kInvalidArgument;
      break;
    case CURLE_URL_MALFORMAT:
    case CURLE_SSL_CERTPROBLEM:
      code = StatusCode::kInvalidArgument;
      break;
    case CURLE_WEIRD_SERVER_REPLY:
    case CURLE_BAD_CONTENT_ENCODING:
      code = StatusCode::kInternal;
      break;
    default:
      break;
  }
  return Status(code, end.error, std::move(info));
}

std::optional<rpc::PushBack> PushBackOf(const ClientResponse& response, WallTime now) {
  const std::string* value = FindHeader(response.headers, "Retry-After");
  if (value == nullptr) return std::nullopt;
  std::int64_t seconds = 0;
  const char* const end = value->data() + value->size();
  const auto [rest, error] = std::from_chars(value->data(), end, seconds);
  if (error != std::errc() || rest != end) {
    const std::time_t date = curl_getdate(value->c_str(), nullptr);
    if (date < 0) return std::nullopt;
    seconds = date - std::chrono::system_clock::to_time_t(now);
  }
  // Compared as seconds: as nanoseconds it may be more than Duration can count.
  const std::chrono::seconds delay(std::max<std::int64_t>(seconds, 0));
  return rpc::PushBack{.delay = std::min<std::chrono::seconds>(delay, kLongestPushBack)};
}

StatusCode CodeOfHttp(int http_code) {
  switch (http_code) {
    case 401:
      return StatusCode::kUnauthenticated;
    case 403:
      return StatusCode::kPermissionDenied;
    case 404:
    case 410:
      return StatusCode::kNotFound;
    case 408:
    case 504:
      return StatusCode::kDeadlineExceeded;
    case 409:
      return StatusCode::kAborted;
    case 412:
      return StatusCode::kFailedPrecondition;
    case 413:
    case 429:
      return StatusCode::kResourceExhausted;
    case 405:
    case 501:
      return StatusCode::kUnimplemented;
    case 500:
      return StatusCode::kInternal;
    case 502:
    case 503:
      return StatusCode::kUnavailable;
    default:
      break;
  }
  if (http_code >= 200 && http_code < 300) return StatusCode::kOk;
  return http_code >= 400 && http_code < 500 ? StatusCode::kInvalidArgument : StatusCode::kUnknown;
}

Status StatusOfResponse(const ClientResponse& response) {
  const StatusCode code = CodeOfHttp(response.code);
  if (code == StatusCode::kOk) return OkStatus();
  constexpr std::size_t kMaxText = 300;
  std::string text = "HTTP " + std::to_string(response.code);
  if (!response.body.empty()) text += ": " + response.body.substr(0, kMaxText);
  std::ranges::replace_if(text, [](char c) { return c >= 0 && c < ' '; }, ' ');
  while (text.back() == ' ') text.pop_back();
  ErrorInfo info;
  info.name = std::to_string(response.code);
  return Status(code, std::move(text), std::move(info));
}

}  // namespace gsh::http
