// Authenticator: is this request's Authorization header one of our users'?
#ifndef GSH_SRC_ALLOCATOR_SERVICE_AUTHENTICATOR_H_
#define GSH_SRC_ALLOCATOR_SERVICE_AUTHENTICATOR_H_

#include <cstddef>
#include <functional>
#include <memory>
#include <mutex>
#include <string>
#include <unordered_map>
#include <vector>

#include "gsh/clock.h"
#include "gsh/metrics.h"
#include "src/allocator_service/basic_auth.h"
#include "src/allocator_service/credential_cache.h"
#include "src/allocator_service/hash_queue.h"
#include "src/allocator_service/user_source.h"
#include "src/core/client_buckets.h"

namespace gsh::allocator_service {

struct AuthenticatorOptions {
  // Wrong credentials that a client may try at once, and a minute.
  int failures_per_minute = 10;
  std::size_t hash_places = 64;  // credentials that wait to be hashed; those beyond are sent away
  std::size_t cache_capacity = 10'000;
  Clock* clock = nullptr;  // SystemClock()
  MetricsSink* metrics = nullptr;
};

struct AuthResult {
  enum class Verdict {
    kAccepted,
    kMissing,  // no credentials that could be read
    kWrong,
    kTooManyFailures,  // of this client; nothing was hashed
    kBusy,             // too many credentials wait to be hashed
  };
  Verdict verdict = Verdict::kMissing;
  std::string user = {};              // of accepted ones
  Duration pause = Duration::zero();  // before it makes sense to come again
};

// What was right before is known again at once. All else waits for the one hashing thread, after
// the client has paid with one of its failures (given back if the credentials are right), so that
// guessing costs the guesser time and nobody else. The same credentials from several requests are
// hashed once.
class Authenticator {
 public:
  using Done = std::function<void(AuthResult)>;

  Authenticator(std::unique_ptr<UserSource> users, AuthenticatorOptions options);

  // `authorization` may be null. `done` runs here, or on the hashing thread: it must be quick.
  void Check(const std::string* authorization, const std::string& client, Done done);

 private:
  using Digest = CredentialCache::Digest;
  struct Waiting {
    std::string client;
    Done done;
  };

  void RefreshLocked();
  void Hash(PasswordChecker& checker, const Credentials& credentials, const Digest& digest,
            const std::string& payer);
  void Settle(const Credentials& credentials, const Digest& digest, const std::string& payer,
              bool right, std::unique_lock<std::mutex>& lock);
  void Count(AuthResult::Verdict verdict);
  void Tell(const Done& done, AuthResult result);

  const AuthenticatorOptions options_;
  Clock& clock_;
  std::mutex mutex_;
  std::unique_ptr<UserSource> source_;
  std::shared_ptr<const Users> users_;
  CredentialCache cache_;
  internal::ClientBuckets failures_;
  std::unordered_map<Digest, std::vector<Waiting>, CredentialCache::Hash> waiting_;
  HashQueue queue_;  // the last: its thread uses the others
};

}  // namespace gsh::allocator_service

#endif  // GSH_SRC_ALLOCATOR_SERVICE_AUTHENTICATOR_H_
