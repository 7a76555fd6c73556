// Matches with backfills: those that join a running match, and those that bring one along.
#include "src/director/round_fixture.h"

namespace gsh::director {
namespace {

using Kind = Event::Kind;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::Not;
using ::testing::SizeIs;

class RoundBackfillTest : public RoundTest {
 protected:
  RoundBackfillTest() { world_.options.frontend = &world_.open_match; }

  // One match "m" of four tickets with a new backfill "b".
  void OfferOneThatBrings() {
    openmatch::Match match = MatchOf("m", "us-east-1", world_.AddTickets("t", 4));
    match.backfill = openmatch::Backfill{.id = "b", .generation = 1};
    match.allocate_gameserver = true;
    world_.Offer({std::move(match)});
  }
  std::string Roster() const {
    return world_.agones.servers.at(0).annotations.at(agones::kRosterAnnotation);
  }
  void ExpectDroppedFirst() {
    EXPECT_THAT(world_.open_match.deleted_backfills, ElementsAre("b"));
    EXPECT_THAT(world_.open_match.released_before_deletion, ElementsAre(0))
        << "the deletion could release tickets from another match's hands";
    EXPECT_EQ(world_.Count(Kind::kBackfillDropped), 1);
  }
};

TEST_F(RoundBackfillTest, ItsServerLearnsWhichBackfillToKeep) {
  OfferOneThatBrings();
  world_.agones.AddServers("us-east-1", 1);
  EXPECT_EQ(world_.RunRound().assigned_tickets, 4u);
  EXPECT_THAT(Roster(), HasSubstr("\"backfill\":\"b\""));
  EXPECT_NE(world_.Connection("t0"), "");
  EXPECT_THAT(world_.open_match.deleted_backfills, IsEmpty());
}

TEST_F(RoundBackfillTest, AMatchWithoutBackfillNamesNone) {
  OfferOne();
  world_.agones.AddServers("us-east-1", 1);
  world_.RunRound();
  EXPECT_THAT(Roster(), Not(HasSubstr("backfill")));
}

TEST_F(RoundBackfillTest, IsDroppedWhenThereIsNoServer) {
  OfferOneThatBrings();
  world_.RunRound();
  ExpectAllReleased();
  ExpectDroppedFirst();
}

TEST_F(RoundBackfillTest, IsDroppedWhenTheMatchIsRefused) {
  openmatch::Match match = MatchOf("m", "", world_.AddTickets("t", 4));
  match.backfill = openmatch::Backfill{.id = "b"};
  match.allocate_gameserver = true;
  world_.mode = std::make_shared<ModeSwitch>();
  world_.Offer({std::move(match)});
  world_.RunRound();
  ExpectAllReleased();
  ExpectDroppedFirst();
}

TEST_F(RoundBackfillTest, IsDroppedWhenThePlayersCannotBeTold) {
  OfferOneThatBrings();
  world_.agones.AddServers("us-east-1", 1);
  world_.open_match.faults = On("AssignTickets", {}, {.before = InvalidArgumentError("no")});
  EXPECT_EQ(world_.RunRound().given_back, 1u);
  ExpectAllReleased();
  ExpectDroppedFirst();
}

TEST_F(RoundBackfillTest, IsDroppedWhenNobodyIsLeftToPlay) {
  OfferOneThatBrings();
  world_.agones.AddServers("us-east-1", 1);
  world_.options.frontend = nullptr;  // the tickets are not looked up before
  world_.agones.faults = [this](std::string_view) {
    world_.open_match.tickets.clear();
    return Fault{};
  };
  const RoundReport report = world_.RunRound();
  EXPECT_EQ(report.gone_tickets, 4u);
  EXPECT_EQ(report.given_back, 1u);
  EXPECT_EQ(world_.Count(Kind::kBackfillDropped), 1);
}

TEST_F(RoundBackfillTest, WithoutFrontendItIsSaid) {
  OfferOneThatBrings();
  world_.options.frontend = nullptr;
  world_.RunRound();
  ExpectAllReleased();
  ASSERT_THAT(world_.events, Not(IsEmpty()));
  const auto dropped = std::ranges::find(world_.events, Kind::kBackfillDropped, &Event::kind);
  ASSERT_NE(dropped, world_.events.end());
  EXPECT_EQ(dropped->detail, "b");
  EXPECT_EQ(dropped->status.code(), StatusCode::kFailedPrecondition);
}

TEST_F(RoundBackfillTest, ADeletionThatFailsDoesNotHoldTheTickets) {
  OfferOneThatBrings();
  world_.open_match.faults =
      On("DeleteBackfill", {}, {.before = UnavailableError("down"), .delay = Duration{1}});
  EXPECT_EQ(world_.RunRound().released_tickets, 4u);
  ExpectAllReleased();
}

TEST_F(RoundBackfillTest, OneThatIsJoinedIsNeverDropped) {
  openmatch::Match joins = MatchOf("m", "us-east-1", world_.AddTickets("t", 2));
  joins.backfill = openmatch::Backfill{.id = "b"};
  world_.Offer({std::move(joins)});
  EXPECT_EQ(world_.RunRound().joining_tickets, 2u);
  EXPECT_THAT(world_.open_match.deleted_backfills, IsEmpty());
  EXPECT_THAT(world_.agones.requests, SizeIs(0));
}

}  // namespace
}  // namespace gsh::director
