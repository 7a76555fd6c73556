// Clock: time and timers, injected everywhere so that tests never sleep.
#ifndef GSH_CLOCK_H_
#define GSH_CLOCK_H_

#include <chrono>
#include <cstdint>
#include <functional>
#include <stop_token>
#include <utility>

#include "gsh/export.h"

namespace gsh {

using Duration = std::chrono::nanoseconds;
// For what people and other machines read.
using WallTime = std::chrono::system_clock::time_point;
// For everything that is measured or waited for.
using SteadyTime = std::chrono::steady_clock::time_point;

class GSH_EXPORT Clock {
 public:
  using TimerId = std::uint64_t;

  virtual ~Clock() = default;
  virtual WallTime Now() const = 0;
  virtual SteadyTime SteadyNow() const = 0;

  // Runs `fn` once at `when` (at once if that has passed) on the clock's own thread; `fn` must be
  // quick and must not block: post longer work to an Executor.
  virtual TimerId RunAt(SteadyTime when, std::function<void()> fn) = 0;
  // False if the timer already ran, is running or never was. Does not wait for a running one.
  virtual bool Cancel(TimerId id) = 0;

  // Any delay will do: Duration::max() is never.
  TimerId RunAfter(Duration delay, std::function<void()> fn) {
    const SteadyTime now = SteadyNow();
    const bool never = delay > SteadyTime::max() - now;
    return RunAt(never ? SteadyTime::max() : now + delay, std::move(fn));
  }
  // Blocks until `delay` has passed (true) or `stop` was asked for (false).
  bool SleepFor(Duration delay, std::stop_token stop = {});

 protected:
  Clock() = default;
  Clock(const Clock&) = delete;
  Clock& operator=(const Clock&) = delete;
};

// The machine's clock; one timer thread for the process, started with its first timer.
GSH_EXPORT Clock& SystemClock();

}  // namespace gsh

#endif  // GSH_CLOCK_H_
