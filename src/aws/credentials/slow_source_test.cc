// A source that does not answer in time, or only then: what callers get, on the manual clock.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <chrono>
#include <functional>
#include <memory>
#include <utility>
#include <vector>

#include "src/aws/credentials/cached_provider_fixture.h"

namespace gsh::aws {
namespace {

using testing::IsOk;
using namespace std::chrono_literals;

TEST_F(CachedProviderTest, ASlowSourceHoldsNobodyForever) {
  Make({.fetch_timeout = 20s});
  script_->answer_at_once = false;
  const auto patient = Ask({.timeout = Duration::max()});
  const auto hasty = Ask({.timeout = 5s});
  clock_.Advance(5s);
  EXPECT_EQ(*hasty, "error: the source of credentials is slow");
  EXPECT_EQ(*patient, "waiting");
  clock_.Advance(15s);
  EXPECT_EQ(*patient, "error: the source of credentials does not answer");
  EXPECT_TRUE(script_->stop.stop_requested());
  EXPECT_EQ(Get(), "error: the source of credentials does not answer");
  EXPECT_EQ(script_->fetches, 1) << "the first one has not ended";
  script_->open.at(0)(Good("late", 1h));
  EXPECT_EQ(Get(), "late");
}

TEST_F(CachedProviderTest, ASlowRefreshLeavesTheLastGoodOnes) {
  Make({.fetch_timeout = 20s});
  Answer("one", 1h);
  EXPECT_EQ(Get(), "one");
  clock_.Advance(59min);
  script_->answer_at_once = false;
  const auto waits = Ask();
  EXPECT_EQ(*waits, "waiting");
  clock_.Advance(20s);
  EXPECT_EQ(*waits, "one");
  EXPECT_EQ(Get(), "one") << "nobody else waits for it";
}

TEST_F(CachedProviderTest, AFetchThatWasStoppedAsItWasSlowIsNotACallersWish) {
  Make({.fetch_timeout = 20s});
  script_->answer_at_once = false;
  const auto asked = Ask();
  clock_.Advance(20s);
  EXPECT_EQ(*asked, "error: the source of credentials does not answer");
  script_->open.at(0)(CancelledError("the caller gave up"));
  EXPECT_EQ(Get(), "error: the source of credentials does not answer");
  EXPECT_EQ(log_.Count("no new AWS credentials"), 1);
  clock_.Advance(1s);
  EXPECT_EQ(*Ask(), "waiting");
  EXPECT_EQ(script_->fetches, 2);
}

// ManualClock's, but each timer can be run by hand: before it is known by its id, or after it was
// cancelled, as a timer that was already running.
class RacingClock final : public Clock {
 public:
  explicit RacingClock(testing::ManualClock& inner) : inner_(inner) {}
  WallTime Now() const override { return inner_.Now(); }
  SteadyTime SteadyNow() const override { return inner_.SteadyNow(); }
  TimerId RunAt(SteadyTime when, std::function<void()> fn) override {
    timers.push_back(fn);
    if (std::exchange(first_at_once, false)) fn();
    return inner_.RunAt(when, std::move(fn));
  }
  bool Cancel(TimerId id) override { return inner_.Cancel(id); }

  std::vector<std::function<void()>> timers = {};
  bool first_at_once = false;

 private:
  testing::ManualClock& inner_;
};

TEST_F(CachedProviderTest, TheTimeOutOfAFetchThatHasEndedDoesNotEndTheNext) {
  RacingClock racing(clock_);
  script_->answer_at_once = false;
  auto made = MakeCachedProvider(std::make_unique<ScriptedSource>(script_),
                                 {.executor = InlineExecutor(), .clock = &racing, .log = &log_});
  ASSERT_THAT(made, IsOk());
  provider_ = *std::move(made);
  const auto first = Ask();
  const auto late = racing.timers.at(0);
  script_->open.at(0)(UnavailableError("down"));
  EXPECT_EQ(*first, "error: down");
  clock_.Advance(1s);
  const auto second = Ask();
  EXPECT_EQ(script_->fetches, 2);
  late();
  EXPECT_EQ(*second, "waiting");
  EXPECT_FALSE(script_->stop.stop_requested());
  script_->open.at(1)(Good("one", 1h));
  EXPECT_EQ(*second, "one");
  provider_ = nullptr;
}

TEST_F(CachedProviderTest, ATimeOutMayComeBeforeTheFetchHasBegun) {
  RacingClock racing(clock_);
  racing.first_at_once = true;
  script_->answer_at_once = false;
  auto made = MakeCachedProvider(std::make_unique<ScriptedSource>(script_),
                                 {.executor = InlineExecutor(), .clock = &racing});
  ASSERT_THAT(made, IsOk());
  provider_ = *std::move(made);
  EXPECT_EQ(Get(), "error: the source of credentials does not answer");
  EXPECT_TRUE(script_->stop.stop_requested());
  provider_ = nullptr;
}

}  // namespace
}  // namespace gsh::aws
