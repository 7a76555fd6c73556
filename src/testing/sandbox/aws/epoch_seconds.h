// Times as AWS's JSON protocols have them.
#ifndef GSH_SRC_TESTING_SANDBOX_AWS_EPOCH_SECONDS_H_
#define GSH_SRC_TESTING_SANDBOX_AWS_EPOCH_SECONDS_H_

#include <chrono>

#include "gsh/clock.h"

namespace gsh::testing::aws {

// With milliseconds after the point.
inline double EpochSeconds(WallTime time) {
  const auto ms = std::chrono::floor<std::chrono::milliseconds>(time.time_since_epoch());
  return static_cast<double>(ms.count()) / 1000;
}

}  // namespace gsh::testing::aws

#endif  // GSH_SRC_TESTING_SANDBOX_AWS_EPOCH_SECONDS_H_
