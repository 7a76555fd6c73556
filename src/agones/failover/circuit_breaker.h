// CircuitBreaker: keeps calls away from an endpoint that fails, and tries it out again.
#ifndef GSH_SRC_AGONES_FAILOVER_CIRCUIT_BREAKER_H_
#define GSH_SRC_AGONES_FAILOVER_CIRCUIT_BREAKER_H_

#include "gsh/agones/failover_options.h"
#include "gsh/clock.h"

namespace gsh::agones {

// A state machine without a clock of its own. Closed: calls go through. Open: none. Half open: one
// call, the probe, decides whether it closes or opens for twice as long.
class CircuitBreaker {
 public:
  enum class State { kClosed, kOpen, kHalfOpen };

  explicit CircuitBreaker(const FailoverOptions& options)
      : threshold_(options.failure_threshold),
        first_pause_(options.open_time),
        longest_pause_(options.max_open_time),
        pause_(options.open_time) {}

  // Half open: the pause is over, and no probe is under way or one is.
  State StateAt(SteadyTime now) const;
  bool AwaitsProbe(SteadyTime now) const {
    return StateAt(now) == State::kHalfOpen && !probe_under_way_;
  }
  SteadyTime open_until() const { return open_until_; }

  void BeginProbe() { probe_under_way_ = true; }
  // The endpoint has answered.
  void Succeed();
  // It has not. Late failures of calls from before it opened change nothing.
  void Fail(SteadyTime now, bool probe);
  // The probe was given up without a verdict.
  void Forget(bool probe);

 private:
  void Open(SteadyTime now);

  const int threshold_;
  const Duration first_pause_;
  const Duration longest_pause_;
  int failures_ = 0;  // in a row
  bool open_ = false;
  bool probe_under_way_ = false;
  Duration pause_;  // of the next opening
  SteadyTime open_until_ = {};
};

}  // namespace gsh::agones

#endif  // GSH_SRC_AGONES_FAILOVER_CIRCUIT_BREAKER_H_
