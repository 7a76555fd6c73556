#include "src/core/sleep_then.h"

#include <gtest/gtest.h>

#include <chrono>

#include "gsh/testing/manual_clock.h"

namespace gsh::internal {
namespace {

using std::chrono::seconds;

TEST(SleepThenTest, RunsAfterTheDelayOnce) {
  testing::ManualClock clock;
  std::stop_source stop;
  int runs = 0;
  SleepThen(clock, seconds(3), stop.get_token(), [&] { ++runs; });
  clock.Advance(seconds(2));
  EXPECT_EQ(runs, 0);
  clock.Advance(seconds(1));
  EXPECT_EQ(runs, 1);
  stop.request_stop();
  EXPECT_EQ(runs, 1);
}

TEST(SleepThenTest, AStopRequestCutsItShort) {
  testing::ManualClock clock;
  std::stop_source stop;
  int runs = 0;
  SleepThen(clock, seconds(3), stop.get_token(), [&] { ++runs; });
  stop.request_stop();
  EXPECT_EQ(runs, 1);
  EXPECT_EQ(clock.pending(), 0u);
  SleepThen(clock, seconds(3), stop.get_token(), [&] { ++runs; });
  EXPECT_EQ(runs, 2);
  EXPECT_EQ(clock.pending(), 0u);
}

TEST(SleepThenTest, LetsGoOfWhatItHolds) {
  testing::ManualClock clock;
  std::stop_source stop;
  auto held = std::make_shared<int>(1);
  const std::weak_ptr<int> watch = held;
  SleepThen(clock, seconds(3), stop.get_token(), [held] {});
  SleepThen(clock, seconds(9), stop.get_token(), [held] {});
  held.reset();
  clock.Advance(seconds(3));
  EXPECT_FALSE(watch.expired());
  stop.request_stop();
  EXPECT_TRUE(watch.expired());
}

}  // namespace
}  // namespace gsh::internal
