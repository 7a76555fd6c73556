#include "src/testing/sandbox/agones/side_car.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "src/testing/sandbox/agones/test_cluster.h"

namespace gsh::sandbox {
namespace {

using std::chrono::seconds;
using ::testing::ElementsAre;
using ::testing::HasSubstr;

class SideCarTest : public ::testing::Test {
 protected:
  SideCarTest() {
    GameServer server;
    server.name = "gs";
    server.state = State::kScheduled;
    server.health = {.period_seconds = 60, .failure_threshold = 5, .initial_delay_seconds = 30};
    server.counters["rooms"] = {.count = 1, .capacity = 3};
    server.lists["players"] = {.values = {"a"}, .capacity = 2};
    server.players.capacity = 1;
    test_.cluster->Create(std::move(server));
  }
  ~SideCarTest() override { side_car_->Stop(); }

  State state() const { return test_.StateOf("gs"); }
  void ExpectUnknown(const Status& status, const std::string& text) {
    EXPECT_EQ(status.code(), StatusCode::kUnknown);
    EXPECT_THAT(status.message(), HasSubstr(text));
  }

  TestCluster test_;
  std::shared_ptr<SideCar> side_car_ = std::make_shared<SideCar>(test_.cluster, test_.clock, "gs");
};

TEST_F(SideCarTest, UnhealthyAfterFivePeriodsWithoutPing) {
  side_car_->StartHealthChecks();
  // Looks at 30, 90, 150 ... seconds; the one at 30 is within the first period.
  test_.clock.Advance(seconds(329));
  EXPECT_EQ(state(), State::kScheduled);
  test_.clock.Advance(seconds(1));
  EXPECT_EQ(state(), State::kUnhealthy);
}

TEST_F(SideCarTest, PingsStartTheCountAgain) {
  side_car_->StartHealthChecks();
  test_.clock.Advance(seconds(329));
  side_car_->HealthPing();
  test_.clock.Advance(seconds(300));
  EXPECT_EQ(state(), State::kScheduled);
  test_.clock.Advance(seconds(61));
  EXPECT_EQ(state(), State::kUnhealthy);
}

TEST_F(SideCarTest, APingExactlyOnePeriodAgoIsInTime) {
  side_car_->StartHealthChecks();
  test_.clock.Advance(seconds(30));
  side_car_->HealthPing();
  test_.clock.Advance(seconds(300));  // the look at 90 is not counted
  EXPECT_EQ(state(), State::kScheduled);
  test_.clock.Advance(seconds(60));
  EXPECT_EQ(state(), State::kUnhealthy);
}

TEST_F(SideCarTest, DisabledHealthIsNeverUnhealthy) {
  test_.cluster->Update("gs", [](GameServer& server) { return server.health.disabled = true; });
  side_car_->StartHealthChecks();
  test_.clock.Advance(seconds(10000));
  EXPECT_EQ(state(), State::kScheduled);
}

TEST_F(SideCarTest, StoppedSideCarChangesNothing) {
  side_car_->StartHealthChecks();
  side_car_->Reserve(10);
  side_car_->Stop();
  test_.clock.Advance(seconds(10000));
  EXPECT_EQ(state(), State::kReserved);
}

TEST_F(SideCarTest, NoWayBackFromUnhealthyAndShutdown) {
  test_.SetState("gs", State::kUnhealthy);
  side_car_->RequestState(State::kRequestReady);
  EXPECT_EQ(state(), State::kUnhealthy);
  test_.SetState("gs", State::kShutdown);
  side_car_->RequestState(State::kAllocated);
  EXPECT_EQ(state(), State::kShutdown);
}

TEST_F(SideCarTest, AllocateSetsTheAnnotation) {
  side_car_->RequestState(State::kAllocated);
  EXPECT_EQ(state(), State::kAllocated);
  EXPECT_EQ(test_.cluster->Get("gs")->annotations.at(kLastAllocatedAnnotation),
            "2026-01-01T00:00:00.000000000Z");
}

TEST_F(SideCarTest, ReserveEndsWithRequestReady) {
  side_car_->Reserve(10);
  test_.clock.Advance(seconds(9));
  EXPECT_EQ(state(), State::kReserved);
  test_.clock.Advance(seconds(1));
  EXPECT_EQ(state(), State::kRequestReady);
}

TEST_F(SideCarTest, ReserveForEver) {
  side_car_->Reserve(0);
  test_.clock.Advance(std::chrono::hours(24));
  EXPECT_EQ(state(), State::kReserved);
}

TEST_F(SideCarTest, AnotherStateEndsTheReservation) {
  side_car_->Reserve(10);
  side_car_->RequestState(State::kAllocated);
  test_.clock.Advance(seconds(20));
  EXPECT_EQ(state(), State::kAllocated);
}

TEST_F(SideCarTest, LabelsAndAnnotationsGetThePrefix) {
  EXPECT_TRUE(side_car_->SetLabel("map", "desert").ok());
  EXPECT_TRUE(side_car_->SetAnnotation("note", "any text: {}").ok());
  const GameServerPtr server = test_.cluster->Get("gs");
  EXPECT_EQ(server->labels.at("agones.dev/sdk-map"), "desert");
  EXPECT_EQ(server->annotations.at("agones.dev/sdk-note"), "any text: {}");
  EXPECT_EQ(side_car_->SetLabel("map", "no blanks").code(), StatusCode::kInvalidArgument);
  EXPECT_EQ(side_car_->SetLabel("no blanks", "x").code(), StatusCode::kInvalidArgument);
  EXPECT_EQ(side_car_->SetAnnotation("no blanks", "x").code(), StatusCode::kInvalidArgument);
}

TEST_F(SideCarTest, Counters) {
  EXPECT_EQ(side_car_->GetCounter("rooms")->count, 1);
  EXPECT_EQ(side_car_->UpdateCounter("rooms", {.diff = 2})->count, 3);
  ExpectUnknown(
      side_car_->UpdateCounter("rooms", {.diff = 1}).status(),
      "out of range. Count must be within range [0,Capacity]. Found Count: 4, Capacity: 3");
  EXPECT_EQ(side_car_->UpdateCounter("rooms", {.capacity = 10, .diff = 1})->count, 4);
  EXPECT_EQ(side_car_->UpdateCounter("rooms", {.count = 0})->count, 0);
  EXPECT_EQ(side_car_->UpdateCounter("rooms", {.capacity = 0})->capacity, 0);
  ExpectUnknown(side_car_->UpdateCounter("rooms", {.capacity = -1}).status(),
                "out of range. Capacity");
  ExpectUnknown(side_car_->UpdateCounter("rooms", {}).status(), "invalid argument. Malformed");
  ExpectUnknown(side_car_->GetCounter("none").status(), "counter not found: none");
  ExpectUnknown(side_car_->UpdateCounter("none", {.diff = 1}).status(), "counter not found: none");
}

TEST_F(SideCarTest, CountIsCutAtALowerCapacity) {
  EXPECT_EQ(side_car_->UpdateCounter("rooms", {.count = 3})->count, 3);
  EXPECT_EQ(side_car_->UpdateCounter("rooms", {.capacity = 2})->count, 2);
}

TEST_F(SideCarTest, Lists) {
  EXPECT_THAT(side_car_->AddListValue("players", "b")->values, ElementsAre("a", "b"));
  ExpectUnknown(side_car_->AddListValue("players", "c").status(),
                "out of range. No available capacity. Current Capacity: 2, List Size: 2");
  EXPECT_TRUE(side_car_->UpdateList("players", 3, std::nullopt).ok());
  ExpectUnknown(side_car_->AddListValue("players", "b").status(),
                "already exists. Value: b already in List: players");
  EXPECT_THAT(side_car_->RemoveListValue("players", "a")->values, ElementsAre("b"));
  ExpectUnknown(side_car_->RemoveListValue("players", "a").status(),
                "not found: value a not in list players");
  EXPECT_TRUE(side_car_->UpdateList("players", std::nullopt, {{"c", "b"}}).ok());
  EXPECT_THAT(side_car_->GetList("players")->values, ElementsAre("b", "c"));
  EXPECT_TRUE(side_car_->UpdateList("players", 1, std::nullopt).ok());
  EXPECT_THAT(side_car_->GetList("players")->values, ElementsAre("b"));
  ExpectUnknown(side_car_->UpdateList("players", 1001, std::nullopt), "out of range. Capacity");
  ExpectUnknown(side_car_->UpdateList("none", 1, std::nullopt), "not found. none List not found");
  ExpectUnknown(side_car_->GetList("none").status(), "list not found: none");
}

TEST_F(SideCarTest, Players) {
  EXPECT_TRUE(*side_car_->PlayerConnect("p1"));
  EXPECT_FALSE(*side_car_->PlayerConnect("p1"));
  ExpectUnknown(side_car_->PlayerConnect("p2").status(), "players are already at capacity");
  EXPECT_TRUE(side_car_->SetPlayerCapacity(8).ok());
  EXPECT_TRUE(*side_car_->PlayerConnect("p2"));
  EXPECT_TRUE(*side_car_->PlayerDisconnect("p1"));
  EXPECT_FALSE(*side_car_->PlayerDisconnect("p1"));
  EXPECT_THAT(side_car_->Players()->ids, ElementsAre("p2"));
  EXPECT_EQ(side_car_->Players()->count, 1);
}

TEST_F(SideCarTest, GoneServer) {
  test_.cluster->Remove("gs");
  ExpectUnknown(side_car_->Get().status(), "could not retrieve GameServer gs");
  ExpectUnknown(side_car_->SetLabel("a", "b"), "could not retrieve GameServer gs");
}

}  // namespace
}  // namespace gsh::sandbox
