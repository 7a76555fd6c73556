#include "src/testing/sandbox/agones/sdk_server.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "src/proto/agones.h"
#include "src/testing/sandbox/agones/test_cluster.h"

namespace gsh::sandbox {
namespace {

using ::testing::ElementsAre;

// Each case talks to a real server on loopback.
class SdkServerTest : public ::testing::Test {
 protected:
  void SetUp() override {
    GameServer game_server;
    game_server.name = "gs";
    game_server.state = State::kScheduled;
    game_server.labels = {{"region", "us-east-1"}};
    game_server.address = "127.0.0.1";
    game_server.ports = {{"default", 7000}};
    game_server.health = {
        .period_seconds = 60, .failure_threshold = 5, .initial_delay_seconds = 30};
    game_server.counters["rooms"] = {.count = 1, .capacity = 3};
    game_server.lists["players"] = {.values = {"a"}, .capacity = 2};
    test_.cluster->Create(std::move(game_server));
    auto server = SdkServer::Start(test_.cluster, test_.clock, "gs");
    ASSERT_TRUE(server.ok()) << server.status();
    server_ = std::move(*server);
    channel_ = grpc::CreateChannel("127.0.0.1:" + std::to_string(server_->port()),
                                   grpc::InsecureChannelCredentials());
    sdk_ = wire_sdk::SDK::NewStub(channel_);
    beta_ = wire_sdk::beta::SDK::NewStub(channel_);
    alpha_ = wire_sdk::alpha::SDK::NewStub(channel_);
  }

  template <typename Service, typename Request, typename Response>
  grpc::Status Call(const std::unique_ptr<Service>& stub,
                    grpc::Status (Service::*method)(grpc::ClientContext*, const Request&,
                                                    Response*),
                    const Request& request, Response* response) {
    grpc::ClientContext context;
    context.set_deadline(std::chrono::system_clock::now() + std::chrono::seconds(20));
    return ((*stub).*method)(&context, request, response);
  }

  State state() const { return test_.StateOf("gs"); }

  TestCluster test_;
  std::unique_ptr<SdkServer> server_;
  std::shared_ptr<grpc::Channel> channel_;
  std::unique_ptr<wire_sdk::SDK::Stub> sdk_;
  std::unique_ptr<wire_sdk::beta::SDK::Stub> beta_;
  std::unique_ptr<wire_sdk::alpha::SDK::Stub> alpha_;
};

using Sdk = wire_sdk::SDK::Stub;
using Beta = wire_sdk::beta::SDK::Stub;
using Alpha = wire_sdk::alpha::SDK::Stub;

TEST_F(SdkServerTest, States) {
  wire_sdk::Empty empty;
  EXPECT_TRUE(Call(sdk_, &Sdk::Ready, empty, &empty).ok());
  EXPECT_EQ(state(), State::kRequestReady);
  EXPECT_TRUE(Call(sdk_, &Sdk::Allocate, empty, &empty).ok());
  EXPECT_EQ(state(), State::kAllocated);
  wire_sdk::Duration duration;
  duration.set_seconds(5);
  EXPECT_TRUE(Call(sdk_, &Sdk::Reserve, duration, &empty).ok());
  EXPECT_EQ(state(), State::kReserved);
  EXPECT_TRUE(Call(sdk_, &Sdk::Shutdown, empty, &empty).ok());
  EXPECT_EQ(state(), State::kShutdown);
}

TEST_F(SdkServerTest, GetGameServer) {
  wire_sdk::GameServer answer;
  ASSERT_TRUE(Call(sdk_, &Sdk::GetGameServer, wire_sdk::Empty(), &answer).ok());
  EXPECT_EQ(answer.object_meta().name(), "gs");
  EXPECT_EQ(answer.object_meta().namespace_(), "default");
  EXPECT_EQ(answer.object_meta().creation_timestamp(), 1767225600);
  EXPECT_EQ(answer.object_meta().labels().at("region"), "us-east-1");
  EXPECT_EQ(answer.spec().health().period_seconds(), 60);
  EXPECT_EQ(answer.status().state(), "Scheduled");
  ASSERT_EQ(answer.status().ports_size(), 1);
  EXPECT_EQ(answer.status().ports(0).port(), 7000);
  EXPECT_EQ(answer.status().counters().at("rooms").capacity(), 3);
  EXPECT_THAT(answer.status().lists().at("players").values(), ElementsAre("a"));
}

TEST_F(SdkServerTest, LabelsAreChecked) {
  wire_sdk::KeyValue label;
  wire_sdk::Empty empty;
  label.set_key("map");
  label.set_value("not valid");
  EXPECT_EQ(Call(sdk_, &Sdk::SetLabel, label, &empty).error_code(),
            grpc::StatusCode::INVALID_ARGUMENT);
  EXPECT_TRUE(Call(sdk_, &Sdk::SetAnnotation, label, &empty).ok());
  EXPECT_EQ(test_.cluster->Get("gs")->annotations.at("agones.dev/sdk-map"), "not valid");
}

TEST_F(SdkServerTest, WatchSendsTheStateThenChangesThenEnds) {
  grpc::ClientContext context;
  const auto stream = sdk_->WatchGameServer(&context, {});
  wire_sdk::GameServer seen;
  ASSERT_TRUE(stream->Read(&seen));
  EXPECT_EQ(seen.status().state(), "Scheduled");
  for (const State state : {State::kReady, State::kAllocated, State::kShutdown}) {
    test_.SetState("gs", state);
    ASSERT_TRUE(stream->Read(&seen));
    EXPECT_EQ(seen.status().state(), StateName(state));
  }
  test_.Add("other", State::kReady);  // of no interest here
  server_.reset();
  EXPECT_FALSE(stream->Read(&seen));
  EXPECT_TRUE(stream->Finish().ok());
}

TEST_F(SdkServerTest, WatchMayBeCancelled) {
  grpc::ClientContext context;
  const auto stream = sdk_->WatchGameServer(&context, {});
  wire_sdk::GameServer seen;
  ASSERT_TRUE(stream->Read(&seen));
  context.TryCancel();
  while (stream->Read(&seen)) {
  }
  EXPECT_EQ(stream->Finish().error_code(), grpc::StatusCode::CANCELLED);
  test_.SetState("gs", State::kReady);
  EXPECT_EQ(state(), State::kReady);
}

TEST_F(SdkServerTest, HealthStream) {
  server_->StartHealthChecks();
  test_.clock.Advance(std::chrono::seconds(300));  // four looks in vain
  grpc::ClientContext context;
  wire_sdk::Empty empty;
  const auto stream = sdk_->Health(&context, &empty);
  EXPECT_TRUE(stream->Write(empty));
  stream->WritesDone();
  EXPECT_TRUE(stream->Finish().ok());
  test_.clock.Advance(std::chrono::seconds(60));  // the fifth, had there been no ping
  EXPECT_EQ(state(), State::kScheduled);
  test_.clock.Advance(std::chrono::seconds(600));
  EXPECT_EQ(state(), State::kUnhealthy);
}

TEST_F(SdkServerTest, Counters) {
  wire_sdk::beta::UpdateCounterRequest update;
  wire_sdk::beta::Counter counter;
  EXPECT_EQ(Call(beta_, &Beta::UpdateCounter, update, &counter).error_code(),
            grpc::StatusCode::UNKNOWN);
  update.mutable_counterupdaterequest()->set_name("rooms");
  update.mutable_counterupdaterequest()->set_countdiff(2);
  ASSERT_TRUE(Call(beta_, &Beta::UpdateCounter, update, &counter).ok());
  EXPECT_EQ(counter.name(), "rooms");
  EXPECT_EQ(counter.count(), 3);
  const grpc::Status status = Call(beta_, &Beta::UpdateCounter, update, &counter);
  EXPECT_EQ(status.error_code(), grpc::StatusCode::UNKNOWN);
  EXPECT_EQ(status.error_message(),
            "out of range. Count must be within range [0,Capacity]. Found Count: 5, Capacity: 3");
  wire_sdk::beta::GetCounterRequest get;
  get.set_name("none");
  EXPECT_EQ(Call(beta_, &Beta::GetCounter, get, &counter).error_message(),
            "counter not found: none");
}

TEST_F(SdkServerTest, Lists) {
  wire_sdk::beta::List list;
  wire_sdk::beta::AddListValueRequest add;
  add.set_name("players");
  add.set_value("b");
  ASSERT_TRUE(Call(beta_, &Beta::AddListValue, add, &list).ok());
  EXPECT_THAT(list.values(), ElementsAre("a", "b"));
  wire_sdk::beta::RemoveListValueRequest remove;
  remove.set_name("players");
  remove.set_value("a");
  wire_sdk::beta::List removed;
  ASSERT_TRUE(Call(beta_, &Beta::RemoveListValue, remove, &removed).ok());
  EXPECT_THAT(removed.values(), ElementsAre("b"));

  wire_sdk::beta::UpdateListRequest update;
  update.mutable_list()->set_name("players");
  update.mutable_list()->set_capacity(5);
  wire_sdk::beta::List updated;
  EXPECT_FALSE(Call(beta_, &Beta::UpdateList, update, &updated).ok()) << "no mask";
  update.mutable_update_mask()->add_paths("nonsense");
  EXPECT_FALSE(Call(beta_, &Beta::UpdateList, update, &updated).ok());
  update.mutable_update_mask()->set_paths(0, "values");
  update.mutable_list()->set_capacity(1001);
  EXPECT_FALSE(Call(beta_, &Beta::UpdateList, update, &updated).ok()) << "though not in the mask";
  update.mutable_list()->set_capacity(5);
  update.mutable_update_mask()->set_paths(0, "capacity");
  ASSERT_TRUE(Call(beta_, &Beta::UpdateList, update, &updated).ok());
  EXPECT_EQ(updated.name(), "") << "Agones answers an empty list";

  wire_sdk::beta::GetListRequest get;
  get.set_name("players");
  wire_sdk::beta::List got;
  ASSERT_TRUE(Call(beta_, &Beta::GetList, get, &got).ok());
  EXPECT_EQ(got.capacity(), 5);
  EXPECT_THAT(got.values(), ElementsAre("b"));
}

TEST_F(SdkServerTest, Players) {
  wire_sdk::alpha::Count count;
  wire_sdk::alpha::Empty empty;
  wire_sdk::alpha::PlayerID player;
  wire_sdk::alpha::Bool answer;
  player.set_playerid("p1");
  const grpc::Status full = Call(alpha_, &Alpha::PlayerConnect, player, &answer);
  EXPECT_EQ(full.error_code(), grpc::StatusCode::UNKNOWN);
  EXPECT_EQ(full.error_message(), "players are already at capacity");
  count.set_count(8);
  ASSERT_TRUE(Call(alpha_, &Alpha::SetPlayerCapacity, count, &empty).ok());
  ASSERT_TRUE(Call(alpha_, &Alpha::PlayerConnect, player, &answer).ok());
  EXPECT_TRUE(answer.bool_());
  ASSERT_TRUE(Call(alpha_, &Alpha::IsPlayerConnected, player, &answer).ok());
  EXPECT_TRUE(answer.bool_());
  ASSERT_TRUE(Call(alpha_, &Alpha::GetPlayerCount, empty, &count).ok());
  EXPECT_EQ(count.count(), 1);
  ASSERT_TRUE(Call(alpha_, &Alpha::GetPlayerCapacity, empty, &count).ok());
  EXPECT_EQ(count.count(), 8);
  wire_sdk::alpha::PlayerIDList players;
  ASSERT_TRUE(Call(alpha_, &Alpha::GetConnectedPlayers, empty, &players).ok());
  EXPECT_THAT(players.list(), ElementsAre("p1"));
  wire_sdk::alpha::Bool gone;
  ASSERT_TRUE(Call(alpha_, &Alpha::PlayerDisconnect, player, &gone).ok());
  EXPECT_TRUE(gone.bool_());
  EXPECT_EQ(test_.cluster->Get("gs")->players.count, 0);
}

}  // namespace
}  // namespace gsh::sandbox
