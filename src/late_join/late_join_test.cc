#include "src/late_join/late_join.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <optional>

#include "gsh/agones/match_annotation.h"
#include "gsh/mmf/backfill_slots.h"
#include "gsh/testing/fakes.h"
#include "gsh/testing/manual_clock.h"
#include "gsh/testing/mock_agones.h"
#include "src/openmatch/fake_backfills.h"

namespace gsh::late_join {
namespace {

using std::chrono::seconds;
using ::testing::_;
using ::testing::Each;
using ::testing::ElementsAre;
using ::testing::IsEmpty;

class LateJoinTest : public ::testing::Test {
 protected:
  LateJoinTest() {
    EXPECT_CALL(sdk_, WatchGameServer(_)).WillRepeatedly([this](auto on_change) {
      tell_ = on_change;
      return std::make_unique<testing::FakeSubscription>([this] { tell_ = nullptr; });
    });
    late_join_.emplace(
        sdk_, frontend_,
        LateJoinOptions{.seats = 4, .executor = InlineExecutor(), .clock = &clock_, .log = &log_});
  }

  void Tell(const std::string& state, const agones::MatchInfo& match,
            const std::string& region = "eu") {
    agones::GameServer server{.state = state, .address = "10.0.0.1"};
    server.ports = {{"default", 7000}};
    server.annotations = agones::EncodeMatch(match);
    if (!region.empty()) server.labels["region"] = region;
    tell_(server);
  }
  mmf::BackfillSlots SlotsOf(const std::string& id) {
    const auto slots = mmf::BackfillSlotsOf(frontend_.stored_.at(id).backfill);
    EXPECT_TRUE(slots.ok()) << slots.status();
    return slots.ok() ? *slots : mmf::BackfillSlots{};
  }

  testing::ManualClock clock_;
  testing::RecordingLog log_;
  testing::MockGameServerSdk sdk_;
  openmatch::FakeBackfills frontend_;
  std::function<void(const agones::GameServer&)> tell_;
  std::optional<LateJoin> late_join_;
};

TEST_F(LateJoinTest, OffersWhatTheMatchLeavesFreeOnceItIsAllocated) {
  Tell("Ready", {});
  EXPECT_THAT(frontend_.ids(), IsEmpty());
  Tell("Allocated", {.id = "m", .ticket_ids = {"a", "b"}});
  Tell("Allocated", {.id = "m", .ticket_ids = {"a", "b"}});
  ASSERT_THAT(frontend_.ids(), ElementsAre("b1"));
  EXPECT_EQ(late_join_->backfill_id(), "b1");
  EXPECT_EQ(SlotsOf("b1").region, "eu");
  EXPECT_THAT(SlotsOf("b1").open_slots, ElementsAre(2));
  EXPECT_THAT(frontend_.stored_["b1"].backfill.search_fields.tags, ElementsAre("mode.session"));
  late_join_->PlayerJoined();
  late_join_->PlayerJoined();
  late_join_->PlayerJoined();  // not of the match
  EXPECT_THAT(SlotsOf("b1").open_slots, ElementsAre(1));
  late_join_->PlayerLeft();
  EXPECT_THAT(SlotsOf("b1").open_slots, ElementsAre(2));
  EXPECT_THAT(frontend_.connections_, Each("10.0.0.1:7000"));
}

TEST_F(LateJoinTest, WhoIsThereAlreadyIsNotExpected) {
  late_join_->PlayerJoined();
  Tell("Allocated", {.id = "m", .ticket_ids = {"a", "b"}});
  EXPECT_THAT(SlotsOf("b1").open_slots, ElementsAre(2));
}

TEST_F(LateJoinTest, KeepsTheBackfillThatTheDirectorNames) {
  openmatch::Backfill made{.id = "m1", .generation = 1};
  made.extensions[mmf::kBackfillExtension] =
      mmf::BackfillSlotsToAny({.region = "other", .open_slots = {3}});
  frontend_.stored_["m1"] = {.backfill = made, .waiting = {{.id = "a"}}};
  Tell("Allocated", {.id = "m", .ticket_ids = {"a"}, .backfill_id = "m1"});
  EXPECT_EQ(late_join_->backfill_id(), "m1");
  EXPECT_THAT(frontend_.calls_, ElementsAre("Acknowledge", "Update"));
  EXPECT_EQ(SlotsOf("m1").region, "eu") << "it runs elsewhere than the match function thought";
  EXPECT_THAT(SlotsOf("m1").open_slots, ElementsAre(3));
}

TEST_F(LateJoinTest, ClosesAndDoesNotBeginAnew) {
  Tell("Allocated", {.id = "m", .ticket_ids = {"a"}});
  late_join_->Close(seconds(2));
  EXPECT_THAT(frontend_.ids(), IsEmpty());
  late_join_->PlayerLeft();
  Tell("Allocated", {.id = "n"});
  EXPECT_THAT(frontend_.ids(), IsEmpty());
}

TEST_F(LateJoinTest, NeedsARegion) {
  Tell("Allocated", {.id = "m", .ticket_ids = {"a"}}, "");
  EXPECT_THAT(frontend_.ids(), IsEmpty());
  EXPECT_EQ(log_.Count("no label `region`"), 1);
  late_join_->PlayerJoined();
  late_join_->Close(seconds(1));
}

}  // namespace
}  // namespace gsh::late_join
