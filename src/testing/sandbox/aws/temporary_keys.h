// TemporaryKeys: credentials that end, and whose they are.
#ifndef GSH_SRC_TESTING_SANDBOX_AWS_TEMPORARY_KEYS_H_
#define GSH_SRC_TESTING_SANDBOX_AWS_TEMPORARY_KEYS_H_

#include <chrono>
#include <map>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>

#include "gsh/clock.h"
#include "gsh/rng.h"

namespace gsh::testing::aws {

// Who calls, as GetCallerIdentity says it.
struct Principal {
  std::string account = {};
  std::string arn = {};
  std::string user_id = {};
};

struct TemporaryKey {
  std::string access_key_id = {};
  std::string secret_access_key = {};
  std::string session_token = {};
  WallTime issued = {};
  WallTime expiration = {};
  Principal who = {};
};

// May be used from several threads.
class TemporaryKeys {
 public:
  TemporaryKeys(Clock& clock, Rng& rng) : clock_(clock), rng_(rng) {}

  TemporaryKey Issue(Principal who, std::chrono::seconds life);
  // Also one that has ended not long ago, so that its user learns that.
  std::optional<TemporaryKey> Find(std::string_view access_key_id) const;
  // All of them end now, whatever their users were told.
  void ExpireAll();

 private:
  Clock& clock_;
  Rng& rng_;
  mutable std::mutex mutex_;
  std::map<std::string, TemporaryKey, std::less<>> keys_;  // by id; guarded by mutex_
};

}  // namespace gsh::testing::aws

#endif  // GSH_SRC_TESTING_SANDBOX_AWS_TEMPORARY_KEYS_H_
