// The library's game-server SDK on Agones' side-car; and, last of all, the end of the server.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <condition_variable>
#include <mutex>
#include <set>

#include "gsh/agones/game_server_sdk.h"
#include "gsh/agones_rest/game_server_sdk.h"
#include "gsh/testing/fakes.h"
#include "gsh/testing/matchers.h"
#include "tests/conformance/engines.h"

namespace gsh::conformance {
namespace {

using gsh::testing::IsOk;
using gsh::testing::StatusIs;
using ::testing::Contains;

class SdkClientTest : public ::testing::TestWithParam<Adapter> {
 protected:
  void SetUp() override {
    auto made = GetParam() == Adapter::kGrpc
                    ? agones::MakeGameServerSdk(At(Sdk().endpoint))
                    : agones_rest::MakeGameServerSdk(At(Sdk().http_endpoint));
    ASSERT_THAT(made, IsOk());
    sdk_ = *std::move(made);
  }
  static agones::GameServerSdkOptions At(const std::string& endpoint) {
    return {.client = {.endpoint = endpoint, .tls = {.insecure = true}}};
  }
  std::unique_ptr<agones::GameServerSdk> sdk_;
};

INSTANTIATE_TEST_SUITE_P(By, SdkClientTest, ::testing::Values(Adapter::kGrpc, Adapter::kRest),
                         AdapterName);

TEST_P(SdkClientTest, TheServerAsItIs) {
  const auto server = sdk_->GetGameServer();
  ASSERT_THAT(server, IsOk());
  EXPECT_NE(server->name, "");
  EXPECT_NE(server->ns, "");
  EXPECT_NE(server->resource_version, "");
  EXPECT_GT(server->creation_timestamp, 1'700'000'000);
  EXPECT_EQ(server->deletion_timestamp, 0);
  EXPECT_NE(server->state, "");
  ASSERT_FALSE(server->ports.empty());
  EXPECT_GT(server->ports[0].port, 0);
  EXPECT_EQ(server->counters.at("rooms").capacity, 10);
  EXPECT_TRUE(server->lists.contains("players"));
}

TEST_P(SdkClientTest, PlayersAndTextsOfAnyKind) {
  EXPECT_THAT(sdk_->SetPlayerCapacity(10), IsOk());
  for (const std::string text : {"J\u00fcrgen", "a b", "a/b", "100%", "q?x=1&y#z", "\"quoted\"",
                                 "c:connect", "..", "tab\there", "\xf0\x9f\x8e\xae"}) {
    SCOPED_TRACE(text);
    const std::string player = UniqueName(text) + text;
    EXPECT_THAT(sdk_->PlayerConnect(player), IsOk());
    const auto connected = sdk_->IsPlayerConnected(player);
    ASSERT_THAT(connected, IsOk());
    EXPECT_TRUE(*connected);
    const auto gone = sdk_->PlayerDisconnect(player);
    ASSERT_THAT(gone, IsOk());
    EXPECT_TRUE(*gone);
    EXPECT_THAT(sdk_->AddListValue("players", player), IsOk());
    const auto list = sdk_->GetList("players");
    ASSERT_THAT(list, IsOk());
    EXPECT_THAT(list->values, Contains(player));
    EXPECT_THAT(sdk_->RemoveListValue("players", player), IsOk());
  }
}

TEST_P(SdkClientTest, PingsBreakNothing) {
  gsh::testing::RecordingLog log;
  auto options = At(GetParam() == Adapter::kGrpc ? Sdk().endpoint : Sdk().http_endpoint);
  options.client.log = &log;
  auto made = GetParam() == Adapter::kGrpc ? agones::MakeGameServerSdk(options)
                                           : agones_rest::MakeGameServerSdk(options);
  ASSERT_THAT(made, IsOk());
  (*made)->StartHealth(std::chrono::milliseconds(20));
  EXPECT_THAT((*made)->Ready(), IsOk());
  EXPECT_TRUE(Eventually([&] {
    const auto server = (*made)->GetGameServer();
    return server.ok() && server->state == "Ready";
  }));
  (*made)->StopHealth();
  // That one comes late is no fault on a busy machine.
  EXPECT_EQ(log.Count("broke off"), 0);
}

TEST_P(SdkClientTest, TextsBecomeCodes) {
  EXPECT_THAT(sdk_->GetCounter("none"), StatusIs(StatusCode::kNotFound));
  EXPECT_THAT(sdk_->UpdateCounter("none", {.diff = 1}), StatusIs(StatusCode::kNotFound));
  EXPECT_THAT(sdk_->UpdateCounter("rooms", {.diff = 1000}), StatusIs(StatusCode::kOutOfRange));
  EXPECT_THAT(sdk_->UpdateCounter("rooms", {.count = -1}), StatusIs(StatusCode::kOutOfRange));
  EXPECT_THAT(sdk_->GetList("none"), StatusIs(StatusCode::kNotFound));
  EXPECT_THAT(sdk_->AddListValue("none", "v"), StatusIs(StatusCode::kNotFound));
  EXPECT_THAT(sdk_->RemoveListValue("players", UniqueName("v")), StatusIs(StatusCode::kNotFound));
  EXPECT_THAT(sdk_->SetListCapacity("players", 1001), StatusIs(StatusCode::kOutOfRange));
  EXPECT_THAT(sdk_->SetListCapacity("none", 5), StatusIs(StatusCode::kNotFound));
  const std::string value = UniqueName("v");
  EXPECT_THAT(sdk_->AddListValue("players", value), IsOk());
  EXPECT_THAT(sdk_->AddListValue("players", value), StatusIs(StatusCode::kAlreadyExists));
  EXPECT_THAT(sdk_->RemoveListValue("players", value), IsOk());
  EXPECT_THAT(sdk_->SetPlayerCapacity(0), IsOk());
  EXPECT_THAT(sdk_->PlayerConnect("ann"), StatusIs(StatusCode::kResourceExhausted));
  EXPECT_THAT(sdk_->SetPlayerCapacity(10), IsOk());
}

TEST_P(SdkClientTest, CountersListsAndPlayers) {
  EXPECT_THAT(sdk_->UpdateCounter("rooms", {.count = 3}), IsOk());
  const auto counter = sdk_->UpdateCounter("rooms", {.diff = -1});
  ASSERT_THAT(counter, IsOk());
  EXPECT_EQ(counter->count, 2);
  EXPECT_EQ(counter->capacity, 10);
  EXPECT_THAT(sdk_->SetListCapacity("players", 9), IsOk());
  const auto list = sdk_->GetList("players");
  ASSERT_THAT(list, IsOk());
  EXPECT_EQ(list->capacity, 9);
  EXPECT_THAT(sdk_->SetListCapacity("players", 10), IsOk());
  const std::string player = UniqueName("player");
  const auto connected = sdk_->PlayerConnect(player);
  ASSERT_THAT(connected, IsOk());
  EXPECT_TRUE(*connected);
  const auto players = sdk_->GetConnectedPlayers();
  ASSERT_THAT(players, IsOk());
  EXPECT_THAT(*players, Contains(player));
  EXPECT_THAT(sdk_->PlayerDisconnect(player), IsOk());
}

TEST_P(SdkClientTest, WatchesTellOfChanges) {
  std::mutex mutex;
  std::condition_variable changed;
  std::set<std::string> seen;
  const auto watch = sdk_->WatchGameServer([&](const agones::GameServer& server) {
    std::lock_guard lock(mutex);
    const auto label = server.labels.find("agones.dev/sdk-watched");
    seen.insert(label == server.labels.end() ? "" : label->second);
    changed.notify_all();
  });
  const auto wait_for = [&](const std::function<bool()>& condition) {
    std::unique_lock lock(mutex);
    return changed.wait_for(lock, std::chrono::seconds(20), condition);
  };
  EXPECT_TRUE(wait_for([&] { return !seen.empty(); })) << "as it is now";
  const std::string value = UniqueName("v");
  EXPECT_THAT(sdk_->SetLabel("watched", value), IsOk());
  EXPECT_TRUE(wait_for([&] { return seen.contains(value); }));
}

// A game server has this once; what comes after it would find the server ended.
TEST_P(SdkClientTest, ShutdownIsTheEnd) {
  EXPECT_THAT(sdk_->Shutdown(), IsOk());
  EXPECT_TRUE(Eventually([&] {
    const auto server = sdk_->GetGameServer({.timeout = std::chrono::seconds(5)});
    // Its side-car goes with it.
    return !server.ok() || server->state == "Shutdown";
  }));
}

}  // namespace
}  // namespace gsh::conformance
