// Open seats: of running matches, which are filled, and of new ones, which are offered.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <limits>
#include <string>
#include <utility>
#include <vector>

#include "gsh/openmatch/pool_filter.h"
#include "src/mmf/latency_match_function_fixture.h"
#include "src/mmf/proposal.h"

namespace gsh::mmf {
namespace {

using ::testing::ElementsAre;
using ::testing::SizeIs;

openmatch::Backfill BackfillOf(const std::string& id, const std::string& json) {
  return {.id = id, .extensions = {{"gsh.backfill", AnyString(json)}}, .generation = 3};
}

TEST_F(LatencyMatchFunctionTest, OpenSlotsOfRunningMatchesAreFilled) {
  rules_ = [] {
    return matcher::Rules{.regions = {"a", "b"}, .band_bounds_ms = {0, 1000}, .match_size = 2};
  };
  auto request =
      RequestFor({MakeTicket("1", {{"latency-a", 10}}), MakeTicket("2", {{"latency-a", 20}}),
                  MakeTicket("3", {{"latency-a", 30}})});
  const openmatch::Backfill open = BackfillOf("open", R"({"region":"a","open_slots":1})");
  request.backfills["all"] = {
      open, {.id = "foreign"}, BackfillOf("elsewhere", R"({"region":"c","open_slots":1})")};
  std::vector<std::string> backfills;
  on_run_ = [&](const RunReport& run) {
    backfills.assign(run.backfill_ids.begin(), run.backfill_ids.end());
  };
  ASSERT_TRUE(Run(request).ok());
  EXPECT_THAT(backfills, ElementsAre("open"));
  ASSERT_THAT(proposals_, SizeIs(2));
  const bool first = proposals_[0].backfill.has_value();
  const openmatch::Match& joins = proposals_[first ? 0 : 1];
  const openmatch::Match& begins = proposals_[first ? 1 : 0];
  ASSERT_TRUE(joins.backfill.has_value());
  EXPECT_THAT(joins.tickets, SizeIs(1));
  EXPECT_FALSE(joins.allocate_gameserver);
  EXPECT_EQ(joins.backfill->id, "open");
  EXPECT_EQ(joins.backfill->generation, 3);
  EXPECT_EQ(StringOf(joins.backfill->extensions.at("gsh.backfill")),
            R"({"region":"a","open_slots":[0]})");
  openmatch::Match region = joins;
  EXPECT_EQ(StringOf(region.extensions["gsh.region"]), "a");
  EXPECT_FALSE(begins.backfill.has_value());
  EXPECT_THAT(begins.tickets, SizeIs(2));
}

// A profile with every kind of filter; two players are enough for a match of up to four.
openmatch::MatchRequest OpenSeatsRequest(const char* backfill) {
  const std::string rules = std::string(R"({"version":1,"regions":["a"],"bands":[0,1000],)") +
                            R"("match_size":{"min":2,"max":4},"equal_attributes":["mode"])" +
                            backfill + "}";
  openmatch::MatchRequest request{
      .profile = {
          .name = "p",
          .pools = {{.name = "all",
                     .double_range_filters = {{.double_arg = "latency-a", .max = 100, .min = 0},
                                              {.double_arg = "elo",
                                               .max = std::numeric_limits<double>::infinity(),
                                               .min = 1000}},
                     .string_equals_filters = {{.string_arg = "build", .value = "7"}},
                     .tags_present = {"mode.session"}}},
          .extensions = {{kRulesExtension, AnyString(rules)}}}};
  for (const char* id : {"1", "2"}) {
    openmatch::Ticket ticket = MakeTicket(id, {{"latency-a", *id == '1' ? 10 : 30}});
    ticket.search_fields.string_args["mode"] = "ctf";
    request.pools["all"].push_back(std::move(ticket));
  }
  return request;
}

TEST_F(LatencyMatchFunctionTest, OffersTheOpenSeatsOfNewMatchesIfTheRulesSaySo) {
  const auto request = OpenSeatsRequest(R"(,"backfill":true)");
  ASSERT_TRUE(Run(request).ok());
  ASSERT_THAT(proposals_, SizeIs(1));
  const openmatch::Match& match = proposals_[0];
  EXPECT_TRUE(match.allocate_gameserver);
  ASSERT_TRUE(match.backfill.has_value());
  EXPECT_EQ(match.backfill->id, "") << "Open Match gives it";
  EXPECT_EQ(StringOf(match.backfill->extensions.at("gsh.backfill")),
            R"({"region":"a","open_slots":[2],"latency_ms":[10.0,30.0]})");
  EXPECT_EQ(match.backfill->search_fields.string_args.at("mode"), "ctf");
  EXPECT_EQ(match.backfill->search_fields.double_args.at("latency-a"), 20);
  const openmatch::Ticket as_ticket{.search_fields = match.backfill->search_fields};
  EXPECT_TRUE(openmatch::InPool(request.profile.pools[0], as_ticket))
      << "the next runs must see it";
}

TEST_F(LatencyMatchFunctionTest, ButNotUnlessTheySaySo) {
  ASSERT_TRUE(Run(OpenSeatsRequest("")).ok());
  ASSERT_THAT(proposals_, SizeIs(1));
  EXPECT_FALSE(proposals_[0].backfill.has_value());
  EXPECT_FALSE(proposals_[0].allocate_gameserver);
}

TEST_F(LatencyMatchFunctionTest, NorThoseOfAMatchThatIsFull) {
  auto request = OpenSeatsRequest(R"(,"backfill":true)");
  for (const char* id : {"3", "4"}) {
    request.pools["all"].push_back(request.pools["all"][0]);
    request.pools["all"].back().id = id;
  }
  ASSERT_TRUE(Run(request).ok());
  ASSERT_THAT(proposals_, SizeIs(1));
  EXPECT_THAT(proposals_[0].tickets, SizeIs(4));
  EXPECT_FALSE(proposals_[0].backfill.has_value());
}

}  // namespace
}  // namespace gsh::mmf
