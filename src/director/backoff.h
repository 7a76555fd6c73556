// Pauses between repeated calls: exponential, with full jitter.
#ifndef GSH_SRC_DIRECTOR_BACKOFF_H_
#define GSH_SRC_DIRECTOR_BACKOFF_H_

#include <algorithm>
#include <chrono>

#include "gsh/clock.h"
#include "gsh/rng.h"

namespace gsh::director {

// After the `attempts`-th attempt (from 1): uniform in [10 ms, min(5 s, 200 ms * 2^(attempts-1))].
inline Duration Backoff(int attempts, Rng& rng) {
  constexpr Duration kFirst = std::chrono::milliseconds(200);
  constexpr Duration kLongest = std::chrono::seconds(5);
  constexpr Duration kShortest = std::chrono::milliseconds(10);
  const Duration longest = std::min<Duration>(kLongest, kFirst * (1 << std::min(attempts - 1, 10)));
  return kShortest + Duration(static_cast<Duration::rep>(
                         rng.NextDouble() * static_cast<double>((longest - kShortest).count())));
}

}  // namespace gsh::director

#endif  // GSH_SRC_DIRECTOR_BACKOFF_H_
