// Pacing: how long to wait before the next round.
#ifndef GSH_SRC_DIRECTOR_PACING_H_
#define GSH_SRC_DIRECTOR_PACING_H_

#include <optional>

#include "gsh/clock.h"
#include "gsh/rng.h"

namespace gsh::director {

enum class RoundKind {
  kBusy,    // matches came, and servers are found for them
  kIdle,    // no match, or no server for any of the late ones: asking faster would not help
  kFailed,  // Open Match or the match function is in trouble
};

// Not thread-safe.
class Pacing {
 public:
  // `interval` as in DirectorOptions.
  Pacing(std::optional<Duration> interval, Rng& rng) : interval_(interval), rng_(rng) {}

  // The pause after a round of this kind that took `took`, which counts towards it: Open Match's
  // registration window alone is a quarter of a second in which players wait. Failed rounds wait at
  // least a back-off with jitter, so that several directors do not come back together.
  Duration Next(RoundKind kind, Duration took);

 private:
  Duration IdlePause();
  Duration FailurePause();

  const std::optional<Duration> interval_;
  Rng& rng_;
  int idle_ = 0;    // such rounds in a row
  int failed_ = 0;  // likewise
};

}  // namespace gsh::director

#endif  // GSH_SRC_DIRECTOR_PACING_H_
