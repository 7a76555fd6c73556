#include "gsh/agones/idle_guard.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <optional>

#include "gsh/testing/manual_clock.h"
#include "gsh/testing/mock_agones.h"

namespace gsh::agones {
namespace {

using std::chrono::seconds;
using ::testing::_;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;

class IdleGuardTest : public ::testing::Test {
 protected:
  IdleGuardTest() {
    EXPECT_CALL(sdk_, WatchGameServer(_)).WillRepeatedly([this](auto on_change) {
      tell_ = on_change;
      return std::make_unique<testing::FakeSubscription>([this] { tell_ = nullptr; });
    });
    MakeGuard(seconds(60));
  }

  void MakeGuard(Duration timeout) {
    guard_.reset();
    guard_.emplace(
        sdk_,
        IdleGuardOptions{
            .first_player_timeout = timeout, .clock = &clock_, .executor = InlineExecutor()},
        [this](std::string reason) { reasons_.push_back(std::move(reason)); });
  }
  void Tell(std::string state, std::string allocation = "", bool released = false) {
    GameServer game_server{.state = std::move(state)};
    if (!allocation.empty()) game_server.labels[kAllocationLabel] = std::move(allocation);
    if (released) game_server.annotations[kReleaseAnnotation] = "true";
    tell_(game_server);
  }

  testing::ManualClock clock_;
  testing::MockGameServerSdk sdk_;
  std::function<void(const GameServer&)> tell_;
  std::vector<std::string> reasons_;
  std::optional<IdleGuard> guard_;
};

TEST_F(IdleGuardTest, ReadyServersWaitForEver) {
  Tell("Ready");
  clock_.Advance(std::chrono::hours(24));
  EXPECT_THAT(reasons_, IsEmpty());
}

TEST_F(IdleGuardTest, EndsWhenNobodyJoinsInTime) {
  Tell("Ready");
  Tell("Allocated", "a");
  clock_.Advance(seconds(59));
  Tell("Allocated", "a");  // a change of something else does not start again
  EXPECT_THAT(reasons_, IsEmpty());
  clock_.Advance(seconds(1));
  EXPECT_THAT(reasons_, ElementsAre(HasSubstr("nobody joined within 60 s")));
  clock_.Advance(seconds(600));
  EXPECT_EQ(reasons_.size(), 1u);
}

TEST_F(IdleGuardTest, PlayerWhoJoinedStopsTheTimerEvenIfItLeaves) {
  Tell("Allocated", "a");
  guard_->PlayerJoined();
  guard_->PlayerLeft();
  clock_.Advance(seconds(600));
  EXPECT_THAT(reasons_, IsEmpty());
}

TEST_F(IdleGuardTest, PlayerWhoWasThereBeforeTheAllocationCounts) {
  guard_->PlayerJoined();
  Tell("Allocated", "a");
  clock_.Advance(seconds(600));
  EXPECT_THAT(reasons_, IsEmpty());
}

TEST_F(IdleGuardTest, NewAllocationStartsAgain) {
  Tell("Allocated", "a");
  clock_.Advance(seconds(40));
  Tell("Allocated", "b");
  clock_.Advance(seconds(40));
  EXPECT_THAT(reasons_, IsEmpty());
  clock_.Advance(seconds(20));
  EXPECT_EQ(reasons_.size(), 1u);
  Tell("Allocated", "c");
  clock_.Advance(seconds(60));
  EXPECT_EQ(reasons_.size(), 2u);
}

TEST_F(IdleGuardTest, OtherDirectorsAllocationsAreToldApartByTheirTime) {
  GameServer game_server{.annotations = {{"agones.dev/last-allocated", "t1"}},
                         .state = "Allocated"};
  tell_(game_server);
  clock_.Advance(seconds(40));
  game_server.annotations["agones.dev/last-allocated"] = "t2";
  tell_(game_server);
  clock_.Advance(seconds(40));
  EXPECT_THAT(reasons_, IsEmpty());
}

TEST_F(IdleGuardTest, BackToReadyStopsTheTimer) {
  Tell("Allocated", "a");
  Tell("Ready", "a");
  clock_.Advance(seconds(600));
  EXPECT_THAT(reasons_, IsEmpty());
}

TEST_F(IdleGuardTest, ReleasedServerEndsAtOnce) {
  Tell("Allocated", "a");
  Tell("Allocated", "a", /*released=*/true);
  EXPECT_THAT(reasons_, ElementsAre(HasSubstr("released")));
  clock_.Advance(seconds(600));
  EXPECT_EQ(reasons_.size(), 1u);
}

TEST_F(IdleGuardTest, ReleasedServerWithPlayersEndsWhenTheyLeave) {
  Tell("Allocated", "a");
  guard_->PlayerJoined();
  guard_->PlayerJoined();
  Tell("Allocated", "a", /*released=*/true);
  guard_->PlayerLeft();
  EXPECT_THAT(reasons_, IsEmpty());
  guard_->PlayerLeft();
  EXPECT_THAT(reasons_, ElementsAre(HasSubstr("released")));
}

TEST_F(IdleGuardTest, ReleaseOfAnEarlierAllocationDoesNotCount) {
  Tell("Allocated", "a", /*released=*/true);
  EXPECT_EQ(reasons_.size(), 1u);
  // The server stays after all. A director that takes no release back takes it, and then ours.
  Tell("Ready", "a", /*released=*/true);
  Tell("Allocated", "a", /*released=*/true);
  EXPECT_EQ(reasons_.size(), 1u);
  Tell("Allocated", "b", /*released=*/false);
  EXPECT_EQ(reasons_.size(), 1u);
  Tell("Allocated", "b", /*released=*/true);
  EXPECT_EQ(reasons_.size(), 2u);
}

TEST_F(IdleGuardTest, NoTimeoutWaitsForEver) {
  MakeGuard(seconds(0));
  Tell("Allocated", "a");
  clock_.Advance(std::chrono::hours(24));
  EXPECT_THAT(reasons_, IsEmpty());
  Tell("Allocated", "a", /*released=*/true);
  EXPECT_EQ(reasons_.size(), 1u);
}

TEST_F(IdleGuardTest, DestructionStopsEverything) {
  Tell("Allocated", "a");
  guard_.reset();
  EXPECT_EQ(tell_, nullptr);
  clock_.Advance(seconds(600));
  EXPECT_THAT(reasons_, IsEmpty());
}

TEST_F(IdleGuardTest, MayBeDestroyedFromItsOwnCallback) {
  guard_.reset();
  bool ended = false;
  guard_.emplace(sdk_, IdleGuardOptions{.clock = &clock_, .executor = InlineExecutor()},
                 [&](std::string) {
                   guard_.reset();
                   ended = true;
                 });
  guard_->PlayerJoined();
  Tell("Allocated", "a", /*released=*/true);
  guard_->PlayerLeft();
  EXPECT_TRUE(ended);
}

}  // namespace
}  // namespace gsh::agones
