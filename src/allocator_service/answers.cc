#include "src/allocator_service/answers.h"

#include <chrono>
#include <utility>

#include "src/core/json_text.h"

namespace gsh::allocator_service {
namespace {

using internal::JsonText;
constexpr char kJson[] = "application/json";

http::Response WithRetryAfter(http::Response response, Duration pause) {
  const auto seconds = std::chrono::ceil<std::chrono::seconds>(pause).count();
  response.headers.emplace_back("Retry-After", std::to_string(std::max<long>(1, seconds)));
  return response;
}

}  // namespace

std::string AllocatedJson(const agones::Allocation& allocation) {
  std::string json = R"({"status":{"state":"Allocated","ports":[)";
  bool first = true;
  for (const agones::GameServerPort& port : allocation.ports) {
    if (!std::exchange(first, false)) json += ',';
    json += R"({"name":)" + JsonText(port.name) + R"(,"port":)" + std::to_string(port.port) + '}';
  }
  return json + R"(],"address":)" + JsonText(allocation.address) + R"(,"nodeName":)" +
         JsonText(allocation.node) + "}}";
}

http::Response ErrorAnswer(int code, std::string_view error) {
  return {.code = code,
          .content_type = kJson,
          .body = "{\"error\":" + JsonText(std::string(error)) + "}\n"};
}

http::Response AllocationErrorAnswer(const Status& status) {
  constexpr std::chrono::seconds kSoon{1};
  switch (status.code()) {
    case StatusCode::kResourceExhausted:
      return WithRetryAfter(ErrorAnswer(503, "no game server is available"), kSoon);
    case StatusCode::kAborted:
      return WithRetryAfter(ErrorAnswer(503, "too many allocations at once"), kSoon);
    case StatusCode::kCancelled:
      return WithRetryAfter(ErrorAnswer(503, "the service stops"), kSoon);
    case StatusCode::kDeadlineExceeded:
      return ErrorAnswer(504, "the allocation took too long");
    case StatusCode::kUnavailable:
      return ErrorAnswer(502, "the allocator cannot be reached");
    default:
      return ErrorAnswer(502, "the allocator refused the request");
  }
}

http::Response LoginAnswer(const AuthResult& result) {
  switch (result.verdict) {
    case AuthResult::Verdict::kTooManyFailures:
      return TooManyAnswer("too many wrong credentials", result.pause);
    case AuthResult::Verdict::kBusy:
      return WithRetryAfter(ErrorAnswer(503, "too many logins at once"), result.pause);
    default:
      break;
  }
  http::Response response = ErrorAnswer(401, "authorization failed");
  response.headers.emplace_back("WWW-Authenticate",
                                R"(Basic realm="fleet-allocator", charset="UTF-8")");
  return response;
}

http::Response TooManyAnswer(std::string_view error, Duration pause) {
  return WithRetryAfter(ErrorAnswer(429, error), pause);
}

}  // namespace gsh::allocator_service
