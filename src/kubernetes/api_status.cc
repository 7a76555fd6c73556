#include "src/kubernetes/api_status.h"

#include <algorithm>
#include <array>
#include <string>
#include <utility>

#include "src/http/client/client.h"
#include "src/kubernetes/common/json.h"

namespace gsh::kubernetes {
namespace {

constexpr std::size_t kMaxMessage = 2000;
constexpr std::size_t kMaxCauses = 10;

StatusCode CodeOf(int http_code, std::string_view reason) {
  if (reason == "AlreadyExists") return StatusCode::kAlreadyExists;
  if (reason == "Expired" || reason == "Gone" || http_code == 410) return StatusCode::kOutOfRange;
  if (http_code == 500) return StatusCode::kInternal;
  return http::CodeOfHttp(http_code);
}

// "spec.replicas: must be at least 0", unless the message says so already.
std::string CauseText(const Json& cause, const std::string& message) {
  const std::string field = TextAt(cause, {"field"});
  const std::string text = TextAt(cause, {"message"});
  if (text.empty() || message.find(text) != message.npos) return {};
  return field.empty() ? text : field + ": " + text;
}

std::string WithCauses(std::string message, const Json& status) {
  const Json* causes = Find(status, {"details", "causes"});
  if (causes == nullptr || !causes->is_array()) return message;
  std::string list;
  std::size_t count = 0;
  for (const Json& cause : *causes) {
    const std::string text = CauseText(cause, message);
    if (text.empty()) continue;
    if (++count > kMaxCauses) break;
    list += (list.empty() ? "" : "; ") + text;
  }
  return list.empty() ? message : message + " [" + list + "]";
}

bool HasCause(const Json& status, std::string_view reason) {
  const Json* causes = Find(status, {"details", "causes"});
  return causes != nullptr && causes->is_array() &&
         std::ranges::any_of(*causes,
                             [&](const Json& c) { return TextAt(c, {"reason"}) == reason; });
}

Status Make(StatusCode code, std::string message, std::string name, int http_code) {
  if (message.size() > kMaxMessage) message.resize(kMaxMessage);
  std::ranges::replace_if(message, [](char c) { return c >= 0 && c < ' '; }, ' ');
  message += " (HTTP " + std::to_string(http_code) + ")";
  ErrorInfo info;
  info.name = std::move(name);
  return Status(code, std::move(message), std::move(info));
}

Status FromObject(const Json& status, int http_code) {
  std::string reason = TextAt(status, {"reason"});
  const StatusCode code = CodeOf(http_code, reason);
  std::string message = WithCauses(TextAt(status, {"message"}), status);
  if (message.empty()) message = reason.empty() ? "no message" : reason;
  // The API calls an eviction that a budget refuses TooManyRequests, like any other 429.
  if (http_code == 429 && HasCause(status, kDisruptionBudget)) reason = kDisruptionBudget;
  return Make(code == StatusCode::kOk ? StatusCode::kUnknown : code, std::move(message),
              std::move(reason), http_code);
}

}  // namespace

Status StatusOfAnswer(int http_code, std::string_view body) {
  if (http_code >= 200 && http_code < 300) return OkStatus();
  const StatusOr<Json> json = ParseJsonObject(body.substr(0, 1u << 20));
  if (json.ok() && TextAt(*json, {"kind"}) == "Status") return FromObject(*json, http_code);
  std::string text(body.substr(0, 300));
  if (text.empty()) text = "an answer without a word";
  return Make(CodeOf(http_code, ""), std::move(text), std::to_string(http_code), http_code);
}

Status StatusOfObject(std::string_view json) {
  const StatusOr<Json> status = ParseJsonObject(json);
  if (!status.ok()) return InternalError("an ERROR event without a Status object");
  const std::int64_t code = IntAt(*status, {"code"});
  const bool plausible = code >= 400 && code < 600;
  return FromObject(*status, plausible ? static_cast<int>(code) : 500);
}

bool IsTransient(const Status& status) {
  const std::string name = status.info() != nullptr ? status.info()->name : std::string();
  switch (status.code()) {
    case StatusCode::kUnavailable:
      return true;
    case StatusCode::kInternal:          // 500; not an answer that is no HTTP
    case StatusCode::kDeadlineExceeded:  // 504; not our own deadline
      return !name.empty();
    case StatusCode::kResourceExhausted:
      return name == "TooManyRequests" || name == "429";
    default:
      return false;
  }
}

}  // namespace gsh::kubernetes
