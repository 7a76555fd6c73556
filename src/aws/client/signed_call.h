// SignedCall: one call's attempts: each signed anew, and what an error says of clock and
// credentials heard, once.
#ifndef GSH_SRC_AWS_CLIENT_SIGNED_CALL_H_
#define GSH_SRC_AWS_CLIENT_SIGNED_CALL_H_

#include <atomic>
#include <cstdint>
#include <functional>
#include <memory>
#include <mutex>
#include <utility>

#include "gsh/aws/credentials.h"
#include "gsh/clock.h"
#include "gsh/status.h"
#include "src/aws/client/route.h"
#include "src/http/client/client.h"

namespace gsh::aws {

// What the calls of one client share.
class CallContext {
 public:
  CallContext(std::shared_ptr<RouteSource> routes, std::shared_ptr<CredentialsProvider> credentials,
              Clock& clock)
      : routes_(std::move(routes)), clock_(clock), credentials_(std::move(credentials)) {}

  RouteSource& routes() const { return *routes_; }
  // Null: closed.
  std::shared_ptr<CredentialsProvider> credentials() const;
  WallTime ServiceTime() const;
  // By the service's clock it is `now`.
  void SetServiceTime(WallTime now);
  // Lets go of what may use the client's clock and log. A call that waits for credentials is kept
  // by who gives them, and keeps this.
  void Close();

 private:
  const std::shared_ptr<RouteSource> routes_;
  Clock& clock_;                               // may be gone when the client is
  std::atomic<std::int64_t> clock_offset_{0};  // the service's time less ours, in nanoseconds
  mutable std::mutex mutex_;
  std::shared_ptr<CredentialsProvider> credentials_;  // guarded by mutex_
};

class SignedCall final : public http::CallHooks, public std::enable_shared_from_this<SignedCall> {
 public:
  explicit SignedCall(std::shared_ptr<CallContext> context) : context_(std::move(context)) {}

  void Prepare(std::shared_ptr<http::ClientRequest> request,
               std::function<void(Status)> done) override;
  Status StatusOf(const http::ClientResponse& response) override;
  void OnFailure(const Status& status, const http::ClientResponse& answer,
                 rpc::FailedAttempt& failed) override;

 private:
  using CredentialsPtr = std::shared_ptr<const Credentials>;

  Status OnCredentials(StatusOr<CredentialsPtr> credentials);
  Status Sign(const Route& route, WallTime time, http::ClientRequest& request) const;
  bool CorrectClock(const Status& status, const http::ClientResponse& answer);
  bool RejectCredentials(const Status& status);

  const std::shared_ptr<CallContext> context_;
  CredentialsPtr used_;  // by the newest attempt
  CredentialsPtr rejected_;
  Status rejection_;
  bool clock_corrected_ = false;
};

}  // namespace gsh::aws

#endif  // GSH_SRC_AWS_CLIENT_SIGNED_CALL_H_
