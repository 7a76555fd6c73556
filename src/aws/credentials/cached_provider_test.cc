// Refreshing, on the manual clock: what callers get while credentials age and sources misbehave.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <chrono>
#include <future>
#include <memory>
#include <optional>
#include <string>
#include <thread>
#include <utility>
#include <vector>

#include "gsh/testing/fakes.h"
#include "gsh/testing/manual_clock.h"
#include "gsh/testing/matchers.h"
#include "src/aws/credentials/cached_provider_fixture.h"

namespace gsh::aws {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using testing::IsOk;
using testing::StatusIs;
using namespace std::chrono_literals;

TEST_F(CachedProviderTest, OneFetchServesUntilShortBeforeTheEnd) {
  Answer("one", 6h);
  EXPECT_EQ(Get(), "one");
  clock_.Advance(6h - 15min - 1s);
  EXPECT_EQ(Get(), "one");
  EXPECT_EQ(script_->fetches, 1);
}

TEST_F(CachedProviderTest, IsRefreshedInTheBackgroundBeforeTheEnd) {
  Answer("one", 6h);
  EXPECT_EQ(Get(), "one");
  clock_.Advance(6h - 15min);
  script_->answer_at_once = false;
  EXPECT_EQ(Get(), "one") << "nobody waits";
  EXPECT_EQ(Get(), "one");
  EXPECT_EQ(script_->fetches, 2) << "one fetch at a time";
  script_->open.at(0)(Good("two", 6h));
  EXPECT_EQ(Get(), "two");
}

TEST_F(CachedProviderTest, InTheLastMinuteCallsWait) {
  Answer("one", 6h);
  EXPECT_EQ(Get(), "one");
  clock_.Advance(6h - 1min);
  script_->answer_at_once = false;
  const auto waits = Ask();
  EXPECT_EQ(*waits, "waiting");
  script_->open.at(0)(Good("two", 6h));
  EXPECT_EQ(*waits, "two");
}

TEST_F(CachedProviderTest, LastGoodOnesServeWhileARefreshFails) {
  Answer("one", 1h);
  EXPECT_EQ(Get(), "one");
  Fail("no answer");
  clock_.Advance(50min);
  EXPECT_EQ(Get(), "one");
  EXPECT_EQ(script_->fetches, 2);
  EXPECT_EQ(log_.Count("no answer"), 1);
  clock_.Advance(9min + 30s);
  EXPECT_EQ(Get(), "one") << "in the last minute too";
  EXPECT_EQ(script_->fetches, 3);
  clock_.Advance(30s);
  EXPECT_EQ(Get(), "error: no answer");
}

TEST_F(CachedProviderTest, AFailingSourceIsLeftAloneLongerEachTime) {
  Fail("down");
  std::vector<int> seconds;
  SteadyTime last = clock_.SteadyNow();
  while (script_->fetches < 9) {
    const int before = script_->fetches;
    EXPECT_EQ(Get(), "error: down");
    if (script_->fetches > before) {
      seconds.push_back(static_cast<int>(
          std::chrono::round<std::chrono::seconds>(clock_.SteadyNow() - last).count()));
      last = clock_.SteadyNow();
    }
    clock_.Advance(100ms);
  }
  EXPECT_THAT(seconds, ElementsAre(0, 1, 2, 4, 8, 16, 32, 60, 60));
  Answer("one", 1h);
  clock_.Advance(60s);
  EXPECT_EQ(Get(), "one");
}

TEST_F(CachedProviderTest, PausesAreNeverLessThanHalf) {
  testing::FixedRng no_jitter(0);
  auto made =
      MakeCachedProvider(std::make_unique<ScriptedSource>(script_),
                         {.executor = InlineExecutor(), .clock = &clock_, .rng = &no_jitter});
  ASSERT_THAT(made, IsOk());
  provider_ = *made;
  Fail("down");
  Get();
  clock_.Advance(499ms);
  Get();
  EXPECT_EQ(script_->fetches, 1);
  clock_.Advance(1ms);
  Get();
  EXPECT_EQ(script_->fetches, 2);
}

TEST_F(CachedProviderTest, ManyCallersShareOneFetch) {
  script_->answer_at_once = false;
  std::vector<std::shared_ptr<std::string>> asked;
  for (int i = 0; i < 100; ++i) asked.push_back(Ask());
  EXPECT_EQ(script_->fetches, 1);
  script_->open.at(0)(Good("one", 1h));
  for (const auto& text : asked) EXPECT_EQ(*text, "one");
  EXPECT_EQ(clock_.pending(), 0u) << "no deadline outlives its call";
  EXPECT_EQ(metrics_.Value("gsh_aws_credentials_refreshes_total{code=OK}"), 1);
}

TEST_F(CachedProviderTest, ManyThreadsShareOneFetch) {
  script_->answer_at_once = false;
  std::vector<std::future<StatusOr<std::shared_ptr<const Credentials>>>> asked;
  for (int i = 0; i < 16; ++i) {
    asked.push_back(std::async(std::launch::async, [this] { return provider_->Get(); }));
  }
  clock_.WaitForTimers(17);  // each call's deadline, and the fetch's
  EXPECT_EQ(script_->fetches, 1);
  script_->open.at(0)(Good("one", 1h));
  for (auto& got : asked) EXPECT_EQ((*got.get())->access_key_id, "one");
}

TEST_F(CachedProviderTest, ExpiredOnesAreAnError) {
  Answer("old", -1min);
  EXPECT_THAT(Get(), HasSubstr("error: credentials from script expired at 2025-12-31T23:59:00Z"));
  clock_.Advance(1s);
  script_->answer->credentials.source.clear();
  EXPECT_THAT(Get(), HasSubstr("error: credentials expired at 2025-12-31T23:59:00Z"));
  Answer("one", 1h);
  EXPECT_THAT(Get(), HasSubstr("error: ")) << "too early";
  clock_.Advance(1s);
  clock_.Advance(1s);
  EXPECT_EQ(Get(), "one");
}

TEST_F(CachedProviderTest, ExpiredOnesDoNotReplaceGoodOnes) {
  Answer("one", 1h);
  EXPECT_EQ(Get(), "one");
  clock_.Advance(50min);
  Answer("old", -1min);
  EXPECT_EQ(Get(), "one");
  EXPECT_EQ(Get(), "one");
}

TEST_F(CachedProviderTest, ThoseOfAnInstanceAreUsedLongerThanTheySay) {
  Answer("old", -1h);
  script_->answer->outlive_expiration = true;
  EXPECT_EQ(Get(), "old");
  clock_.Advance(7min);
  EXPECT_EQ(Get(), "old");
  EXPECT_EQ(script_->fetches, 1) << "no need to ask with every call";
  clock_.Advance(3min);
  Answer("new", 6h);
  EXPECT_EQ(Get(), "new");
}

TEST_F(CachedProviderTest, TimesBeyondAllMeasureDoNotOverflow) {
  Answer("one", 1h);
  script_->answer->credentials.expiration = WallTime::max();
  EXPECT_EQ(Get(), "one");
  Make({});
  script_->answer->credentials.expiration = WallTime::min();
  EXPECT_THAT(Get(), HasSubstr("expired at"));
}

TEST_F(CachedProviderTest, ShortLivedOnesAreNotRefreshedWithEveryCall) {
  Answer("one", 15min);
  for (int i = 0; i < 11; ++i) {
    EXPECT_EQ(Get(), "one");
    clock_.Advance(1min);
  }
  EXPECT_EQ(script_->fetches, 1);
  clock_.Advance(30s);
  Answer("two", 15min);
  EXPECT_EQ(Get(), "one");
  EXPECT_EQ(script_->fetches, 2);
  EXPECT_EQ(Get(), "two");
}

TEST_F(CachedProviderTest, CallsWaitInTheLastTenthOfAShortLife) {
  Answer("one", 5min);
  EXPECT_EQ(Get(), "one");
  clock_.Advance(4min + 29s);
  script_->answer_at_once = false;
  EXPECT_EQ(Get(), "one");
  clock_.Advance(1s);
  EXPECT_EQ(Get(), "waiting");
}

TEST_F(CachedProviderTest, RefusedOnesAreReplaced) {
  Answer("one", 1h);
  EXPECT_EQ(Get(), "one");
  const Credentials refused = script_->answer->credentials;
  Answer("two", 1h);
  provider_->Reject(refused);
  EXPECT_EQ(Get(), "two");
  provider_->Reject(refused);
  EXPECT_EQ(Get(), "two") << "those of before are no news";
  EXPECT_EQ(script_->fetches, 2);
}

TEST_F(CachedProviderTest, RefusedOnesThatTheSourceGivesAgainServeForAWhile) {
  Answer("one", 1h);
  EXPECT_EQ(Get(), "one");
  for (int i = 0; i < 50; ++i) {
    provider_->Reject(script_->answer->credentials);
    EXPECT_EQ(Get(), "one");
  }
  EXPECT_EQ(script_->fetches, 2);
  clock_.Advance(1s);
  Answer("two", 1h);
  EXPECT_EQ(Get(), "two");
}

TEST_F(CachedProviderTest, RefusedOnesServeWhileTheSourceFails) {
  Answer("one", 1h);
  EXPECT_EQ(Get(), "one");
  provider_->Reject(script_->answer->credentials);
  Fail("down");
  EXPECT_EQ(Get(), "one");
}

TEST_F(CachedProviderTest, AWallClockThatIsSetBackProlongsNothing) {
  // ManualClock moves both clocks; a wall clock of the past is one whose credentials seem to live
  // for longer than they do by the steady one.
  class SetBack final : public Clock {
   public:
    explicit SetBack(testing::ManualClock& inner) : inner_(inner) {}
    WallTime Now() const override { return inner_.Now() - back; }
    SteadyTime SteadyNow() const override { return inner_.SteadyNow(); }
    TimerId RunAt(SteadyTime when, std::function<void()> fn) override {
      return inner_.RunAt(when, std::move(fn));
    }
    bool Cancel(TimerId id) override { return inner_.Cancel(id); }
    std::chrono::hours back{0};

   private:
    testing::ManualClock& inner_;
  } clock(clock_);
  auto made = MakeCachedProvider(std::make_unique<ScriptedSource>(script_), {.clock = &clock});
  ASSERT_THAT(made, IsOk());
  provider_ = *made;
  Answer("one", 1h);
  EXPECT_EQ(*Ask({.executor = InlineExecutor()}), "one");
  for (const int hours : {24, 24 * 365 * 280}) {
    clock.back = std::chrono::hours(hours);
    EXPECT_EQ(*Ask({.executor = InlineExecutor()}), "one") << hours;
  }
  clock.back = 24h;
  clock_.Advance(1h);
  Fail("asked");
  EXPECT_EQ(*Ask({.executor = InlineExecutor()}), "error: asked");
  provider_ = nullptr;
}

TEST_F(CachedProviderTest, AMachineThatSleptAsksAgain) {
  Answer("one", 6h);
  EXPECT_EQ(Get(), "one");
  clock_.Advance(24h * 300);
  Answer("two", 6h);
  EXPECT_EQ(Get(), "two");
}

TEST_F(CachedProviderTest, StopAndDeadlineEndACall) {
  script_->answer_at_once = false;
  std::stop_source stop;
  const auto asked = Ask({.stop = stop.get_token()});
  stop.request_stop();
  EXPECT_EQ(*asked, "error: the caller gave up");
  EXPECT_EQ(*Ask({.timeout = Duration(0)}), "error: the source of credentials is slow");
  script_->open.at(0)(Good("one", 1h));
  EXPECT_EQ(*asked, "error: the caller gave up");
}

TEST_F(CachedProviderTest, DestructionCancelsWhoWaits) {
  script_->answer_at_once = false;
  const auto asked = Ask();
  provider_ = nullptr;
  EXPECT_EQ(*asked, "error: the client was destroyed");
  EXPECT_TRUE(script_->stop.stop_requested());
  script_->open.at(0)(Good("late", 1h));
  EXPECT_EQ(clock_.pending(), 0u);
}

TEST_F(CachedProviderTest, DestructionIsNoFailureOfTheSource) {
  // Answers as soon as it is asked to stop.
  class Obedient final : public CredentialSource {
   public:
    void FetchAsync(std::stop_token stop, Done done) override {
      stop_.emplace(std::move(stop), [done = std::move(done)] { done(CancelledError("stopped")); });
    }

   private:
    std::optional<std::stop_callback<std::function<void()>>> stop_;
  };
  auto made = MakeCachedProvider(
      std::make_unique<Obedient>(),
      {.executor = InlineExecutor(), .clock = &clock_, .log = &log_, .metrics = &metrics_});
  ASSERT_THAT(made, IsOk());
  provider_ = *std::move(made);
  const auto asked = Ask();
  provider_ = nullptr;
  EXPECT_EQ(*asked, "error: the client was destroyed");
  EXPECT_THAT(log_.lines(), ::testing::IsEmpty());
}

TEST_F(CachedProviderTest, SecretsAreNotLogged) {
  Answer("one", 1h);
  Get();
  Fail("down");
  clock_.Advance(50min);
  Get();
  EXPECT_EQ(log_.Count("secret-of"), 0);
  EXPECT_EQ(log_.Count("token-of"), 0);
  EXPECT_THAT(log_.lines(), ::testing::SizeIs(2));
}

TEST(CachedCredentials, FetchRunsOnAThreadOfItsOwnAndStopsWithTheProvider) {
  std::promise<void> begun;
  std::thread::id fetcher;
  auto made = MakeCachedCredentials([&](std::stop_token stop) -> StatusOr<Credentials> {
    fetcher = std::this_thread::get_id();
    begun.set_value();
    SystemClock().SleepFor(1h, stop);
    return CancelledError("stopped");
  });
  ASSERT_THAT(made, IsOk());
  std::promise<Status> ended;
  (*made)->GetAsync({}, [&](auto got) { ended.set_value(got.status()); });
  begun.get_future().wait();
  EXPECT_NE(fetcher, std::this_thread::get_id());
  *made = nullptr;
  EXPECT_THAT(ended.get_future().get(), StatusIs(StatusCode::kCancelled));
}

TEST(CachedCredentials, ACallbackMayDestroyTheProvider) {
  auto made = MakeCachedCredentials(
      [](std::stop_token) -> StatusOr<Credentials> { return Credentials("one", "secret"); });
  ASSERT_THAT(made, IsOk());
  std::promise<std::string> ended;
  auto provider = *std::exchange(made, CancelledError("moved"));
  auto* const raw = provider.get();
  raw->GetAsync({.executor = InlineExecutor()}, [&](auto got) {
    provider = nullptr;
    ended.set_value((*got)->access_key_id);
  });
  EXPECT_EQ(ended.get_future().get(), "one");
}

TEST(CachedCredentials, BadOptionsAreRefused) {
  const FetchCredentials fetch = [](std::stop_token) -> StatusOr<Credentials> {
    return Credentials();
  };
  EXPECT_THAT(MakeCachedCredentials(fetch, {.refresh_before = -1s,
                                            .wait_before = -1s,
                                            .fetch_timeout = Duration(0),
                                            .timeout = -1s,
                                            .backoff = {.initial_backoff = Duration(0)}}),
              StatusIs(StatusCode::kInvalidArgument,
                       "credentials: refresh_before is negative; wait_before is negative; "
                       "fetch_timeout is not positive; timeout is negative; "
                       "backoff.initial_backoff is not positive"));
  EXPECT_THAT(MakeCachedCredentials(fetch, {.backoff = {.max_backoff = 1ms}}),
              StatusIs(StatusCode::kInvalidArgument, HasSubstr("backoff.max_backoff")));
  EXPECT_THAT(MakeCachedCredentials({}), StatusIs(StatusCode::kInvalidArgument));
}

TEST(StaticCredentials, AreGivenAtOnce) {
  const auto provider = MakeStaticCredentials(Credentials("id", "secret"));
  provider->Reject(Credentials("id", "secret"));
  EXPECT_EQ((*provider->Get())->access_key_id, "id");
}

}  // namespace
}  // namespace gsh::aws
