#include "src/aws/credentials/kept_credentials.h"

#include <algorithm>
#include <chrono>
#include <utility>

namespace gsh::aws {
namespace {

// How much longer credentials are used that outlive their expiration: 5 to 10 minutes, so that the
// machines of a fleet do not all ask again at once.
Duration Extension(Rng& rng) {
  constexpr Duration kLeast = std::chrono::minutes(5);
  return kLeast + std::chrono::duration_cast<Duration>(kLeast * rng.NextDouble());
}

}  // namespace

bool SameKeys(const Credentials& a, const Credentials& b) {
  return a.access_key_id == b.access_key_id && a.secret_access_key == b.secret_access_key &&
         a.session_token == b.session_token;
}

KeptCredentials::KeptCredentials(Fetched fetched, const CredentialCacheOptions& options,
                                 Clock& clock, Rng& rng)
    : credentials_(std::make_shared<const Credentials>(std::move(fetched.credentials))),
      end_(credentials_->expiration) {
  if (!end_) return;
  const WallTime now = clock.Now();
  if (fetched.outlive_expiration && *end_ <= now + options.wait_before) {
    end_ = now + std::chrono::duration_cast<WallTime::duration>(Extension(rng));
  }
  // Times that are far off would not fit into a Duration.
  constexpr auto kLongest = std::chrono::hours(24 * 365);
  end_ = std::min(*end_, now + kLongest);
  const Duration life = *end_ > now ? Duration(*end_ - now) : Duration(0);
  steady_end_ = clock.SteadyNow() + life;
  // Credentials of 15 minutes would else be refreshed with every call.
  refresh_before_ = std::min(options.refresh_before, life / 4);
  wait_before_ = std::min(options.wait_before, life / 10);
}

Duration KeptCredentials::LeftNow(const Clock& clock) const {
  const WallTime now = clock.Now();
  if (*end_ <= now) return Duration(0);
  const Duration steady_left = steady_end_ - clock.SteadyNow();
  // The wall clock may have been set back by centuries.
  if (now < *end_ - std::chrono::hours(24 * 366)) return steady_left;
  return std::min(Duration(*end_ - now), steady_left);
}

Age KeptCredentials::AgeNow(const Clock& clock) const {
  if (!end_) return Age::kFresh;
  const Duration left = LeftNow(clock);
  if (left <= Duration(0)) return Age::kExpired;
  if (left <= wait_before_) return Age::kWait;
  return left <= refresh_before_ ? Age::kRefresh : Age::kFresh;
}

}  // namespace gsh::aws
