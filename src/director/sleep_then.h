// SleepThen by its short name.
#ifndef GSH_SRC_DIRECTOR_SLEEP_THEN_H_
#define GSH_SRC_DIRECTOR_SLEEP_THEN_H_

#include "src/core/sleep_then.h"

namespace gsh::director {
using internal::SleepThen;
}  // namespace gsh::director

#endif  // GSH_SRC_DIRECTOR_SLEEP_THEN_H_
