#include "src/rpc/common/reconnect.h"

#include <gtest/gtest.h>

#include <chrono>

#include "gsh/testing/fakes.h"
#include "gsh/testing/manual_clock.h"

namespace gsh::rpc {
namespace {

using std::chrono::milliseconds;
using std::chrono::seconds;

class ReconnectTest : public ::testing::Test {
 protected:
  // One stream that lives so long; the pause after it.
  Duration PauseAfter(Duration life) {
    reconnect_.Opened();
    clock_.Advance(life);
    return reconnect_.NextPause();
  }

  testing::ManualClock clock_;
  testing::FixedRng half_{1ULL << 63};
  const ClientOptions options_{
      .retry = {.initial_backoff = milliseconds(100), .max_backoff = seconds(2)},
      .clock = &clock_,
      .rng = &half_};
  Reconnect reconnect_{options_};
};

TEST_F(ReconnectTest, StreamsThatBreakAtOnceAreOpenedMoreAndMoreRarely) {
  EXPECT_EQ(PauseAfter(milliseconds(1)), milliseconds(50));
  EXPECT_EQ(PauseAfter(seconds(2)), milliseconds(100));
  EXPECT_EQ(PauseAfter(milliseconds(1)), milliseconds(200));
  EXPECT_EQ(reconnect_.failures(), 3);
  for (int i = 0; i < 50; ++i) EXPECT_LE(PauseAfter(milliseconds(1)), seconds(1));
}

TEST_F(ReconnectTest, AStreamThatHeldIsFollowedSoon) {
  for (int i = 0; i < 5; ++i) PauseAfter(milliseconds(1));
  EXPECT_EQ(PauseAfter(seconds(3)), milliseconds(50));
  EXPECT_EQ(reconnect_.failures(), 1);
}

}  // namespace
}  // namespace gsh::rpc
