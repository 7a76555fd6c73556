#include "gsh/clock.h"

#include <gtest/gtest.h>

#include <future>
#include <thread>
#include <vector>

#include "gsh/testing/manual_clock.h"

namespace gsh {
namespace {

using namespace std::chrono_literals;
using testing::ManualClock;

TEST(ManualClockTest, TimersRunInOrderEachAtItsOwnTime) {
  ManualClock clock;
  const SteadyTime start = clock.SteadyNow();
  std::vector<std::pair<int, Duration>> ran;
  const auto record = [&](int i) {
    return [&, i] { ran.emplace_back(i, clock.SteadyNow() - start); };
  };
  clock.RunAfter(2s, record(2));
  clock.RunAfter(1s, record(1));
  clock.RunAfter(10s, record(3));
  clock.Advance(5s);
  EXPECT_EQ(ran, (std::vector<std::pair<int, Duration>>{{1, 1s}, {2, 2s}}));
  EXPECT_EQ(clock.SteadyNow() - start, 5s);
  EXPECT_EQ(clock.pending(), 1u);
}

TEST(ManualClockTest, ATimerThatATimerSetsRunsInTheSameAdvance) {
  ManualClock clock;
  int ran = 0;
  clock.RunAfter(1s, [&] { clock.RunAfter(1s, [&] { ++ran; }); });
  clock.Advance(2s);
  EXPECT_EQ(ran, 1);
}

TEST(ManualClockTest, CancelledTimersDoNotRun) {
  ManualClock clock;
  int ran = 0;
  const auto id = clock.RunAfter(1s, [&] { ++ran; });
  EXPECT_TRUE(clock.Cancel(id));
  EXPECT_FALSE(clock.Cancel(id));
  clock.Advance(2s);
  EXPECT_EQ(ran, 0);
}

TEST(ManualClockTest, TheLongestDelayIsNever) {
  ManualClock clock;
  clock.RunAfter(Duration::max(), [] { ADD_FAILURE() << "never came"; });
  clock.Advance(1000h);
  EXPECT_EQ(clock.pending(), 1u);
}

TEST(SleepForTest, EndsWhenTheTimeHasCome) {
  ManualClock clock;
  auto slept = std::async(std::launch::async, [&] { return clock.SleepFor(60s); });
  clock.WaitForTimers();
  clock.Advance(60s);
  EXPECT_TRUE(slept.get());
}

TEST(SleepForTest, EndsAtOnceOnStopAndLeavesNoTimer) {
  ManualClock clock;
  std::stop_source stop;
  auto slept =
      std::async(std::launch::async, [&] { return clock.SleepFor(60s, stop.get_token()); });
  clock.WaitForTimers();
  stop.request_stop();
  EXPECT_FALSE(slept.get());
  EXPECT_EQ(clock.pending(), 0u);
}

TEST(SystemClockTest, RunsTimersInOrderOfTimeNotOfCalls) {
  std::promise<void> both_set;
  std::promise<void> second;
  std::vector<int> order;
  // Keeps the clock's thread busy, so that neither timer runs before the other is set.
  SystemClock().RunAfter(0ms, [set = both_set.get_future().share()] { set.wait(); });
  const SteadyTime now = SystemClock().SteadyNow();
  SystemClock().RunAt(now + 2ms, [&] {
    order.push_back(2);
    second.set_value();
  });
  SystemClock().RunAt(now + 1ms, [&] { order.push_back(1); });
  both_set.set_value();
  second.get_future().wait();
  EXPECT_EQ(order, (std::vector<int>{1, 2}));
}

TEST(SystemClockTest, CancelStopsATimerThatIsNotDue) {
  const auto id = SystemClock().RunAfter(1h, [] { ADD_FAILURE() << "a cancelled timer ran"; });
  EXPECT_TRUE(SystemClock().Cancel(id));
  EXPECT_FALSE(SystemClock().Cancel(id));
}

}  // namespace
}  // namespace gsh
