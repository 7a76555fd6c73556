// XidGenerator: ticket ids of the shape the real frontend gives (github.com/rs/xid).
#ifndef GSH_SRC_TESTING_SANDBOX_OPEN_MATCH_XID_H_
#define GSH_SRC_TESTING_SANDBOX_OPEN_MATCH_XID_H_

#include <array>
#include <atomic>
#include <cstdint>
#include <string>

#include "gsh/clock.h"
#include "gsh/rng.h"

namespace gsh::sandbox {

// 20 characters of lower-case base32hex over 12 bytes: seconds since the epoch, 5 bytes that name
// this process, a 3-byte counter. Later ids sort after earlier ones. Thread-safe.
class XidGenerator {
 public:
  XidGenerator(Clock& clock, Rng& rng);
  std::string Next();

 private:
  Clock& clock_;
  std::array<std::uint8_t, 5> process_;
  std::atomic<std::uint32_t> counter_;
};

}  // namespace gsh::sandbox

#endif  // GSH_SRC_TESTING_SANDBOX_OPEN_MATCH_XID_H_
