#include "src/agones/failover/circuit_breaker.h"

#include <algorithm>

namespace gsh::agones {

CircuitBreaker::State CircuitBreaker::StateAt(SteadyTime now) const {
  if (!open_) return State::kClosed;
  return now < open_until_ ? State::kOpen : State::kHalfOpen;
}

void CircuitBreaker::Succeed() {
  failures_ = 0;
  open_ = false;
  probe_under_way_ = false;
  pause_ = first_pause_;
}

void CircuitBreaker::Fail(SteadyTime now, bool probe) {
  if (probe) {
    probe_under_way_ = false;
    if (open_) Open(now);
    return;
  }
  if (!open_ && ++failures_ >= threshold_) Open(now);
}

void CircuitBreaker::Forget(bool probe) {
  if (probe) probe_under_way_ = false;
}

void CircuitBreaker::Open(SteadyTime now) {
  open_ = true;
  failures_ = 0;
  open_until_ = now + pause_;
  pause_ = std::min(pause_ * 2, longest_pause_);
}

}  // namespace gsh::agones
