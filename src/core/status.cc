#include "gsh/status.h"

#include <cstdio>
#include <cstdlib>

namespace gsh {

struct Status::Rep {
  StatusCode code;
  std::string message;
  std::optional<ErrorInfo> info;
};

namespace {

std::string Seconds(std::chrono::nanoseconds elapsed) {
  char text[32];
  std::snprintf(text, sizeof text, "%.3g s", std::chrono::duration<double>(elapsed).count());
  return text;
}

std::string Describe(const ErrorInfo& info) {
  std::string text = info.service + "." + info.operation;
  if (!info.peer.empty()) text += " at " + info.peer;
  if (!info.name.empty()) text += ", error " + info.name;
  if (!info.request_id.empty()) text += ", request " + info.request_id;
  text += ", " + std::to_string(info.attempts) + (info.attempts == 1 ? " attempt" : " attempts");
  text += " in " + Seconds(info.elapsed);
  if (info.retry_stop != RetryStop::kNone) {
    text += ", not retried: ";
    text += RetryStopName(info.retry_stop);
  }
  return text;
}

}  // namespace

std::string_view StatusCodeName(StatusCode code) {
  switch (code) {
    case StatusCode::kOk:
      return "OK";
    case StatusCode::kCancelled:
      return "CANCELLED";
    case StatusCode::kUnknown:
      return "UNKNOWN";
    case StatusCode::kInvalidArgument:
      return "INVALID_ARGUMENT";
    case StatusCode::kDeadlineExceeded:
      return "DEADLINE_EXCEEDED";
    case StatusCode::kNotFound:
      return "NOT_FOUND";
    case StatusCode::kAlreadyExists:
      return "ALREADY_EXISTS";
    case StatusCode::kPermissionDenied:
      return "PERMISSION_DENIED";
    case StatusCode::kResourceExhausted:
      return "RESOURCE_EXHAUSTED";
    case StatusCode::kFailedPrecondition:
      return "FAILED_PRECONDITION";
    case StatusCode::kAborted:
      return "ABORTED";
    case StatusCode::kOutOfRange:
      return "OUT_OF_RANGE";
    case StatusCode::kUnimplemented:
      return "UNIMPLEMENTED";
    case StatusCode::kInternal:
      return "INTERNAL";
    case StatusCode::kUnavailable:
      return "UNAVAILABLE";
    case StatusCode::kDataLoss:
      return "DATA_LOSS";
    case StatusCode::kUnauthenticated:
      return "UNAUTHENTICATED";
  }
  return "UNKNOWN";
}

std::string_view RetryStopName(RetryStop stop) {
  switch (stop) {
    case RetryStop::kNone:
      return "not retried";
    case RetryStop::kPermanent:
      return "the error is permanent";
    case RetryStop::kNotIdempotent:
      return "the call may have happened";
    case RetryStop::kExhausted:
      return "attempts used up";
    case RetryStop::kBudget:
      return "the endpoint's retry budget is empty";
    case RetryStop::kDeadline:
      return "no time is left";
    case RetryStop::kCancelled:
      return "cancelled";
  }
  return "";
}

Status::Status(StatusCode code, std::string message) {
  if (code != StatusCode::kOk) {
    rep_ = std::make_shared<Rep>(Rep{code, std::move(message), std::nullopt});
  }
}

Status::Status(StatusCode code, std::string message, ErrorInfo info) {
  if (code != StatusCode::kOk) {
    rep_ = std::make_shared<Rep>(Rep{code, std::move(message), std::move(info)});
  }
}

StatusCode Status::code() const { return rep_ ? rep_->code : StatusCode::kOk; }

const std::string& Status::message() const {
  static const std::string& empty = *new std::string;
  return rep_ ? rep_->message : empty;
}

const ErrorInfo* Status::info() const { return rep_ && rep_->info ? &*rep_->info : nullptr; }

Status Status::WithContext(std::string_view context) const {
  if (ok()) return *this;
  std::string message = std::string(context) + ": " + rep_->message;
  if (rep_->info) return Status(rep_->code, std::move(message), *rep_->info);
  return Status(rep_->code, std::move(message));
}

std::string Status::ToString() const {
  if (ok()) return "OK";
  std::string text(StatusCodeName(code()));
  text += ": " + rep_->message;
  if (rep_->info) text += " (" + Describe(*rep_->info) + ")";
  return text;
}

std::ostream& operator<<(std::ostream& out, const Status& status) {
  return out << status.ToString();
}

Status CancelledError(std::string m) { return {StatusCode::kCancelled, std::move(m)}; }
Status UnknownError(std::string m) { return {StatusCode::kUnknown, std::move(m)}; }
Status InvalidArgumentError(std::string m) { return {StatusCode::kInvalidArgument, std::move(m)}; }
Status DeadlineExceededError(std::string m) {
  return {StatusCode::kDeadlineExceeded, std::move(m)};
}
Status NotFoundError(std::string m) { return {StatusCode::kNotFound, std::move(m)}; }
Status AlreadyExistsError(std::string m) { return {StatusCode::kAlreadyExists, std::move(m)}; }
Status ResourceExhaustedError(std::string m) {
  return {StatusCode::kResourceExhausted, std::move(m)};
}
Status FailedPreconditionError(std::string m) {
  return {StatusCode::kFailedPrecondition, std::move(m)};
}
Status AbortedError(std::string m) { return {StatusCode::kAborted, std::move(m)}; }
Status InternalError(std::string m) { return {StatusCode::kInternal, std::move(m)}; }
Status UnavailableError(std::string m) { return {StatusCode::kUnavailable, std::move(m)}; }

namespace internal {

void DieBecauseNotOk(const Status& status) {
  std::fprintf(stderr, "gsh: the value of a failed StatusOr was read: %s\n",
               status.ToString().c_str());
  std::abort();
}

}  // namespace internal
}  // namespace gsh
