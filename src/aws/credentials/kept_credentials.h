// KeptCredentials: the last credentials that a source gave, and how good they still are.
#ifndef GSH_SRC_AWS_CREDENTIALS_KEPT_CREDENTIALS_H_
#define GSH_SRC_AWS_CREDENTIALS_KEPT_CREDENTIALS_H_

#include <memory>
#include <optional>

#include "gsh/aws/credentials.h"
#include "gsh/clock.h"
#include "gsh/rng.h"
#include "src/aws/credentials/source.h"

namespace gsh::aws {

enum class Age {
  kFresh,
  kRefresh,  // to be replaced, but good
  kWait,     // good for a moment: new ones are worth waiting for
  kExpired,
};

// The same keys, whatever else is said of them.
bool SameKeys(const Credentials& a, const Credentials& b);

class KeptCredentials {
 public:
  KeptCredentials(Fetched fetched, const CredentialCacheOptions& options, Clock& clock, Rng& rng);

  const std::shared_ptr<const Credentials>& get() const { return credentials_; }
  Age AgeNow(const Clock& clock) const;
  bool SameAs(const Credentials& other) const { return SameKeys(*credentials_, other); }

 private:
  Duration LeftNow(const Clock& clock) const;

  std::shared_ptr<const Credentials> credentials_;
  std::optional<WallTime> end_;  // empty: never
  // The same by the steady clock, in case the wall clock is set back; a wall clock that jumps ahead
  // (a machine that slept) counts as it stands.
  SteadyTime steady_end_ = SteadyTime::max();
  Duration refresh_before_{0};
  Duration wait_before_{0};
};

}  // namespace gsh::aws

#endif  // GSH_SRC_AWS_CREDENTIALS_KEPT_CREDENTIALS_H_
