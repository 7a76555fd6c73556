// The game-server SDK over real sockets, against a scripted side-car. What the real one does is in
// tests/conformance.
#include "gsh/agones_rest/game_server_sdk.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <condition_variable>
#include <mutex>

#include "gsh/testing/fakes.h"
#include "gsh/testing/manual_clock.h"
#include "gsh/testing/matchers.h"
#include "src/agones/every_field.h"
#include "src/agones_rest/scripted_http.h"

namespace gsh::agones_rest {
namespace {

using agones::GameServer;
using std::chrono::seconds;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using testing::IsOk;
using testing::StatusIs;

http::Response Refuse(int http_code, const std::string& body) {
  return {.code = http_code, .content_type = "application/json", .body = body};
}

class RestSdkTest : public ::testing::Test {
 protected:
  RestSdkTest() { sdk_ = Make(); }

  std::unique_ptr<agones::GameServerSdk> Make(Clock* clock = nullptr) {
    const testing::FakeEnv env({{"AGONES_SDK_HTTP_PORT", std::to_string(side_car_.port())}});
    auto sdk = MakeGameServerSdk(
        {.client = {.clock = clock, .rng = &longest_pause_, .log = &log_}, .env = &env});
    EXPECT_THAT(sdk, IsOk());
    return std::move(sdk).value();
  }

  ScriptedHttp side_car_;
  testing::FixedRng longest_pause_{~0ULL};
  testing::RecordingLog log_;
  std::unique_ptr<agones::GameServerSdk> sdk_;
};

TEST_F(RestSdkTest, StableCalls) {
  EXPECT_THAT(sdk_->Ready(), IsOk());
  EXPECT_THAT(sdk_->Allocate(), IsOk());
  EXPECT_THAT(sdk_->Reserve(seconds(30)), IsOk());
  EXPECT_THAT(sdk_->Reserve(seconds(-1)), StatusIs(StatusCode::kInvalidArgument));
  EXPECT_THAT(sdk_->SetLabel("mode", "ctf"), IsOk());
  EXPECT_THAT(sdk_->SetAnnotation("note", "hi \"there\""), IsOk());
  EXPECT_THAT(sdk_->Shutdown(), IsOk());
  EXPECT_THAT(
      side_car_.calls(),
      ElementsAre("POST /ready {}", "POST /allocate {}", R"(POST /reserve {"seconds":"30"})",
                  R"(PUT /metadata/label {"key":"mode","value":"ctf"})",
                  R"(PUT /metadata/annotation {"key":"note","value":"hi \"there\""})",
                  "POST /shutdown {}"));
}

TEST_F(RestSdkTest, CountersAndLists) {
  const std::string counter_json = R"({"name":"rooms","count":"3","capacity":"8"})";
  side_car_.Answer("GET /v1beta1/counters/rooms", counter_json);
  side_car_.Answer("PATCH /v1beta1/counters/rooms", counter_json);
  side_car_.Answer("GET /v1beta1/lists/ids", R"({"name":"ids","capacity":"5","values":["a"]})");
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
      ElementsAre("GET /v1beta1/counters/rooms",
                  R"(PATCH /v1beta1/counters/rooms {"countDiff":"-2"})",
                  R"(PATCH /v1beta1/counters/rooms {"capacity":"9","count":"0","countDiff":"0"})",
                  "GET /v1beta1/lists/ids", "GET /v1beta1/lists/ids",
                  R"(PATCH /v1beta1/lists/ids?updateMask=capacity {"capacity":"7"})",
                  R"(POST /v1beta1/lists/ids:addValue {"value":"b"})",
                  R"(POST /v1beta1/lists/ids:removeValue {"value":"b"})"));
}

// UpdateList for a list that does not exist ends the real side-car.
TEST_F(RestSdkTest, CapacityOfAMissingListIsNotSent) {
  side_car_.Answer("GET /v1beta1/lists/ids",
                   Refuse(500, R"({"code":2,"message":"list not found: ids","details":[]})"));
  EXPECT_THAT(sdk_->SetListCapacity("ids", 7), StatusIs(StatusCode::kNotFound));
  EXPECT_THAT(side_car_.calls(), ElementsAre("GET /v1beta1/lists/ids"));
}

TEST_F(RestSdkTest, PlayerTracking) {
  side_car_.Answer("POST /alpha/player/connect", R"({"bool":true})");
  side_car_.Answer("POST /alpha/player/disconnect", R"({"bool":false})");
  side_car_.Answer("GET /alpha/player/capacity", R"({"count":"8"})");
  side_car_.Answer("GET /alpha/player/count", R"({"count":2})");
  side_car_.Answer("GET /alpha/player/connected", R"({"list":["p1","a/b"]})");
  side_car_.Answer("GET /alpha/player/connected/p 1", R"({"bool":true})");
  EXPECT_EQ(*sdk_->PlayerConnect("p1"), true);
  EXPECT_EQ(*sdk_->PlayerDisconnect("p1"), false);
  EXPECT_THAT(sdk_->SetPlayerCapacity(8), IsOk());
  EXPECT_EQ(*sdk_->GetPlayerCapacity(), 8);
  EXPECT_EQ(*sdk_->GetPlayerCount(), 2);
  EXPECT_EQ(*sdk_->IsPlayerConnected("p 1"), true);
  EXPECT_THAT(*sdk_->GetConnectedPlayers(), ElementsAre("p1", "a/b"));
  EXPECT_THAT(side_car_.calls(),
              ElementsAre(R"(POST /alpha/player/connect {"playerID":"p1"})",
                          R"(POST /alpha/player/disconnect {"playerID":"p1"})",
                          R"(PUT /alpha/player/capacity {"count":"8"})",
                          "GET /alpha/player/capacity", "GET /alpha/player/count",
                          "GET /alpha/player/connected/p 1", "GET /alpha/player/connected"));
}

// The gateway has no path for these.
TEST_F(RestSdkTest, AnyPlayerCanBeAskedFor) {
  side_car_.Answer("GET /alpha/player/connected", R"({"list":["p1","a/b",".."]})");
  EXPECT_EQ(*sdk_->IsPlayerConnected("a/b"), true);
  EXPECT_EQ(*sdk_->IsPlayerConnected(".."), true);
  EXPECT_EQ(*sdk_->IsPlayerConnected("a/c"), false);
  EXPECT_EQ(*sdk_->IsPlayerConnected(""), false);
}

TEST_F(RestSdkTest, NamesAreEncoded) {
  static_cast<void>(sdk_->GetCounter("a b/../c?d=%"));
  EXPECT_THAT(side_car_.calls(), ElementsAre("GET /v1beta1/counters/a b/../c?d=%"));
}

TEST_F(RestSdkTest, TextThatIsNotUtf8IsNotSent) {
  EXPECT_THAT(sdk_->PlayerConnect("J\xfcrgen"),
              StatusIs(StatusCode::kInvalidArgument, HasSubstr("UTF-8")));
  EXPECT_THAT(sdk_->IsPlayerConnected("\xff"), StatusIs(StatusCode::kInvalidArgument));
  EXPECT_THAT(sdk_->SetLabel("k", "\xff"), StatusIs(StatusCode::kInvalidArgument));
  EXPECT_THAT(sdk_->SetAnnotation("\xff", "v"), StatusIs(StatusCode::kInvalidArgument));
  EXPECT_THAT(sdk_->AddListValue("ids", "\xff"), StatusIs(StatusCode::kInvalidArgument));
  EXPECT_THAT(side_car_.calls(), IsEmpty());
}

TEST_F(RestSdkTest, TextsBecomeCodes) {
  side_car_.Answer(
      "POST /alpha/player/connect",
      Refuse(500, R"({"code":2,"message":"PlayerTracking not enabled","details":[]})"));
  EXPECT_THAT(sdk_->PlayerConnect("p1"), StatusIs(StatusCode::kUnimplemented));
  side_car_.Answer(
      "PATCH /v1beta1/counters/rooms",
      Refuse(500,
             R"({"code":2,"message":"out of range. Count must be within range [0,Capacity]."})"));
  const auto counter = sdk_->UpdateCounter("rooms", {.diff = 100});
  EXPECT_THAT(counter, StatusIs(StatusCode::kOutOfRange));
  EXPECT_EQ(counter.status().info()->operation, "UpdateCounter");
}

// From what stands between, if anything does.
TEST_F(RestSdkTest, ErrorsThatAreNotTheSideCarsMeanTheirHttpCode) {
  side_car_.Answer("GET /v1beta1/counters/rooms", Refuse(404, "<html>"));
  EXPECT_THAT(sdk_->GetCounter("rooms"), StatusIs(StatusCode::kNotFound, HasSubstr("HTTP 404")));
}

TEST_F(RestSdkTest, IncrementThatMayHaveHappenedIsNotRepeated) {
  side_car_.Answer("PATCH /v1beta1/counters/rooms", Refuse(503, R"({"code":14,"message":"lost"})"));
  EXPECT_THAT(sdk_->UpdateCounter("rooms", {.diff = 1}), StatusIs(StatusCode::kUnavailable));
  EXPECT_EQ(side_car_.Count("PATCH /v1beta1/counters/rooms"), 1);
}

TEST_F(RestSdkTest, AnswersThatMakeNoSenseAreInternal) {
  for (const std::string body : {"", "[]", "{", R"({"count":"x"})", R"({"count":1.5})",
                                 R"({"count":18446744073709551615})", R"({"count":{}})"}) {
    side_car_.Answer("GET /v1beta1/counters/rooms", body);
    EXPECT_THAT(sdk_->GetCounter("rooms"), StatusIs(StatusCode::kInternal)) << body;
  }
  side_car_.Answer("GET /v1beta1/counters/rooms", R"({"count":null,"new":{"field":1}})");
  EXPECT_THAT(sdk_->GetCounter("rooms"), IsOk());
}

constexpr char kServer[] =
    R"({"object_meta":{"name":"gs-1","namespace":"games","uid":"u","resource_version":"77",
"generation":"3","creation_timestamp":"1000","deletion_timestamp":"2000",
"annotations":{"gsh.dev/match":"m-1"},"labels":{"region":"eu"}},
"spec":{"health":{"disabled":true,"period_seconds":5,"failure_threshold":4,
"initial_delay_seconds":6}},
"status":{"state":"Allocated","address":"192.0.2.7",
"addresses":[{"type":"ExternalIP","address":"192.0.2.8"}],"ports":[{"name":"default","port":7000}],
"players":{"count":"1","capacity":"8","ids":["p"]},"counters":{"rooms":{"count":"2","capacity":"4"}},
"lists":{"ids":{"capacity":"9","values":["v"]}}}})";

TEST_F(RestSdkTest, ReadsEveryFieldOfTheGameServer) {
  side_car_.Answer("GET /gameserver", kServer);
  const auto got = sdk_->GetGameServer();
  ASSERT_THAT(got, IsOk());
  agones::ExpectEveryField(*got);
  EXPECT_EQ(sdk_->Match()->id, "m-1");
}

TEST_F(RestSdkTest, PingsAtOnceAndThenEachInterval) {
  testing::ManualClock clock;
  auto sdk = Make(&clock);
  sdk->StartHealth(seconds(2));
  EXPECT_TRUE(side_car_.WaitFor("POST /health", 1));
  EXPECT_THAT(side_car_.calls(), ElementsAre("POST /health {}"));
  clock.Advance(seconds(1));
  sdk->StopHealth();
  EXPECT_EQ(clock.pending(), 0u);
  sdk->StartHealth(seconds(2));
  EXPECT_TRUE(side_car_.WaitFor("POST /health", 2));
}

// Advances the clock until the side-car got `count` pings.
bool PingUntil(ScriptedHttp& side_car, testing::ManualClock& clock, int count) {
  const auto deadline = std::chrono::steady_clock::now() + seconds(20);
  while (!side_car.WaitFor("POST /health", count, std::chrono::milliseconds(5))) {
    if (std::chrono::steady_clock::now() > deadline) return false;
    clock.Advance(std::chrono::milliseconds(500));
  }
  return true;
}

TEST_F(RestSdkTest, PingsGoOnAfterRefusalsAndSayItOnce) {
  testing::ManualClock clock;
  auto sdk = Make(&clock);
  side_car_.Answer("POST /health", Refuse(503, "{}"));
  sdk->StartHealth(seconds(2));
  EXPECT_TRUE(PingUntil(side_car_, clock, 4));
  EXPECT_EQ(log_.Count("health pings broke off"), 1);
  side_car_.Answer("POST /health", "{}");
  EXPECT_TRUE(PingUntil(side_car_, clock, 6));
  EXPECT_EQ(log_.Count("health pings reach the side-car again"), 1);
}

TEST_F(RestSdkTest, PingsReachASideCarThatWasRestarted) {
  testing::ManualClock clock;
  auto sdk = Make(&clock);
  sdk->StartHealth(seconds(2));
  ASSERT_TRUE(side_car_.WaitFor("POST /health", 1));
  side_car_.Stop();
  clock.Advance(seconds(2));
  side_car_.Restart();
  EXPECT_TRUE(PingUntil(side_car_, clock, 3));
}

// What a watcher saw.
class Watcher {
 public:
  std::function<void(const GameServer&)> Callback() {
    return [this](const GameServer& game_server) {
      std::lock_guard lock(mutex_);
      state_ = game_server.state;
      changed_.notify_all();
    };
  }
  bool WaitFor(const std::string& state) {
    std::unique_lock lock(mutex_);
    return changed_.wait_for(lock, seconds(10), [&] { return state_ == state; });
  }

 private:
  std::mutex mutex_;
  std::condition_variable changed_;
  std::string state_;
};

std::string Line(const std::string& state) {
  return R"({"result":{"status":{"state":")" + state + "\"}}}\n";
}

class RestWatchTest : public RestSdkTest {
 protected:
  std::shared_ptr<http::BodyStream> NextStream() {
    auto stream = std::make_shared<http::BodyStream>();
    side_car_.Answer("GET /watch/gameserver",
                     http::Response{.content_type = "application/json", .stream = stream});
    return stream;
  }
};

TEST_F(RestWatchTest, BringsTheServerAsItIsAndEachChange) {
  const auto stream = NextStream();
  Watcher watcher;
  const auto watch = sdk_->WatchGameServer(watcher.Callback());
  stream->Write(Line("Ready"));
  EXPECT_TRUE(watcher.WaitFor("Ready"));
  const std::string allocated = Line("Allocated");
  stream->Write(allocated.substr(0, 5));
  stream->Write(allocated.substr(5) + "\n" + Line("Shutdown"));
  EXPECT_TRUE(watcher.WaitFor("Shutdown"));
}

TEST_F(RestWatchTest, BrokenStreamsAreOpenedAgainAfterAPause) {
  testing::ManualClock clock;
  auto sdk = Make(&clock);
  auto stream = NextStream();
  Watcher watcher;
  const auto watch = sdk->WatchGameServer(watcher.Callback());
  stream->Write(Line("Ready"));
  ASSERT_TRUE(watcher.WaitFor("Ready"));
  const auto next = NextStream();
  next->Write(Line("Allocated"));
  stream->Break();
  clock.WaitForTimers();
  EXPECT_EQ(side_car_.Count("GET /watch/gameserver"), 1);
  clock.Advance(std::chrono::milliseconds(100));
  EXPECT_TRUE(watcher.WaitFor("Allocated"));
  EXPECT_EQ(log_.Count("watch of the game server broke"), 1);
}

TEST_F(RestWatchTest, WhatIsNoLineEndsTheStream) {
  for (const std::string line : {"nonsense\n", "{}\n",
                                 R"({"error":{"code":13,"message":"oops"}})"
                                 "\n",
                                 R"({"result":{"status":{"state":7}}})"
                                 "\n"}) {
    testing::ManualClock clock;
    auto sdk = Make(&clock);
    const auto stream = NextStream();
    stream->Write(line);
    Watcher watcher;
    const auto watch = sdk->WatchGameServer(watcher.Callback());
    clock.WaitForTimers();  // the pause before the next stream
    NextStream()->Write(Line("Ready"));
    clock.Advance(std::chrono::milliseconds(100));
    EXPECT_TRUE(watcher.WaitFor("Ready")) << line;
  }
}

TEST_F(RestWatchTest, SdkMayGoBeforeItsSubscription) {
  const auto stream = NextStream();
  Watcher watcher;
  const auto watch = sdk_->WatchGameServer(watcher.Callback());
  stream->Write(Line("Ready"));
  ASSERT_TRUE(watcher.WaitFor("Ready"));
  sdk_ = nullptr;
}

TEST(MakeRestGameServerSdk, RefusesAnImpossiblePort) {
  const testing::FakeEnv env({{"AGONES_SDK_HTTP_PORT", std::string("80x")}});
  EXPECT_THAT(MakeGameServerSdk({.env = &env}),
              StatusIs(StatusCode::kInvalidArgument, HasSubstr("AGONES_SDK_HTTP_PORT")));
}

TEST(MakeRestGameServerSdk, AsksTheDefaultPortWithoutTheEnvironment) {
  const testing::FakeEnv env;
  auto sdk = MakeGameServerSdk({.client = {.retry = {.max_attempts = 1}}, .env = &env});
  ASSERT_THAT(sdk, IsOk());
  std::stop_source stopped;
  stopped.request_stop();
  const Status status = (*sdk)->Ready({.stop = stopped.get_token()});
  ASSERT_NE(status.info(), nullptr);
  EXPECT_EQ(status.info()->peer, "localhost:9358");
}

}  // namespace
}  // namespace gsh::agones_rest
