#include "src/director/pacing.h"

#include <algorithm>
#include <chrono>

namespace gsh::director {
namespace {

using std::chrono::milliseconds;

constexpr Duration kFirstPause = milliseconds(250);
constexpr Duration kLongestIdlePause = milliseconds(1000);
// The backend's own channel to a match function that came back may stay in back-off for two
// minutes; players wait meanwhile, so this pause stays short.
constexpr Duration kLongestFailurePause = milliseconds(4000);

Duration Doubled(Duration first, int times, Duration longest) {
  Duration pause = first;
  for (int i = 0; i < times && pause < longest; ++i) pause *= 2;
  return std::min(pause, longest);
}

}  // namespace

Duration Pacing::Next(RoundKind kind, Duration took) {
  idle_ = kind == RoundKind::kIdle ? idle_ + 1 : 0;
  failed_ = kind == RoundKind::kFailed ? failed_ + 1 : 0;
  Duration pause{0};
  if (interval_) {
    pause = std::max(Duration{0}, *interval_ - took);
  } else if (kind == RoundKind::kIdle) {
    pause = std::max(Duration{0}, IdlePause() - took);
  }
  return kind == RoundKind::kFailed ? std::max(pause, FailurePause()) : pause;
}

Duration Pacing::IdlePause() { return Doubled(kFirstPause, idle_ - 1, kLongestIdlePause); }

Duration Pacing::FailurePause() {
  const Duration longest = Doubled(kFirstPause, failed_ - 1, kLongestFailurePause);
  // Between a half and the whole of it: never nothing.
  return longest / 2 + Duration(static_cast<Duration::rep>(
                           rng_.NextDouble() * static_cast<double>((longest / 2).count())));
}

}  // namespace gsh::director
