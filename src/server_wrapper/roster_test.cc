#include "src/server_wrapper/roster.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>
#include <vector>

namespace gsh::server_wrapper {

void PrintTo(const RosterChange& change, std::ostream* out) {
  *out << (change.joined ? "+" : "-") << change.player << " of " << change.remaining;
}

namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;

RosterChange Joined(const std::string& player, std::size_t now) { return {true, player, now}; }
RosterChange Left(const std::string& player, std::size_t now) { return {false, player, now}; }

TEST(RosterTest, NamedPlayers) {
  Roster roster;
  EXPECT_THAT(roster.Apply({.joined = "a"}), ElementsAre(Joined("a", 1)));
  EXPECT_THAT(roster.Apply({.joined = "b"}), ElementsAre(Joined("b", 2)));
  EXPECT_THAT(roster.Apply({.joined = "a"}), IsEmpty()) << "is there already";
  EXPECT_THAT(roster.Apply({.left = "c"}), IsEmpty()) << "never was";
  EXPECT_THAT(roster.Apply({.left = "a"}), ElementsAre(Left("a", 1)));
  EXPECT_THAT(roster.Apply({.left = "b"}), ElementsAre(Left("b", 0)));
  EXPECT_THAT(roster.Apply({.left = "b"}), IsEmpty());
}

TEST(RosterTest, PlayersWithoutNamesGetSome) {
  Roster roster;
  EXPECT_THAT(roster.Apply({.joined = ""}), ElementsAre(Joined("player1", 1)));
  EXPECT_THAT(roster.Apply({.joined = ""}), ElementsAre(Joined("player2", 2)));
  EXPECT_THAT(roster.Apply({.left = ""}), ElementsAre(Left("player1", 1)));
  EXPECT_THAT(roster.Apply({.joined = ""}), ElementsAre(Joined("player3", 2)));
}

TEST(RosterTest, ACountPutsRightWhatLinesMissed) {
  Roster roster;
  EXPECT_THAT(roster.Apply({.joined = "a", .count = 1}), ElementsAre(Joined("a", 1)));
  EXPECT_THAT(roster.Apply({.count = 3}), ElementsAre(Joined("player2", 2), Joined("player3", 3)));
  EXPECT_THAT(roster.Apply({.count = 3}), IsEmpty());
  EXPECT_THAT(roster.Apply({.left = "a", .count = 0}),
              ElementsAre(Left("a", 2), Left("player3", 1), Left("player2", 0)));
}

TEST(RosterTest, EmptyIsTheEndForAll) {
  Roster roster;
  EXPECT_THAT(roster.Apply({.empty = true}), IsEmpty());
  roster.Apply({.count = 2});
  EXPECT_THAT(roster.Apply({.empty = true}), ElementsAre(Left("player2", 1), Left("player1", 0)));
}

TEST(RosterTest, IsBounded) {
  Roster roster;
  roster.Apply({.count = Roster::kMaxPlayers});
  EXPECT_EQ(roster.size(), Roster::kMaxPlayers);
  EXPECT_THAT(roster.Apply({.joined = "one more"}), IsEmpty());
}

}  // namespace
}  // namespace gsh::server_wrapper
