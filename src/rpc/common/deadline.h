// When a call must have ended.
#ifndef GSH_SRC_RPC_COMMON_DEADLINE_H_
#define GSH_SRC_RPC_COMMON_DEADLINE_H_

#include <chrono>
#include <optional>

#include "gsh/options.h"

namespace gsh::rpc {

// A CallOptions::timeout for "no limit, whatever the client's default is".
inline constexpr Duration kNoTimeout = Duration::max();

// Empty: no limit. Timeouts of more than a year are none, so that sums of times stay far from
// overflow.
inline std::optional<SteadyTime> DeadlineAfter(Duration timeout, SteadyTime now) {
  constexpr Duration kLongest = std::chrono::hours(24 * 365);
  if (timeout > kLongest) return std::nullopt;
  return now + timeout;
}

// As CallOptions::timeout and ClientOptions::timeout say.
inline std::optional<SteadyTime> DeadlineOf(const ClientOptions& client, const CallOptions& call,
                                            SteadyTime now) {
  if (call.timeout) return DeadlineAfter(*call.timeout, now);
  if (client.timeout <= Duration(0)) return std::nullopt;
  return DeadlineAfter(client.timeout, now);
}

}  // namespace gsh::rpc

#endif  // GSH_SRC_RPC_COMMON_DEADLINE_H_
