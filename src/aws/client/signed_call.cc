#include "src/aws/client/signed_call.h"

#include <curl/curl.h>

#include <charconv>
#include <chrono>
#include <ctime>
#include <string>
#include <utility>

#include "src/aws/client/error_names.h"
#include "src/aws/client/service_error.h"
#include "src/aws/credentials/kept_credentials.h"

namespace gsh::aws {
namespace {

// Services allow five minutes (15 at some); what is less is not the clock's fault.
constexpr std::chrono::minutes kLeastSkew{4};
constexpr std::int64_t kLongestWaitMs = std::int64_t{24} * 3600 * 1000;
constexpr std::time_t kLatest = 7'258'118'400;  // 2200: WallTime counts nanoseconds

std::optional<Duration> RetryAfter(const http::ClientResponse& answer) {
  const std::string* const value = http::FindHeader(answer.headers, "x-amz-retry-after");
  if (value == nullptr) return std::nullopt;
  std::int64_t ms = 0;
  const char* const end = value->data() + value->size();
  const auto [rest, error] = std::from_chars(value->data(), end, ms);
  if (error != std::errc() || rest != end || ms < 0) return std::nullopt;
  return std::chrono::milliseconds(std::min(ms, kLongestWaitMs));
}

std::optional<WallTime> DateOf(const http::ClientResponse& answer) {
  const std::string* const value = http::FindHeader(answer.headers, "Date");
  if (value == nullptr) return std::nullopt;
  const std::time_t date = curl_getdate(value->c_str(), nullptr);
  if (date < 0 || date > kLatest) return std::nullopt;
  return std::chrono::system_clock::from_time_t(date);
}

const std::string& NameOf(const Status& status) {
  static const std::string kNone;
  return status.info() == nullptr ? kNone : status.info()->name;
}

}  // namespace

std::shared_ptr<CredentialsProvider> CallContext::credentials() const {
  std::lock_guard lock(mutex_);
  return credentials_;
}

WallTime CallContext::ServiceTime() const {
  const Duration offset(clock_offset_.load(std::memory_order_relaxed));
  return clock_.Now() + std::chrono::duration_cast<WallTime::duration>(offset);
}

void CallContext::SetServiceTime(WallTime now) {
  const Duration offset = now - clock_.Now();
  clock_offset_.store(offset.count(), std::memory_order_relaxed);
}

void CallContext::Close() {
  routes_->Close();
  std::shared_ptr<CredentialsProvider> last;  // goes after the lock: it may end calls that take it
  std::lock_guard lock(mutex_);
  last.swap(credentials_);
}

void SignedCall::Prepare(std::shared_ptr<http::ClientRequest> request,
                         std::function<void(Status)> done) {
  // Now: when the credentials come, the client and its clock may be gone.
  const WallTime time = context_->ServiceTime();
  auto self = shared_from_this();
  context_->routes().Get([self, time, request = std::move(request),
                          done = std::move(done)](StatusOr<std::shared_ptr<const Route>> route) {
    if (!route.ok()) return done(route.status());
    const auto provider = self->context_->credentials();
    if (provider == nullptr) return done(CancelledError("the client was destroyed"));
    request->endpoint = (*route)->endpoint.address;
    provider->GetAsync(
        {.executor = InlineExecutor()},
        [self, time, request, done, route = *std::move(route)](StatusOr<CredentialsPtr> got) {
          Status status = self->OnCredentials(std::move(got));
          if (status.ok()) status = self->Sign(*route, time, *request);
          done(std::move(status));
        });
  });
}

Status SignedCall::OnCredentials(StatusOr<CredentialsPtr> credentials) {
  if (!credentials.ok()) return credentials.status().WithContext("credentials");
  if (*credentials == nullptr) return InternalError("a credentials provider gave none");
  // The same again would be refused again.
  if (rejected_ != nullptr && SameKeys(**credentials, *rejected_)) return rejection_;
  used_ = *std::move(credentials);
  return OkStatus();
}

Status SignedCall::Sign(const Route& route, WallTime time, http::ClientRequest& request) const {
  if (used_->access_key_id.empty()) return OkStatus();  // anonymous
  SigningRequest signing{.method = request.method,
                         .host = route.endpoint.authority,
                         .path = request.target,
                         .headers = request.headers,
                         .body = request.body};
  // Proxies on the way may rewrite it.
  std::erase_if(signing.headers, [](const auto& h) { return h.first == "User-Agent"; });
  auto added = route.signer->Sign(signing, *used_, time);
  if (!added.ok()) return added.status();
  for (auto& header : *added) request.headers.push_back(std::move(header));
  return OkStatus();
}

Status SignedCall::StatusOf(const http::ClientResponse& response) {
  if (response.code < 200 || response.code >= 300) return StatusOfServiceError(response);
  // None was asked for, and what unpacks without bound is not unpacked.
  const std::string* const coding = http::FindHeader(response.headers, "Content-Encoding");
  if (coding != nullptr && *coding != "identity") {
    return InternalError("the answer is encoded, though no encoding was asked for");
  }
  return OkStatus();
}

void SignedCall::OnFailure(const Status& status, const http::ClientResponse& answer,
                           rpc::FailedAttempt& failed) {
  if (const auto delay = RetryAfter(answer)) failed.push_back = rpc::PushBack{.delay = *delay};
  if (CorrectClock(status, answer) || RejectCredentials(status)) {
    failed.transient = true;
    failed.may_repeat = true;  // the service has not taken the call
    failed.push_back = rpc::PushBack{};
  }
}

bool SignedCall::CorrectClock(const Status& status, const http::ClientResponse& answer) {
  if (clock_corrected_ || !MayBeClockSkewName(NameOf(status))) return false;
  const auto date = DateOf(answer);
  if (!date) return false;
  const auto skew = *date - context_->ServiceTime();
  if (std::chrono::abs(skew) < kLeastSkew) return false;
  clock_corrected_ = true;
  context_->SetServiceTime(*date);
  return true;
}

bool SignedCall::RejectCredentials(const Status& status) {
  if (rejected_ != nullptr || used_ == nullptr || !IsStaleCredentialsName(NameOf(status))) {
    return false;
  }
  rejected_ = used_;
  rejection_ = status;
  if (const auto provider = context_->credentials()) provider->Reject(*used_);
  return true;
}

}  // namespace gsh::aws
