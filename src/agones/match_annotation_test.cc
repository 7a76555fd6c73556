#include "gsh/agones/match_annotation.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "gsh/agones/game_server_sdk.h"

namespace gsh::agones {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;

GameServer With(Labels annotations) { return GameServer{.annotations = std::move(annotations)}; }

TEST(MatchAnnotation, ComesBackAsItWas) {
  const auto match =
      MatchOf(With(EncodeMatch({.id = "m-1", .region = "eu", .ticket_ids = {"a", "b\"\n"}})));
  ASSERT_TRUE(match);
  EXPECT_EQ(match->id, "m-1");
  EXPECT_EQ(match->region, "eu");
  EXPECT_THAT(match->ticket_ids, ElementsAre("a", "b\"\n"));
  EXPECT_TRUE(match->roster_complete);
}

TEST(MatchAnnotation, HasTheDocumentedForm) {
  const Labels labels = EncodeMatch({.id = "m", .region = "eu", .ticket_ids = {"a"}});
  EXPECT_EQ(labels.at("gsh.dev/match"), "m");
  EXPECT_EQ(labels.at("gsh.dev/roster"), R"({"complete":true,"region":"eu","tickets":["a"]})");
}

TEST(MatchAnnotation, NamesTheBackfill) {
  const Labels labels =
      EncodeMatch({.id = "m", .region = "eu", .ticket_ids = {"a"}, .backfill_id = "b\"1"});
  EXPECT_EQ(labels.at("gsh.dev/roster"),
            R"({"complete":true,"region":"eu","backfill":"b\"1","tickets":["a"]})");
  EXPECT_EQ(MatchOf(With(labels))->backfill_id, "b\"1");
  EXPECT_EQ(MatchOf(With(EncodeMatch({.id = "m"})))->backfill_id, "");
  const auto number =
      MatchOf(With({{kMatchAnnotation, "m"}, {kRosterAnnotation, R"({"backfill":7})"}}));
  EXPECT_EQ(number->backfill_id, "");
}

TEST(MatchAnnotation, LongRosterIsCutAndSaysSo) {
  MatchInfo info{.id = "m", .region = "eu"};
  for (int i = 0; i < 10'000; ++i) info.ticket_ids.push_back("ticket-" + std::to_string(i));
  const Labels labels = EncodeMatch(info);
  EXPECT_LE(labels.at(kRosterAnnotation).size(), 16u << 10);
  EXPECT_GE(labels.at(kRosterAnnotation).size(), (16u << 10) - 32);
  const auto match = MatchOf(With(labels));
  ASSERT_TRUE(match);
  EXPECT_FALSE(match->roster_complete);
  EXPECT_EQ(match->ticket_ids.front(), "ticket-0");
  EXPECT_LT(match->ticket_ids.size(), 10'000u);
}

TEST(MatchAnnotation, FitsExactly) {
  const MatchInfo info{.id = "m", .ticket_ids = {"aaaa", "bbbb"}};
  // The bound counts the longer "false" and a comma before each ticket.
  const std::size_t size = EncodeMatch(info).at(kRosterAnnotation).size() + 2;
  EXPECT_TRUE(MatchOf(With(EncodeMatch(info, size)))->roster_complete);
  EXPECT_FALSE(MatchOf(With(EncodeMatch(info, size - 1)))->roster_complete);
}

TEST(MatchAnnotation, BytesThatAreNoUtf8DoNotEndTheProcess) {
  const auto match = MatchOf(With(EncodeMatch({.id = "m", .ticket_ids = {"\xff"}})));
  ASSERT_TRUE(match);
  EXPECT_EQ(match->ticket_ids.size(), 1u);
}

TEST(MatchAnnotation, NoneWithoutAnId) {
  EXPECT_FALSE(MatchOf(With({})));
  EXPECT_FALSE(MatchOf(With({{kMatchAnnotation, ""}})));
  EXPECT_FALSE(MatchOf(With({{kRosterAnnotation, "{}"}})));
}

struct Roster {
  std::string name;
  std::string json;
};

class BadRoster : public ::testing::TestWithParam<Roster> {};

TEST_P(BadRoster, IsIncompleteAndTheMatchIsStillKnown) {
  const auto match = MatchOf(With({{kMatchAnnotation, "m"}, {kRosterAnnotation, GetParam().json}}));
  ASSERT_TRUE(match);
  EXPECT_EQ(match->id, "m");
  EXPECT_FALSE(match->roster_complete);
  EXPECT_THAT(match->ticket_ids, IsEmpty());
}

INSTANTIATE_TEST_SUITE_P(
    MatchAnnotation, BadRoster,
    ::testing::Values(Roster{"Empty", ""}, Roster{"NoJson", "{"}, Roster{"Array", "[]"},
                      Roster{"Null", "null"},
                      Roster{"WrongTypes", R"({"region":7,"tickets":"a","complete":true})"},
                      Roster{"TicketsAreNoTexts", R"({"tickets":[1,{}],"complete":true})"},
                      Roster{"NoTickets", R"({"complete":true})"},
                      Roster{"Deep", std::string(300'000, '[')}),
    [](const auto& test) { return test.param.name; });

TEST(MatchAnnotation, MissingRosterIsIncomplete) {
  EXPECT_FALSE(MatchOf(With({{kMatchAnnotation, "m"}}))->roster_complete);
}

}  // namespace
}  // namespace gsh::agones
