// Conversions of google.protobuf.Timestamp.
#ifndef GSH_SRC_TESTING_SANDBOX_OPEN_MATCH_TIMESTAMPS_H_
#define GSH_SRC_TESTING_SANDBOX_OPEN_MATCH_TIMESTAMPS_H_

#include <chrono>
#include <compare>
#include <cstdint>

#include "gsh/clock.h"
#include "src/proto/openmatch.h"

namespace gsh::sandbox {

inline google::protobuf::Timestamp ToTimestamp(WallTime time) {
  const auto seconds = std::chrono::floor<std::chrono::seconds>(time);
  google::protobuf::Timestamp stamp;
  stamp.set_seconds(seconds.time_since_epoch().count());
  stamp.set_nanos(static_cast<std::int32_t>(
      std::chrono::duration_cast<std::chrono::nanoseconds>(time - seconds).count()));
  return stamp;
}

// Within the years 1 to 9999, nanoseconds within their second (timestamp.proto).
inline bool IsValid(const google::protobuf::Timestamp& stamp) {
  return stamp.seconds() >= -62135596800 && stamp.seconds() <= 253402300799 && stamp.nanos() >= 0 &&
         stamp.nanos() <= 999999999;
}

inline std::strong_ordering Compare(const google::protobuf::Timestamp& a,
                                    const google::protobuf::Timestamp& b) {
  const auto seconds = a.seconds() <=> b.seconds();
  return seconds != 0 ? seconds : a.nanos() <=> b.nanos();
}

}  // namespace gsh::sandbox

#endif  // GSH_SRC_TESTING_SANDBOX_OPEN_MATCH_TIMESTAMPS_H_
