// Agones' side-car (agones v1.5x: pkg/sdkserver/sdkserver.go, localsdk.go), through raw stubs.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>

#include "src/proto/agones.h"
#include "tests/conformance/engines.h"

namespace gsh::conformance {
namespace {

using ::testing::Contains;

using Stable = wire_sdk::SDK::Stub;
using Beta = wire_sdk::beta::SDK::Stub;
using Alpha = wire_sdk::alpha::SDK::Stub;

class SdkTest : public ::testing::Test {
 protected:
  void SetUp() override {
    const auto channel = Connect(Sdk().endpoint, {.insecure = true});
    stable_ = wire_sdk::SDK::NewStub(channel);
    beta_ = wire_sdk::beta::SDK::NewStub(channel);
    alpha_ = wire_sdk::alpha::SDK::NewStub(channel);
  }

  wire_sdk::GameServer Get() {
    wire_sdk::GameServer server;
    const grpc::Status status = Call(*stable_, &Stable::GetGameServer, wire_sdk::Empty(), &server);
    EXPECT_TRUE(status.ok()) << status.error_message();
    return server;
  }
  template <typename Method>
  bool Ok(Method method) {
    wire_sdk::Empty empty;
    return Call(*stable_, method, wire_sdk::Empty(), &empty).ok();
  }
  // State changes are made a little later.
  bool Becomes(const std::string& state, const std::string& or_state = {}) {
    return Eventually([&] {
      const std::string now = Get().status().state();
      return now == state || now == or_state;
    });
  }

  int SetLabel(const std::string& key, const std::string& value) {
    wire_sdk::KeyValue pair;
    pair.set_key(key);
    pair.set_value(value);
    wire_sdk::Empty empty;
    return CodeOf(Call(*stable_, &Stable::SetLabel, pair, &empty));
  }

  wire_sdk::beta::Counter Counter(const std::string& name = "rooms") {
    wire_sdk::beta::GetCounterRequest request;
    request.set_name(name);
    wire_sdk::beta::Counter counter;
    code_ = CodeOf(Call(*beta_, &Beta::GetCounter, request, &counter));
    return counter;
  }
  wire_sdk::beta::UpdateCounterRequest CounterUpdate() {
    wire_sdk::beta::UpdateCounterRequest request;
    request.mutable_counterupdaterequest()->set_name("rooms");
    return request;
  }
  int Update(const wire_sdk::beta::UpdateCounterRequest& request) {
    wire_sdk::beta::Counter counter;
    return CodeOf(Call(*beta_, &Beta::UpdateCounter, request, &counter));
  }
  int SetCount(std::int64_t count) {
    auto request = CounterUpdate();
    request.mutable_counterupdaterequest()->mutable_count()->set_value(count);
    return Update(request);
  }
  int Add(std::int64_t diff) {
    auto request = CounterUpdate();
    request.mutable_counterupdaterequest()->set_countdiff(diff);
    return Update(request);
  }

  wire_sdk::beta::List List(const std::string& name = "players") {
    wire_sdk::beta::GetListRequest request;
    request.set_name(name);
    wire_sdk::beta::List list;
    code_ = CodeOf(Call(*beta_, &Beta::GetList, request, &list));
    return list;
  }
  int AddValue(const std::string& value, const std::string& list = "players") {
    wire_sdk::beta::AddListValueRequest request;
    request.set_name(list);
    request.set_value(value);
    wire_sdk::beta::List response;
    return CodeOf(Call(*beta_, &Beta::AddListValue, request, &response));
  }
  int RemoveValue(const std::string& value, const std::string& list = "players") {
    wire_sdk::beta::RemoveListValueRequest request;
    request.set_name(list);
    request.set_value(value);
    wire_sdk::beta::List response;
    return CodeOf(Call(*beta_, &Beta::RemoveListValue, request, &response));
  }
  bool ListHas(const std::string& value) {
    const wire_sdk::beta::List list = List();
    return std::find(list.values().begin(), list.values().end(), value) != list.values().end();
  }
  // Changes are gathered for a second: none of the last test may be on its way.
  bool Settled(const std::function<bool(const wire_sdk::GameServer&)>& condition) {
    return Eventually([&] { return condition(Get()); });
  }

  grpc::Status ConnectPlayer(const std::string& player, bool* changed) {
    wire_sdk::alpha::PlayerID id;
    id.set_playerid(player);
    wire_sdk::alpha::Bool answer;
    const grpc::Status status = Call(*alpha_, &Alpha::PlayerConnect, id, &answer);
    *changed = answer.bool_();
    return status;
  }
  bool Disconnect(const std::string& player) {
    wire_sdk::alpha::PlayerID id;
    id.set_playerid(player);
    wire_sdk::alpha::Bool changed;
    EXPECT_TRUE(Call(*alpha_, &Alpha::PlayerDisconnect, id, &changed).ok());
    return changed.bool_();
  }
  void SetPlayerCapacity(std::int64_t capacity) {
    wire_sdk::alpha::Count count;
    count.set_count(capacity);
    wire_sdk::alpha::Empty empty;
    EXPECT_TRUE(Call(*alpha_, &Alpha::SetPlayerCapacity, count, &empty).ok());
  }

  std::unique_ptr<Stable> stable_;
  std::unique_ptr<Beta> beta_;
  std::unique_ptr<Alpha> alpha_;
  int code_ = 0;  // of the last Counter() or List()
};

// ---- stable

TEST_F(SdkTest, TheServerIsDescribed) {
  const wire_sdk::GameServer server = Get();
  EXPECT_FALSE(server.object_meta().name().empty());
  EXPECT_EQ(server.object_meta().namespace_(), "default");
  EXPECT_GT(server.object_meta().creation_timestamp(), 0);
  EXPECT_FALSE(server.status().state().empty());
  EXPECT_FALSE(server.status().address().empty());
  ASSERT_EQ(server.status().ports_size(), 1);
  EXPECT_EQ(server.status().ports(0).name(), "default");
}

TEST_F(SdkTest, LabelsAndAnnotationsGetAPrefixAndWatchesTell) {
  grpc::ClientContext context;
  Limit(context);
  const auto stream = stable_->WatchGameServer(&context, {});
  wire_sdk::GameServer seen;
  ASSERT_TRUE(stream->Read(&seen)) << "the first message comes at once";
  const std::string value = UniqueName("v");
  EXPECT_EQ(SetLabel("conformance", value), grpc::StatusCode::OK);
  wire_sdk::KeyValue note;
  note.set_key("conformance");
  note.set_value("any {text} " + value);
  wire_sdk::Empty empty;
  EXPECT_TRUE(Call(*stable_, &Stable::SetAnnotation, note, &empty).ok());
  const auto has_both = [&] {
    const auto& meta = seen.object_meta();
    const auto label = meta.labels().find("agones.dev/sdk-conformance");
    const auto annotation = meta.annotations().find("agones.dev/sdk-conformance");
    return label != meta.labels().end() && label->second == value &&
           annotation != meta.annotations().end() && annotation->second == note.value();
  };
  while (!has_both() && stream->Read(&seen)) {
  }
  EXPECT_TRUE(has_both());
  context.TryCancel();
}

TEST_F(SdkTest, HealthTakesPings) {
  grpc::ClientContext context;
  Limit(context);
  wire_sdk::Empty empty;
  const auto stream = stable_->Health(&context, &empty);
  EXPECT_TRUE(stream->Write(empty));
  EXPECT_TRUE(stream->Write(empty));
  EXPECT_TRUE(stream->WritesDone());
  EXPECT_TRUE(stream->Finish().ok());
}

TEST_F(SdkTest, StatesFollowTheCalls) {
  EXPECT_TRUE(Ok(&Stable::Allocate));
  EXPECT_TRUE(Becomes("Allocated"));
  EXPECT_TRUE(Ok(&Stable::Ready));
  EXPECT_TRUE(Becomes("RequestReady", "Ready"));  // the controller makes the second of the first
  wire_sdk::Duration duration;
  duration.set_seconds(1);
  wire_sdk::Empty empty;
  EXPECT_TRUE(Call(*stable_, &Stable::Reserve, duration, &empty).ok());
  EXPECT_TRUE(Becomes("Reserved"));
  EXPECT_TRUE(Becomes("RequestReady", "Ready")) << "a reservation ends by itself";
}

// ---- beta

TEST_F(SdkTest, CountersCountWithinTheirCapacity) {
  EXPECT_EQ(SetCount(0), grpc::StatusCode::OK);
  EXPECT_EQ(Add(2), grpc::StatusCode::OK);
  EXPECT_EQ(Counter().count(), 2) << "changes show at once";
  EXPECT_EQ(Counter().capacity(), 10);
  EXPECT_EQ(Counter().name(), "rooms");
  EXPECT_EQ(SetCount(10), grpc::StatusCode::OK);
  EXPECT_EQ(Add(1), grpc::StatusCode::UNKNOWN);
  EXPECT_EQ(Add(-11), grpc::StatusCode::UNKNOWN);
  EXPECT_EQ(SetCount(11), grpc::StatusCode::UNKNOWN);
  EXPECT_EQ(SetCount(-1), grpc::StatusCode::UNKNOWN);
  EXPECT_EQ(Counter().count(), 10);
  EXPECT_EQ(SetCount(0), grpc::StatusCode::OK);
  EXPECT_TRUE(Settled(
      [](const auto& server) { return server.status().counters().at("rooms").count() == 0; }));
}

TEST_F(SdkTest, CounterErrorsAreUnknown) {
  Counter("none");
  EXPECT_EQ(code_, grpc::StatusCode::UNKNOWN);
  EXPECT_EQ(Update({}), grpc::StatusCode::UNKNOWN);
  auto elsewhere = CounterUpdate();
  elsewhere.mutable_counterupdaterequest()->set_name("none");
  elsewhere.mutable_counterupdaterequest()->set_countdiff(1);
  EXPECT_EQ(Update(elsewhere), grpc::StatusCode::UNKNOWN);
  auto negative = CounterUpdate();
  negative.mutable_counterupdaterequest()->mutable_capacity()->set_value(-1);
  EXPECT_EQ(Update(negative), grpc::StatusCode::UNKNOWN);
}

TEST_F(SdkTest, ListsHoldEachValueOnce) {
  const std::string value = UniqueName("v");
  EXPECT_EQ(AddValue(value), grpc::StatusCode::OK);
  EXPECT_TRUE(ListHas(value)) << "changes show at once";
  EXPECT_EQ(AddValue(value), grpc::StatusCode::UNKNOWN);
  EXPECT_TRUE(Settled([&](const auto& server) {
    const auto& values = server.status().lists().at("players").values();
    return std::find(values.begin(), values.end(), value) != values.end();
  }));
  EXPECT_EQ(RemoveValue(value), grpc::StatusCode::OK);
  EXPECT_FALSE(ListHas(value));
  EXPECT_EQ(RemoveValue(value), grpc::StatusCode::UNKNOWN);
  EXPECT_TRUE(Settled([&](const auto& server) {
    const auto& values = server.status().lists().at("players").values();
    return std::find(values.begin(), values.end(), value) == values.end();
  }));
}

TEST_F(SdkTest, ListErrorsAreUnknown) {
  List("none");
  EXPECT_EQ(code_, grpc::StatusCode::UNKNOWN);
  EXPECT_EQ(AddValue("v", "none"), grpc::StatusCode::UNKNOWN);
  EXPECT_EQ(RemoveValue("v", "none"), grpc::StatusCode::UNKNOWN);
}

TEST_F(SdkTest, UpdateListAnswersAnEmptyList) {
  wire_sdk::beta::UpdateListRequest request;
  request.mutable_list()->set_name("players");
  request.mutable_list()->set_capacity(5);
  request.mutable_update_mask()->add_paths("capacity");
  wire_sdk::beta::List response;
  const grpc::Status status = Call(*beta_, &Beta::UpdateList, request, &response);
  ASSERT_TRUE(status.ok()) << status.error_message();
  EXPECT_EQ(List().capacity(), 5);
  request.mutable_list()->set_capacity(1001);
  EXPECT_EQ(CodeOf(Call(*beta_, &Beta::UpdateList, request, &response)), grpc::StatusCode::UNKNOWN);
  request.mutable_list()->set_capacity(-1);
  EXPECT_EQ(CodeOf(Call(*beta_, &Beta::UpdateList, request, &response)), grpc::StatusCode::UNKNOWN);
  request.mutable_list()->set_capacity(10);
  request.mutable_update_mask()->set_paths(0, "none");
  EXPECT_EQ(CodeOf(Call(*beta_, &Beta::UpdateList, request, &response)), grpc::StatusCode::UNKNOWN);
  request.clear_update_mask();
  EXPECT_EQ(CodeOf(Call(*beta_, &Beta::UpdateList, request, &response)), grpc::StatusCode::UNKNOWN);
  request.mutable_update_mask()->add_paths("capacity");
  EXPECT_TRUE(Call(*beta_, &Beta::UpdateList, request, &response).ok());
  EXPECT_TRUE(Settled(
      [](const auto& server) { return server.status().lists().at("players").capacity() == 10; }));
}

TEST_F(SdkTest, TheCapacityIsCheckedWhateverTheMaskSays) {
  wire_sdk::beta::UpdateListRequest request;
  request.mutable_list()->set_name("players");
  request.mutable_list()->set_capacity(1001);
  request.mutable_update_mask()->add_paths("values");
  wire_sdk::beta::List response;
  EXPECT_EQ(CodeOf(Call(*beta_, &Beta::UpdateList, request, &response)), grpc::StatusCode::UNKNOWN);
}

// ---- alpha

TEST_F(SdkTest, PlayersComeOnceAndFindTheirPlaces) {
  const std::string ann = UniqueName("ann"), bob = UniqueName("bob");
  bool changed = false;
  SetPlayerCapacity(1);
  EXPECT_TRUE(ConnectPlayer(ann, &changed).ok());
  EXPECT_TRUE(changed);
  EXPECT_TRUE(ConnectPlayer(ann, &changed).ok());
  EXPECT_FALSE(changed);
  EXPECT_EQ(CodeOf(ConnectPlayer(bob, &changed)), grpc::StatusCode::UNKNOWN);
  wire_sdk::alpha::Count count;
  EXPECT_TRUE(Call(*alpha_, &Alpha::GetPlayerCount, wire_sdk::alpha::Empty(), &count).ok());
  EXPECT_EQ(count.count(), 1);
  EXPECT_TRUE(Call(*alpha_, &Alpha::GetPlayerCapacity, wire_sdk::alpha::Empty(), &count).ok());
  EXPECT_EQ(count.count(), 1);
  wire_sdk::alpha::PlayerIDList ids;
  EXPECT_TRUE(Call(*alpha_, &Alpha::GetConnectedPlayers, wire_sdk::alpha::Empty(), &ids).ok());
  EXPECT_THAT(ids.list(), Contains(ann));
  wire_sdk::alpha::PlayerID id;
  id.set_playerid(bob);
  wire_sdk::alpha::Bool connected;
  EXPECT_TRUE(Call(*alpha_, &Alpha::IsPlayerConnected, id, &connected).ok());
  EXPECT_FALSE(connected.bool_());
  EXPECT_TRUE(Disconnect(ann));
  EXPECT_FALSE(Disconnect(ann));
  SetPlayerCapacity(10);
}

}  // namespace
}  // namespace gsh::conformance
