// ManualClock: time that moves only when told to.
#ifndef GSH_TESTING_MANUAL_CLOCK_H_
#define GSH_TESTING_MANUAL_CLOCK_H_

#include <condition_variable>
#include <cstdint>
#include <functional>
#include <map>
#include <mutex>
#include <utility>

#include "gsh/clock.h"

namespace gsh::testing {

// May be used from several threads. Starts at 2026-01-01T00:00:00Z.
class GSH_EXPORT ManualClock final : public Clock {
 public:
  WallTime Now() const override;
  SteadyTime SteadyNow() const override;
  TimerId RunAt(SteadyTime when, std::function<void()> fn) override;
  bool Cancel(TimerId id) override;

  // Moves time forward by `by`, running due timers in order, each at its own time, on this thread.
  void Advance(Duration by);
  // Moves to the next timer and runs it; false if there is none.
  bool AdvanceToNext();
  // Blocks (real time) until at least `count` timers wait: another thread has come to its SleepFor.
  void WaitForTimers(std::size_t count = 1);
  std::size_t pending() const;

 private:
  mutable std::mutex mutex_;
  std::condition_variable added_;
  Duration elapsed_{0};
  TimerId next_id_ = 1;
  std::map<std::pair<SteadyTime, TimerId>, std::function<void()>> timers_;
};

}  // namespace gsh::testing

#endif  // GSH_TESTING_MANUAL_CLOCK_H_
