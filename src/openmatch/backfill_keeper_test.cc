// What the keeper does with seats and tickets, step by step; its faults are in
// backfill_keeper_fault_test.cc.
#include "gsh/openmatch/backfill_keeper.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <chrono>
#include <memory>
#include <string>
#include <thread>
#include <vector>

#include "gsh/testing/matchers.h"
#include "src/openmatch/backfill_keeper_fixture.h"

namespace gsh::openmatch {
namespace {

using Kind = BackfillEvent::Kind;
using std::chrono::milliseconds;
using std::chrono::seconds;
using ::testing::Each;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using testing::IsOk;
using ::testing::SizeIs;
using testing::StatusIs;

TEST_F(BackfillKeeperTest, NamesEveryBadOption) {
  const auto keeper = BackfillKeeper::Start({.acknowledge_interval = seconds(0),
                                             .join_timeout = seconds(-1),
                                             .call_timeout = seconds(0)});
  EXPECT_THAT(keeper.status(), StatusIs(StatusCode::kInvalidArgument));
  for (const char* mistake :
       {"frontend", "format", "free_seats", "connection", "acknowledge_interval must be positive",
        "join_timeout", "call_timeout"}) {
    EXPECT_THAT(keeper.status().message(), HasSubstr(mistake));
  }
}

TEST_F(BackfillKeeperTest, MakesABackfillAndAcknowledgesItInTime) {
  Start();
  EXPECT_THAT(frontend_.ids(), ElementsAre("b1"));
  EXPECT_EQ(frontend_.seats("b1"), "3");
  EXPECT_THAT(frontend_.stored_["b1"].backfill.search_fields.tags, ElementsAre("mode.session"));
  EXPECT_THAT(Kinds(), ElementsAre(Kind::kOpened));
  EXPECT_EQ(keeper_->state().backfill_id, "b1");
  clock_.Advance(milliseconds(1999));
  EXPECT_EQ(Calls("Acknowledge"), 0);
  clock_.Advance(milliseconds(1));
  EXPECT_EQ(Calls("Acknowledge"), 1);
  clock_.Advance(seconds(96));
  EXPECT_EQ(Calls("Acknowledge"), 49);
  EXPECT_THAT(frontend_.connections_, Each("10.0.0.1:7000"));
  EXPECT_EQ(Calls("Update"), 0) << "nothing has changed";
}

TEST_F(BackfillKeeperTest, LearnsWhoJoinsAndKeepsTheirSeats) {
  Start();
  frontend_.Match("b1", {"t1", "t2"}, {1});
  clock_.Advance(seconds(2));
  ASSERT_THAT(Kinds(), ElementsAre(Kind::kOpened, Kind::kJoined));
  ASSERT_THAT(events_[1].tickets, SizeIs(2));
  EXPECT_EQ(events_[1].tickets[1].id, "t2");
  EXPECT_THAT(keeper_->state().open, ElementsAre(1));
  EXPECT_THAT(keeper_->state().expected, ElementsAre(2));
  EXPECT_EQ(metrics_.Value("gsh_backfill_expected_players"), 2);
  keeper_->PlayerJoined();
  keeper_->PlayerJoined();
  EXPECT_THAT(keeper_->state().expected, ElementsAre(0));
  EXPECT_THAT(keeper_->state().open, ElementsAre(1));
  clock_.Advance(seconds(120));
  EXPECT_EQ(Calls("Update"), 0) << "the match function has counted the seats down";
  EXPECT_EQ(metrics_.Value("gsh_backfill_joined_tickets_total"), 2);
}

TEST_F(BackfillKeeperTest, SeatsOfPlayersWhoDoNotComeAreOpenAgain) {
  Start();
  frontend_.Match("b1", {"t1", "t2"}, {1});
  clock_.Advance(seconds(2));
  keeper_->PlayerJoined();
  clock_.Advance(seconds(59));
  EXPECT_EQ(Calls("Update"), 0);
  clock_.Advance(seconds(1));
  EXPECT_EQ(frontend_.seats("b1"), "2");
  EXPECT_THAT(keeper_->state().expected, ElementsAre(0));
}

TEST_F(BackfillKeeperTest, WhoWaitsGetsInBeforeSuchSeatsAreWritten) {
  auto options = Options();
  options.acknowledge_interval = seconds(7);
  Start(std::move(options));
  frontend_.Match("b1", {"t1"}, {2});
  clock_.Advance(seconds(65));  // t1 was acknowledged at 7 s, and is given up at 67 s
  frontend_.Match("b1", {"t2"}, {1});
  clock_.Advance(seconds(2));
  EXPECT_THAT(frontend_.released_, IsEmpty());
  EXPECT_EQ(frontend_.seats("b1"), "2");
  EXPECT_THAT(keeper_->state().expected, ElementsAre(1));
}

TEST_F(BackfillKeeperTest, SeatsThatWereTakenWithoutANameAreKeptToo) {
  Start();
  // The acknowledgement takes effect, its answer is lost.
  frontend_.Match("b1", {"t1", "t2"}, {1});
  frontend_.Fail("Acknowledge", {.status = UnavailableError("cut"), .took_effect = true});
  clock_.Advance(seconds(3));
  EXPECT_THAT(Kinds(), ElementsAre(Kind::kOpened));
  EXPECT_THAT(keeper_->state().expected, ElementsAre(2));
  EXPECT_EQ(frontend_.seats("b1"), "1");
  clock_.Advance(seconds(61));
  EXPECT_EQ(frontend_.seats("b1"), "3");
}

TEST_F(BackfillKeeperTest, CountsTicketsIfTheMatchFunctionDoesNot) {
  Start();
  frontend_.Match("b1", {"t1", "t2"}, {3});
  clock_.Advance(seconds(2));
  EXPECT_THAT(keeper_->state().expected, ElementsAre(2));
  EXPECT_EQ(frontend_.seats("b1"), "1");
}

TEST_F(BackfillKeeperTest, WhoLeavesMakesRoomAndWhoWaitsGetsInFirst) {
  Start();
  frontend_.Match("b1", {"t1"}, {2});
  keeper_->PlayerLeft();
  EXPECT_THAT(frontend_.calls_, ElementsAre("Create", "Acknowledge", "Update"));
  EXPECT_THAT(Kinds(), ElementsAre(Kind::kOpened, Kind::kJoined, Kind::kUpdated));
  EXPECT_EQ(frontend_.seats("b1"), "3");  // 3 + 1, less who comes
  EXPECT_THAT(frontend_.released_, IsEmpty());
  EXPECT_EQ(metrics_.Value("gsh_backfill_conflicts_total"), 0);
}

TEST_F(BackfillKeeperTest, WhoWalksInTakesASeatFromThoseWhoWait) {
  Start();
  frontend_.Match("b1", {"t1", "t2", "t3"}, {0});
  keeper_->PlayerJoined();
  EXPECT_THAT(frontend_.calls_, ElementsAre("Create", "Update"));
  EXPECT_THAT(frontend_.released_, ElementsAre("t1", "t2", "t3"));
  EXPECT_EQ(frontend_.seats("b1"), "2");
  EXPECT_EQ(metrics_.Value("gsh_backfill_conflicts_total"), 1);
}

TEST_F(BackfillKeeperTest, ClosesWhenFullAndOpensAgain) {
  Start();
  frontend_.Match("b1", {"t1", "t2", "t3"}, {0});
  clock_.Advance(seconds(2));
  EXPECT_THAT(frontend_.ids(), IsEmpty());
  EXPECT_THAT(Kinds(), ElementsAre(Kind::kOpened, Kind::kJoined, Kind::kClosed));
  EXPECT_EQ(keeper_->state().backfill_id, "");
  EXPECT_FALSE(keeper_->state().ended);
  for (int i = 0; i < 3; ++i) keeper_->PlayerJoined();
  clock_.Advance(seconds(300));
  EXPECT_EQ(Calls("Create"), 1);
  keeper_->PlayerLeft();
  EXPECT_THAT(frontend_.ids(), ElementsAre("b2"));
  EXPECT_EQ(frontend_.seats("b2"), "1");
}

TEST_F(BackfillKeeperTest, FullButNotAllCame) {
  Start();
  frontend_.Match("b1", {"t1", "t2", "t3"}, {0});
  clock_.Advance(seconds(2));
  keeper_->PlayerJoined();
  clock_.Advance(seconds(60));
  EXPECT_THAT(frontend_.ids(), ElementsAre("b2"));
  EXPECT_EQ(frontend_.seats("b2"), "2");
}

TEST_F(BackfillKeeperTest, MorePlayersThanSeatsOpenNothingUntilEnoughHaveLeft) {
  Start();
  for (int i = 0; i < 5; ++i) keeper_->PlayerJoined();
  EXPECT_THAT(frontend_.ids(), IsEmpty());
  keeper_->PlayerLeft();
  keeper_->PlayerLeft();
  EXPECT_THAT(frontend_.ids(), IsEmpty());
  keeper_->PlayerLeft();
  EXPECT_EQ(frontend_.seats("b2"), "1");
}

TEST_F(BackfillKeeperTest, TeamsHaveSeatsOfTheirOwn) {
  auto options = Options();
  options.free_seats = {1, 2};
  Start(std::move(options));
  EXPECT_EQ(frontend_.seats("b1"), "1,2");
  frontend_.Match("b1", {"t1"}, {1, 1});
  clock_.Advance(seconds(2));
  EXPECT_THAT(keeper_->state().expected, ElementsAre(0, 1));
  keeper_->PlayerJoined(0);
  EXPECT_EQ(frontend_.seats("b1"), "0,1");
  keeper_->PlayerJoined(7);  // no such team
  EXPECT_THAT(keeper_->state().open, ElementsAre(0, 1));
}

TEST_F(BackfillKeeperTest, TakesTheBackfillThatTheMatchFunctionMade) {
  Backfill made{.id = "m", .generation = 1};
  PlainSeats().write({2}, made);
  made.extensions["own"] = {.value = "kept"};
  frontend_.stored_["m"] = {.backfill = made, .waiting = {{.id = "t1"}}};
  auto options = Options();
  options.backfill_id = "m";
  Start(std::move(options));
  EXPECT_THAT(frontend_.calls_, ElementsAre("Acknowledge"));
  EXPECT_THAT(Kinds(), ElementsAre(Kind::kOpened, Kind::kJoined));
  EXPECT_THAT(keeper_->state().expected, ElementsAre(1));
  EXPECT_THAT(keeper_->state().open, ElementsAre(2));
  keeper_->PlayerJoined();
  keeper_->PlayerLeft();
  EXPECT_EQ(frontend_.seats("m"), "3");
  EXPECT_EQ(frontend_.stored_["m"].backfill.extensions["own"].value, "kept");
}

// The director has told the match's players the address before the keeper hears of them.
TEST_F(BackfillKeeperTest, WhoSitsDownBeforeTheFirstAnswerIsNotExpected) {
  Backfill made{.id = "m", .generation = 1};
  PlainSeats().write({1}, made);
  frontend_.stored_["m"] = {.backfill = made, .waiting = {{.id = "t1"}, {.id = "t2"}}};
  auto options = Options();
  options.backfill_id = "m";
  frontend_.Hold();
  Start(std::move(options));
  keeper_->PlayerJoined();
  keeper_->PlayerJoined();
  frontend_.Answer();
  EXPECT_THAT(keeper_->state().expected, ElementsAre(0));
  EXPECT_THAT(keeper_->state().open, ElementsAre(1));
  EXPECT_THAT(frontend_.calls_, ElementsAre("Acknowledge"));
}

TEST_F(BackfillKeeperTest, NorWhoSatThereBeforeTheKeeperBegan) {
  Backfill made{.id = "m", .generation = 1};
  PlainSeats().write({1}, made);
  frontend_.stored_["m"] = {.backfill = made, .waiting = {{.id = "t1"}, {.id = "t2"}}};
  auto options = Options();
  options.backfill_id = "m";
  options.free_seats = {1};
  Start(std::move(options));
  EXPECT_THAT(keeper_->state().open, ElementsAre(1));
  EXPECT_THAT(frontend_.calls_, ElementsAre("Acknowledge"));
}

TEST_F(BackfillKeeperTest, NorWhoIsFasterThanTheAnswerThatNamesThem) {
  Start();
  frontend_.Match("b1", {"t1"}, {2});
  frontend_.Hold();
  clock_.Advance(seconds(2));
  keeper_->PlayerJoined();
  frontend_.Answer();
  EXPECT_THAT(keeper_->state().expected, ElementsAre(0));
  EXPECT_THAT(keeper_->state().open, ElementsAre(2));
  EXPECT_EQ(Calls("Update"), 0);
  // Nor if that answer is lost.
  frontend_.Match("b1", {"t2"}, {1});
  frontend_.Fail("Acknowledge", {.status = UnavailableError("cut"), .took_effect = true});
  clock_.Advance(seconds(2));
  keeper_->PlayerJoined();
  clock_.Advance(seconds(2));
  EXPECT_THAT(keeper_->state().expected, ElementsAre(0));
  EXPECT_THAT(keeper_->state().open, ElementsAre(1));
  EXPECT_EQ(Calls("Update"), 0);
}

TEST_F(BackfillKeeperTest, KeepsSeatsForTheMatchesOwnPlayers) {
  auto options = Options();
  options.expected = {2};
  Start(std::move(options));
  EXPECT_EQ(frontend_.seats("b1"), "1");
  keeper_->PlayerJoined();
  clock_.Advance(seconds(61));
  EXPECT_EQ(frontend_.seats("b1"), "2") << "one of them never came";
  auto wrong = Options();
  wrong.expected = {1, 1};
  EXPECT_THAT(BackfillKeeper::Start(std::move(wrong)).status(),
              StatusIs(StatusCode::kInvalidArgument, HasSubstr("expected")));
}

TEST_F(BackfillKeeperTest, AGivenBackfillThatIsGoneIsReplaced) {
  auto options = Options();
  options.backfill_id = "gone";
  Start(std::move(options));
  EXPECT_THAT(Kinds(), ElementsAre(Kind::kLost, Kind::kOpened));
  EXPECT_EQ(frontend_.seats("b1"), "3");
}

TEST_F(BackfillKeeperTest, OneThatExpiredIsReplacedWithTheSeatsOfNow) {
  Start();
  frontend_.Match("b1", {"t1"}, {2});
  clock_.Advance(seconds(2));
  frontend_.stored_.erase("b1");
  clock_.Advance(seconds(2));
  EXPECT_THAT(Kinds(), ElementsAre(Kind::kOpened, Kind::kJoined, Kind::kLost, Kind::kOpened));
  EXPECT_THAT(events_[2].status, StatusIs(StatusCode::kNotFound));
  EXPECT_EQ(frontend_.seats("b2"), "2") << "one seat is kept for who comes";
  EXPECT_EQ(metrics_.Value("gsh_backfill_lost_total"), 1);
}

TEST_F(BackfillKeeperTest, OneThatExpiredEndsItIfToldSo) {
  auto options = Options();
  options.replace_lost = false;
  Start(std::move(options));
  frontend_.stored_.clear();
  clock_.Advance(seconds(2));
  EXPECT_THAT(Kinds(), ElementsAre(Kind::kOpened, Kind::kLost));
  EXPECT_TRUE(keeper_->state().ended);
  keeper_->PlayerLeft();
  clock_.Advance(seconds(100));
  EXPECT_EQ(frontend_.calls_.size(), 2u);
  EXPECT_THAT(keeper_->Close(), IsOk());
}

// The process stood still; no cycle has swept the backfill up, which answers "unavailable".
TEST_F(BackfillKeeperTest, ARefusedOneIsDeletedBeforeItIsReplaced) {
  Start();
  frontend_.Match("b1", {"t1"}, {2});
  frontend_.stored_["b1"].expired = true;
  clock_.Advance(seconds(47));
  EXPECT_EQ(Calls("Create"), 1) << "it may only be out of reach";
  clock_.Advance(seconds(7));
  EXPECT_THAT(frontend_.ids(), ElementsAre("b2"));
  EXPECT_THAT(frontend_.released_, ElementsAre("t1"));
  EXPECT_THAT(Kinds(), ElementsAre(Kind::kOpened, Kind::kLost, Kind::kOpened));
}

TEST_F(BackfillKeeperTest, PausesGrowToFiveSeconds) {
  for (int i = 0; i < 8; ++i) frontend_.Fail("Create", {.status = UnavailableError("down")});
  Start();
  std::vector<milliseconds> pauses;
  while (frontend_.ids().empty()) {
    const SteadyTime before = clock_.SteadyNow();
    ASSERT_TRUE(clock_.AdvanceToNext());
    pauses.push_back(std::chrono::round<milliseconds>(clock_.SteadyNow() - before));
  }
  EXPECT_THAT(pauses, ElementsAre(milliseconds(250), milliseconds(500), milliseconds(1000),
                                  milliseconds(2000), milliseconds(4000), milliseconds(5000),
                                  milliseconds(5000), milliseconds(5000)));
  EXPECT_EQ(metrics_.Value("gsh_backfill_call_failures_total{call=CreateBackfill,"
                           "code=UNAVAILABLE}"),
            8);
}

TEST_F(BackfillKeeperTest, UpdatesThatFailDoNotCostItsLife) {
  Start();
  for (int i = 0; i < 1000; ++i) frontend_.Fail("Update", {.status = InternalError("no")});
  keeper_->PlayerJoined();
  clock_.Advance(seconds(60));
  EXPECT_GE(Calls("Acknowledge"), 10);
  EXPECT_LE(Calls("Update"), 24);
  EXPECT_THAT(frontend_.ids(), ElementsAre("b1"));
}

TEST_F(BackfillKeeperTest, EndsWhenOpenMatchRefusesTheRequest) {
  frontend_.Fail("Create", {.status = InvalidArgumentError("bad tag")});
  Start();
  EXPECT_THAT(Kinds(), ElementsAre(Kind::kFailed));
  EXPECT_THAT(events_[0].status, StatusIs(StatusCode::kInvalidArgument));
  EXPECT_TRUE(keeper_->state().ended);
}

TEST_F(BackfillKeeperTest, CloseDeletesAndEnds) {
  Start();
  frontend_.Match("b1", {"t1"}, {2});
  EXPECT_THAT(keeper_->Close(), IsOk());
  EXPECT_THAT(frontend_.ids(), IsEmpty());
  EXPECT_THAT(frontend_.released_, ElementsAre("t1"));
  EXPECT_THAT(Kinds(), ElementsAre(Kind::kOpened, Kind::kClosed));
  keeper_->PlayerLeft();
  clock_.Advance(seconds(100));
  EXPECT_THAT(frontend_.ids(), IsEmpty());
  EXPECT_THAT(keeper_->Close(), IsOk());
}

TEST_F(BackfillKeeperTest, CloseWaitsForOneThatIsBeingMade) {
  frontend_.Hold();
  Start();
  Status closed;
  std::thread closing([&] { closed = keeper_->Close(); });
  clock_.WaitForTimers();  // Close's time limit
  frontend_.Answer();
  closing.join();
  EXPECT_THAT(closed, IsOk());
  EXPECT_THAT(frontend_.calls_, ElementsAre("Create", "Delete"));
  EXPECT_THAT(frontend_.ids(), IsEmpty());
}

TEST_F(BackfillKeeperTest, CloseGivesUpInTimeAndIsTriedOn) {
  Start();
  for (int i = 0; i < 100; ++i) frontend_.Fail("Delete", {.status = UnavailableError("down")});
  Status closed;
  std::thread closing([&] { closed = keeper_->Close({.timeout = seconds(3)}); });
  clock_.WaitForTimers(2);  // the time limit, and the pause before the next call
  clock_.Advance(seconds(3));
  closing.join();
  EXPECT_THAT(closed, StatusIs(StatusCode::kDeadlineExceeded));
  EXPECT_GE(Calls("Delete"), 2);
}

TEST_F(BackfillKeeperTest, NothingIsToldAfterItsEnd) {
  Start();
  frontend_.Match("b1", {"t1"}, {2});
  frontend_.Hold();
  clock_.Advance(seconds(2));
  EXPECT_EQ(Calls("Acknowledge"), 1);
  keeper_.reset();
  frontend_.Answer();
  EXPECT_THAT(Kinds(), ElementsAre(Kind::kOpened));
  clock_.Advance(seconds(100));
  EXPECT_EQ(frontend_.calls_.size(), 2u);
}

TEST_F(BackfillKeeperTest, MayBeDestroyedInItsOwnEvent) {
  auto options = Options();
  options.on_event = [this](const BackfillEvent& event) {
    events_.push_back(event);
    if (event.kind == Kind::kJoined) keeper_.reset();
  };
  Start(std::move(options));
  frontend_.Match("b1", {"t1"}, {2});
  clock_.Advance(seconds(2));
  EXPECT_EQ(keeper_, nullptr);
  EXPECT_THAT(Kinds(), ElementsAre(Kind::kOpened, Kind::kJoined));
}

TEST_F(BackfillKeeperTest, SeatsThatNobodyCanReadAreWrittenAnew) {
  Start();
  frontend_.stored_["b1"].backfill.extensions.clear();
  clock_.Advance(seconds(2));
  EXPECT_EQ(frontend_.seats("b1"), "3");
  EXPECT_EQ(log_.Count("does not say its open seats"), 1);
}

TEST_F(BackfillKeeperTest, WhatElseIsWrongIsWrittenAnewOnce) {
  auto options = Options();
  options.format.is_right = [](const Backfill& backfill) {
    return backfill.extensions.contains("region");
  };
  options.format.write = [](const Seats& open, Backfill& backfill) {
    PlainSeats().write(open, backfill);
    backfill.extensions["region"] = {.value = "here"};
  };
  Backfill made{.id = "m", .generation = 1};
  PlainSeats().write({2}, made);
  frontend_.stored_["m"] = {.backfill = made, .waiting = {{.id = "t1"}}};
  options.backfill_id = "m";
  Start(std::move(options));
  EXPECT_THAT(frontend_.calls_, ElementsAre("Acknowledge", "Update"));
  EXPECT_EQ(frontend_.seats("m"), "2");
  EXPECT_THAT(frontend_.released_, IsEmpty());
  clock_.Advance(seconds(20));
  EXPECT_EQ(Calls("Update"), 1);
}

}  // namespace
}  // namespace gsh::openmatch
