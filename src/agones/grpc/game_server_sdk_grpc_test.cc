// The game-server SDK over real sockets, against a scripted side-car.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <condition_variable>
#include <mutex>

#include "gsh/agones/game_server_sdk.h"
#include "gsh/testing/fakes.h"
#include "gsh/testing/manual_clock.h"
#include "gsh/testing/matchers.h"
#include "gsh/testing/mock_agones.h"
#include "src/agones/every_field.h"
#include "src/agones/grpc/scripted_side_car.h"

namespace gsh::agones {
namespace {

using std::chrono::seconds;
using ::testing::_;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using testing::IsOk;
using ::testing::Return;
using testing::StatusIs;

class SdkTest : public ::testing::Test {
 protected:
  SdkTest() { sdk_ = Make(); }

  std::unique_ptr<GameServerSdk> Make(Clock* clock = nullptr) {
    const testing::FakeEnv env({{"AGONES_SDK_GRPC_PORT", std::to_string(side_car_.port())}});
    auto sdk = MakeGameServerSdk(
        {.client = {.clock = clock, .rng = &longest_pause_, .log = &log_}, .env = &env});
    EXPECT_THAT(sdk, IsOk());
    return std::move(sdk).value();
  }

  ScriptedSideCar side_car_;
  testing::FixedRng longest_pause_{~0ULL};
  testing::RecordingLog log_;
  std::unique_ptr<GameServerSdk> sdk_;
};

TEST_F(SdkTest, StableCalls) {
  EXPECT_THAT(sdk_->Ready(), IsOk());
  EXPECT_THAT(sdk_->Allocate(), IsOk());
  EXPECT_THAT(sdk_->Reserve(seconds(30)), IsOk());
  EXPECT_THAT(sdk_->Reserve(seconds(-1)), StatusIs(StatusCode::kInvalidArgument));
  EXPECT_THAT(sdk_->SetLabel("mode", "ctf"), IsOk());
  EXPECT_THAT(sdk_->SetAnnotation("note", "hi there"), IsOk());
  EXPECT_THAT(sdk_->Shutdown(), IsOk());
  EXPECT_THAT(side_car_.calls(), ElementsAre("Ready", "Allocate", "Reserve 30", "SetLabel mode=ctf",
                                             "SetAnnotation note=hi there", "Shutdown"));
}

TEST_F(SdkTest, CountersAndLists) {
  const auto counter = sdk_->GetCounter("rooms");
  ASSERT_THAT(counter, IsOk());
  EXPECT_EQ(counter->count, 3);
  EXPECT_EQ(counter->capacity, 8);
  EXPECT_THAT(sdk_->UpdateCounter("rooms", {.diff = -2}), IsOk());
  EXPECT_THAT(sdk_->UpdateCounter("rooms", {.count = 0, .capacity = 9}), IsOk());
  const auto list = sdk_->GetList("ids");
  ASSERT_THAT(list, IsOk());
  EXPECT_THAT(list->values, ElementsAre("a"));
  EXPECT_EQ(list->capacity, 5);
  EXPECT_THAT(sdk_->SetListCapacity("ids", 7), IsOk());
  EXPECT_THAT(sdk_->AddListValue("ids", "b"), IsOk());
  EXPECT_THAT(sdk_->RemoveListValue("ids", "b"), IsOk());
  EXPECT_THAT(
      side_car_.calls(),
      ElementsAre("GetCounter rooms", "UpdateCounter rooms diff=-2",
                  "UpdateCounter rooms count=0 capacity=9 diff=0", "GetList ids", "GetList ids",
                  "UpdateList ids 7 capacity", "AddListValue ids b", "RemoveListValue ids b"));
}

// UpdateList for a list that does not exist ends the real side-car.
TEST_F(SdkTest, CapacityOfAMissingListIsNotSent) {
  side_car_.Fail(2, "list not found: ids");
  EXPECT_THAT(sdk_->SetListCapacity("ids", 7), StatusIs(StatusCode::kNotFound));
  EXPECT_THAT(side_car_.calls(), ElementsAre("GetList ids"));
}

TEST_F(SdkTest, PlayerTracking) {
  EXPECT_EQ(*sdk_->PlayerConnect("p1"), true);
  EXPECT_EQ(*sdk_->PlayerDisconnect("p1"), false);
  EXPECT_THAT(sdk_->SetPlayerCapacity(8), IsOk());
  EXPECT_EQ(*sdk_->GetPlayerCapacity(), 8);
  EXPECT_EQ(*sdk_->GetPlayerCount(), 2);
  EXPECT_EQ(*sdk_->IsPlayerConnected("p1"), true);
  EXPECT_THAT(*sdk_->GetConnectedPlayers(), ElementsAre("p1", "p2"));
  EXPECT_THAT(side_car_.calls(),
              ElementsAre("PlayerConnect p1", "PlayerDisconnect p1", "SetPlayerCapacity 8",
                          "GetPlayerCapacity", "GetPlayerCount", "IsPlayerConnected p1",
                          "GetConnectedPlayers"));
}

TEST_F(SdkTest, TextThatIsNotUtf8IsNotSent) {
  EXPECT_THAT(sdk_->PlayerConnect("J\xfcrgen"),
              StatusIs(StatusCode::kInvalidArgument, HasSubstr("UTF-8")));
  EXPECT_THAT(sdk_->SetLabel("k", "\xff"), StatusIs(StatusCode::kInvalidArgument));
  EXPECT_THAT(sdk_->SetAnnotation("\xff", "v"), StatusIs(StatusCode::kInvalidArgument));
  EXPECT_THAT(sdk_->AddListValue("ids", "\xff"), StatusIs(StatusCode::kInvalidArgument));
  EXPECT_THAT(side_car_.calls(), ::testing::IsEmpty());
}

TEST_F(SdkTest, TextsBecomeCodes) {
  side_car_.Fail(2, "PlayerTracking not enabled");
  EXPECT_THAT(sdk_->PlayerConnect("p1"), StatusIs(StatusCode::kUnimplemented));
  side_car_.Fail(2, "out of range. Count must be within range [0,Capacity].");
  const auto counter = sdk_->UpdateCounter("rooms", {.diff = 100});
  EXPECT_THAT(counter, StatusIs(StatusCode::kOutOfRange));
  EXPECT_EQ(counter.status().info()->operation, "UpdateCounter");
}

TEST_F(SdkTest, IncrementThatMayHaveHappenedIsNotRepeated) {
  side_car_.Fail(14, "lost");
  EXPECT_THAT(sdk_->UpdateCounter("rooms", {.diff = 1}), StatusIs(StatusCode::kUnavailable));
  EXPECT_THAT(side_car_.calls(), ElementsAre("UpdateCounter rooms diff=1"));
}

wire_sdk::GameServer FullGameServer() {
  wire_sdk::GameServer message;
  auto* meta = message.mutable_object_meta();
  meta->set_name("gs-1");
  meta->set_namespace_("games");
  meta->set_uid("u");
  meta->set_resource_version("77");
  meta->set_generation(3);
  meta->set_creation_timestamp(1000);
  meta->set_deletion_timestamp(2000);
  (*meta->mutable_annotations())["gsh.dev/match"] = "m-1";
  (*meta->mutable_labels())["region"] = "eu";
  auto* health = message.mutable_spec()->mutable_health();
  health->set_disabled(true);
  health->set_period_seconds(5);
  health->set_failure_threshold(4);
  health->set_initial_delay_seconds(6);
  auto* status = message.mutable_status();
  status->set_state("Allocated");
  status->set_address("192.0.2.7");
  auto* address = status->add_addresses();
  address->set_type("ExternalIP");
  address->set_address("192.0.2.8");
  auto* port = status->add_ports();
  port->set_name("default");
  port->set_port(7000);
  status->mutable_players()->set_count(1);
  status->mutable_players()->set_capacity(8);
  status->mutable_players()->add_ids("p");
  (*status->mutable_counters())["rooms"].set_count(2);
  (*status->mutable_counters())["rooms"].set_capacity(4);
  (*status->mutable_lists())["ids"].add_values("v");
  (*status->mutable_lists())["ids"].set_capacity(9);
  return message;
}

TEST_F(SdkTest, ReadsEveryFieldOfTheGameServer) {
  side_car_.Publish(FullGameServer());
  const auto got = sdk_->GetGameServer();
  ASSERT_THAT(got, IsOk());
  ExpectEveryField(*got);
}

TEST_F(SdkTest, Match) {
  EXPECT_THAT(sdk_->Match(), StatusIs(StatusCode::kNotFound));
  side_car_.Publish(FullGameServer());
  const auto match = sdk_->Match();
  ASSERT_THAT(match, IsOk());
  EXPECT_EQ(match->id, "m-1");
  side_car_.Fail(2, "could not retrieve GameServer");
  EXPECT_THAT(sdk_->Match(), StatusIs(StatusCode::kUnknown));
}

TEST_F(SdkTest, PingsAtOnceAndThenEachInterval) {
  testing::ManualClock clock;
  auto sdk = Make(&clock);
  sdk->StartHealth(seconds(2));
  EXPECT_TRUE(side_car_.WaitForPings(1));
  clock.Advance(seconds(2));
  EXPECT_TRUE(side_car_.WaitForPings(2));
  sdk->StartHealth(seconds(5));  // from the next ping on
  clock.Advance(seconds(2));
  EXPECT_TRUE(side_car_.WaitForPings(3));
  clock.Advance(seconds(4));
  clock.Advance(seconds(1));
  EXPECT_TRUE(side_car_.WaitForPings(4));
  sdk->StopHealth();
  EXPECT_TRUE(side_car_.WaitForHealthEnded(1));
  EXPECT_EQ(clock.pending(), 0u);
  EXPECT_EQ(side_car_.pings(), 4);
  sdk->StartHealth(seconds(2));
  EXPECT_TRUE(side_car_.WaitForPings(5));
}

// A manual clock that says how many timers were set, whether they still wait or not.
class CountingClock final : public Clock {
 public:
  WallTime Now() const override { return clock_.Now(); }
  SteadyTime SteadyNow() const override { return clock_.SteadyNow(); }
  TimerId RunAt(SteadyTime when, std::function<void()> fn) override {
    const TimerId id = clock_.RunAt(when, std::move(fn));
    std::lock_guard lock(mutex_);
    ++timers_;
    changed_.notify_all();
    return id;
  }
  bool Cancel(TimerId id) override { return clock_.Cancel(id); }
  void Advance(Duration by) { clock_.Advance(by); }
  bool WaitForTimers(int count) {
    std::unique_lock lock(mutex_);
    return changed_.wait_for(lock, seconds(10), [&] { return timers_ >= count; });
  }

 private:
  testing::ManualClock clock_;
  std::mutex mutex_;
  std::condition_variable changed_;
  int timers_ = 0;
};

TEST_F(SdkTest, BrokenHealthStreamIsOpenedAgainAfterAPause) {
  CountingClock clock;
  auto sdk = Make(&clock);
  sdk->StartHealth(seconds(2));
  ASSERT_TRUE(side_car_.WaitForPings(1));
  side_car_.BreakStreams();
  ASSERT_TRUE(clock.WaitForTimers(2));
  // The pause is shorter than the interval, and the ping does not wait for its turn.
  clock.Advance(std::chrono::milliseconds(100));
  EXPECT_TRUE(side_car_.WaitForHealthStreams(2));
  EXPECT_TRUE(side_car_.WaitForPings(2));
  EXPECT_EQ(log_.Count("health pings broke off"), 1);
}

TEST_F(SdkTest, PingsReachASideCarThatWasRestarted) {
  testing::ManualClock clock;
  auto sdk = Make(&clock);
  sdk->StartHealth(seconds(2));
  ASSERT_TRUE(side_car_.WaitForPings(1));
  side_car_.Restart();
  const int before = side_car_.pings();
  // gRPC itself waits before it connects again, by its own clock: keep the pings coming meanwhile.
  const auto deadline = std::chrono::steady_clock::now() + seconds(20);
  while (!side_car_.WaitForPings(before + 1, std::chrono::milliseconds(20)) &&
         std::chrono::steady_clock::now() < deadline) {
    clock.Advance(std::chrono::milliseconds(500));
  }
  EXPECT_GT(side_car_.pings(), before);
}

// What a watcher saw.
class Watcher {
 public:
  std::function<void(const GameServer&)> Callback() {
    return [this](const GameServer& game_server) {
      std::lock_guard lock(mutex_);
      states_.push_back(game_server.state);
      changed_.notify_all();
    };
  }
  bool WaitFor(const std::string& state) {
    std::unique_lock lock(mutex_);
    return changed_.wait_for(lock, seconds(10),
                             [&] { return !states_.empty() && states_.back() == state; });
  }
  std::size_t count() {
    std::lock_guard lock(mutex_);
    return states_.size();
  }

 private:
  std::mutex mutex_;
  std::condition_variable changed_;
  std::vector<std::string> states_;
};

wire_sdk::GameServer InState(const std::string& state) {
  wire_sdk::GameServer message;
  message.mutable_status()->set_state(state);
  return message;
}

TEST_F(SdkTest, WatchBringsTheServerAsItIsAndEachChange) {
  side_car_.Publish(InState("Ready"));
  Watcher watcher;
  const auto watch = sdk_->WatchGameServer(watcher.Callback());
  EXPECT_TRUE(watcher.WaitFor("Ready"));
  side_car_.Publish(InState("Allocated"));
  EXPECT_TRUE(watcher.WaitFor("Allocated"));
}

TEST_F(SdkTest, BrokenWatchIsOpenedAgainAfterAPause) {
  testing::ManualClock clock;
  auto sdk = Make(&clock);
  side_car_.Publish(InState("Ready"));
  Watcher watcher;
  const auto watch = sdk->WatchGameServer(watcher.Callback());
  ASSERT_TRUE(watcher.WaitFor("Ready"));
  side_car_.BreakStreams();
  clock.WaitForTimers();
  side_car_.Publish(InState("Allocated"));
  EXPECT_TRUE(side_car_.WaitForWatches(1));
  clock.Advance(std::chrono::milliseconds(100));
  EXPECT_TRUE(side_car_.WaitForWatches(2));
  EXPECT_TRUE(watcher.WaitFor("Allocated"));
  EXPECT_EQ(log_.Count("watch of the game server broke"), 1);
}

TEST_F(SdkTest, DestroyedSubscriptionSaysNothingMore) {
  testing::ManualClock clock;
  auto sdk = Make(&clock);
  Watcher watcher;
  auto watch = sdk->WatchGameServer(watcher.Callback());
  ASSERT_TRUE(watcher.WaitFor(""));
  side_car_.BreakStreams();
  clock.WaitForTimers();  // it waits to open the stream again
  watch = nullptr;
  EXPECT_EQ(clock.pending(), 0u);
  const std::size_t before = watcher.count();
  side_car_.Publish(InState("Allocated"));
  Watcher other;
  const auto another = sdk->WatchGameServer(other.Callback());
  EXPECT_TRUE(other.WaitFor("Allocated"));
  EXPECT_EQ(watcher.count(), before);
}

TEST_F(SdkTest, SubscriptionMayBeDestroyedFromItsCallback) {
  std::mutex mutex;
  std::condition_variable changed;
  std::unique_ptr<Subscription> watch;
  bool destroyed = false;
  std::unique_lock lock(mutex);
  watch = sdk_->WatchGameServer([&](const GameServer&) {
    std::lock_guard guard(mutex);  // not before `watch` is set
    watch = nullptr;
    destroyed = true;
    changed.notify_all();
  });
  EXPECT_TRUE(changed.wait_for(lock, seconds(10), [&] { return destroyed; }));
}

TEST_F(SdkTest, SdkMayGoBeforeItsSubscription) {
  Watcher watcher;
  const auto watch = sdk_->WatchGameServer(watcher.Callback());
  ASSERT_TRUE(watcher.WaitFor(""));
  sdk_ = nullptr;
  side_car_.Publish(InState("Allocated"));
}

TEST(MakeGameServerSdk, RefusesAnImpossiblePort) {
  for (const std::string port : {"0", "65536", "80x", "-1"}) {
    const testing::FakeEnv env({{"AGONES_SDK_GRPC_PORT", port}});
    EXPECT_THAT(MakeGameServerSdk({.env = &env}),
                StatusIs(StatusCode::kInvalidArgument, HasSubstr("AGONES_SDK_GRPC_PORT")));
  }
}

TEST(MakeGameServerSdk, ListensToTheDefaultPortWithoutTheEnvironment) {
  const testing::FakeEnv env;
  auto sdk = MakeGameServerSdk({.client = {.retry = {.max_attempts = 1}}, .env = &env});
  ASSERT_THAT(sdk, IsOk());
  std::stop_source stopped;
  stopped.request_stop();
  const Status status = (*sdk)->Ready({.stop = stopped.get_token()});
  ASSERT_NE(status.info(), nullptr);
  EXPECT_EQ(status.info()->peer, "localhost:9357");
}

TEST(GameServerSdk, MatchReadsTheAnnotationsOfAnySdk) {
  testing::MockGameServerSdk sdk;
  EXPECT_CALL(sdk, GetGameServer(_))
      .WillOnce(Return(GameServer{.annotations = EncodeMatch({.id = "m", .region = "eu"})}));
  const auto match = sdk.Match();
  ASSERT_THAT(match, IsOk());
  EXPECT_EQ(match->region, "eu");
}

}  // namespace
}  // namespace gsh::agones
