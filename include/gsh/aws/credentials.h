// Credentials of AWS, and where they come from.
#ifndef GSH_AWS_CREDENTIALS_H_
#define GSH_AWS_CREDENTIALS_H_

#include <functional>
#include <memory>
#include <optional>
#include <string>

#include "gsh/clock.h"
#include "gsh/export.h"
#include "gsh/options.h"
#include "gsh/status.h"

namespace gsh::aws {

// Wiped when destroyed or overwritten.
struct GSH_EXPORT Credentials {
  std::string access_key_id = {};  // empty: anonymous, requests are sent unsigned
  std::string secret_access_key = {};
  std::string session_token = {};           // empty: long-term credentials
  std::optional<WallTime> expiration = {};  // empty: never
  std::string account_id = {};              // where the source says it
  std::string source = {};                  // "environment", "profile game", "instance metadata"

  Credentials() = default;
  Credentials(std::string id, std::string secret, std::string token = {});
  Credentials(const Credentials&) = default;
  Credentials(Credentials&&) noexcept;
  Credentials& operator=(const Credentials&);
  Credentials& operator=(Credentials&&) noexcept;
  ~Credentials();
};

// A port. May be called from several threads at once.
class GSH_EXPORT CredentialsProvider {
 public:
  using Callback = std::function<void(StatusOr<std::shared_ptr<const Credentials>>)>;

  virtual ~CredentialsProvider() = default;
  // Credentials that are good now. `done` may run at once if the answer is at hand, else on the
  // call's executor. FailedPrecondition: no source has any (each one's reason is named);
  // Unavailable: a source that should have some did not answer.
  virtual void GetAsync(CallOptions options, Callback done) = 0;
  // A service has refused `credentials` as expired or unknown: the next GetAsync asks the source
  // again, if these are still the newest.
  virtual void Reject(const Credentials& credentials) = 0;

  StatusOr<std::shared_ptr<const Credentials>> Get(CallOptions options = {});
};

}  // namespace gsh::aws

#endif  // GSH_AWS_CREDENTIALS_H_
