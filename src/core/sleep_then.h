// SleepThen: a pause in asynchronous work that a stop request cuts short.
#ifndef GSH_SRC_CORE_SLEEP_THEN_H_
#define GSH_SRC_CORE_SLEEP_THEN_H_

#include <functional>
#include <stop_token>

#include "gsh/clock.h"
#include "gsh/export.h"

namespace gsh::internal {

// Runs `fn` exactly once: after `delay` on the clock's thread, or as soon as `stop` is asked for,
// on the thread that asks (on this one if it was already).
GSH_EXPORT void SleepThen(Clock& clock, Duration delay, std::stop_token stop,
                          std::function<void()> fn);

}  // namespace gsh::internal

#endif  // GSH_SRC_CORE_SLEEP_THEN_H_
