// Status and StatusOr<T>: how every call of the library ends. No exception leaves the library.
#ifndef GSH_STATUS_H_
#define GSH_STATUS_H_

#include <chrono>
#include <memory>
#include <optional>
#include <ostream>
#include <string>
#include <string_view>
#include <utility>

#include "gsh/export.h"

namespace gsh {

// gRPC's canonical codes (grpc/grpc: doc/statuscodes.md).
enum class StatusCode : int {
  kOk = 0,
  kCancelled = 1,
  kUnknown = 2,
  kInvalidArgument = 3,
  kDeadlineExceeded = 4,
  kNotFound = 5,
  kAlreadyExists = 6,
  kPermissionDenied = 7,
  kResourceExhausted = 8,
  kFailedPrecondition = 9,
  kAborted = 10,
  kOutOfRange = 11,
  kUnimplemented = 12,
  kInternal = 13,
  kUnavailable = 14,
  kDataLoss = 15,
  kUnauthenticated = 16,
};

// "RESOURCE_EXHAUSTED" for kResourceExhausted, and so on.
GSH_EXPORT std::string_view StatusCodeName(StatusCode code);

// Why a failed call was not tried again.
enum class RetryStop {
  kNone,           // the call was not retried by the library at all
  kPermanent,      // the error will not go away by itself
  kNotIdempotent,  // the call may have happened, and a repeat could do it twice
  kExhausted,      // the attempts are used up
  kBudget,         // the endpoint's retry budget is empty
  kDeadline,       // no time is left for another attempt
  kCancelled,      // the caller gave up
};
GSH_EXPORT std::string_view RetryStopName(RetryStop stop);

// Where a remote call failed.
struct ErrorInfo {
  std::string service = {};    // "openmatch.FrontendService"
  std::string operation = {};  // "CreateTicket"
  std::string peer = {};       // "open-match-frontend:50504"
  int attempts = 0;            // how often the call was sent
  std::chrono::nanoseconds elapsed{0};
  std::string request_id = {};  // as the service gave it; may be empty
  // The service's own name of the error, or its code outside the enum ("422").
  std::string name = {};
  RetryStop retry_stop = RetryStop::kNone;
};

// Immutable and cheap to copy; OK costs nothing.
class [[nodiscard]] GSH_EXPORT Status {
 public:
  Status() = default;  // OK
  Status(StatusCode code, std::string message);
  Status(StatusCode code, std::string message, ErrorInfo info);

  bool ok() const { return rep_ == nullptr; }
  StatusCode code() const;
  const std::string& message() const;
  // Null for errors that did not come from a remote call.
  const ErrorInfo* info() const;

  // The same error with `context` and a colon in front of the message.
  Status WithContext(std::string_view context) const;

  // "RESOURCE_EXHAUSTED: no server (allocation.AllocationService.Allocate at h:443, 3 attempts
  // in 1.2 s, not retried: attempts used up)".
  std::string ToString() const;

  // Equal code and message.
  friend bool operator==(const Status& a, const Status& b) {
    return a.code() == b.code() && a.message() == b.message();
  }

 private:
  struct Rep;
  std::shared_ptr<const Rep> rep_;
};

GSH_EXPORT std::ostream& operator<<(std::ostream& out, const Status& status);

inline Status OkStatus() { return {}; }
GSH_EXPORT Status CancelledError(std::string message);
GSH_EXPORT Status UnknownError(std::string message);
GSH_EXPORT Status InvalidArgumentError(std::string message);
GSH_EXPORT Status DeadlineExceededError(std::string message);
GSH_EXPORT Status NotFoundError(std::string message);
GSH_EXPORT Status AlreadyExistsError(std::string message);
GSH_EXPORT Status ResourceExhaustedError(std::string message);
GSH_EXPORT Status FailedPreconditionError(std::string message);
GSH_EXPORT Status AbortedError(std::string message);
GSH_EXPORT Status InternalError(std::string message);
GSH_EXPORT Status UnavailableError(std::string message);

namespace internal {
// Ends the process with `status` on stderr: value() of a failed StatusOr is a bug of the caller.
[[noreturn]] GSH_EXPORT void DieBecauseNotOk(const Status& status);
}  // namespace internal

// A value, or the error that there is none. Reading the value of an error ends the process.
template <typename T>
class [[nodiscard]] StatusOr {
 public:
  // Both implicit, so that `return status;` and `return value;` work.
  StatusOr(Status status) : status_(std::move(status)) {  // NOLINT
    if (status_.ok()) status_ = InternalError("StatusOr was built from an OK status");
  }
  StatusOr(T value) : value_(std::move(value)) {}  // NOLINT

  bool ok() const { return value_.has_value(); }
  const Status& status() const { return status_; }

  const T& value() const& { return Checked(), *value_; }
  T& value() & { return Checked(), *value_; }
  T&& value() && { return Checked(), std::move(*value_); }

  const T& operator*() const& { return value(); }
  T& operator*() & { return value(); }
  T&& operator*() && { return std::move(*this).value(); }
  const T* operator->() const { return &value(); }
  T* operator->() { return &value(); }

 private:
  void Checked() const {
    if (!ok()) internal::DieBecauseNotOk(status_);
  }

  Status status_;
  std::optional<T> value_;
};

}  // namespace gsh

#endif  // GSH_STATUS_H_
