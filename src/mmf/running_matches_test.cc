#include "src/mmf/running_matches.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <map>
#include <string>
#include <utility>
#include <vector>

#include "gsh/testing/fakes.h"

namespace gsh::mmf {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::Optional;
using Pools = std::map<std::string, std::vector<openmatch::Backfill>>;

openmatch::Backfill MakeBackfill(const std::string& id, const std::string& json, int age_s = 0) {
  return {.id = id,
          .extensions = {{kBackfillExtension, AnyString(json)}},
          .create_time = WallTime(std::chrono::seconds(1'000'000 - age_s)),
          .generation = 5};
}

class RunningMatchesTest : public ::testing::Test {
 protected:
  RunningMatches Make(const Pools& pools) { return RunningMatches(pools, rules_, values_, &log_); }

  matcher::Rules rules_{.regions = {"a", "b"}, .band_bounds_ms = {0, 100}, .match_size = 4};
  TextNumbers values_;
  testing::RecordingLog log_;
};

TEST_F(RunningMatchesTest, TakesEachOnceTheOldestFirst) {
  const Pools pools = {
      {"one",
       {MakeBackfill("new", R"({"region":"a","open_slots":1,"latency_ms":[3,9]})"),
        MakeBackfill("old", R"({"region":"b","open_slots":2})", 60)}},
      {"two", {MakeBackfill("old", R"({"region":"b","open_slots":2})", 60)}},
  };
  const RunningMatches running = Make(pools);
  EXPECT_THAT(running.ids(), ElementsAre("old", "new"));
  ASSERT_EQ(running.for_matcher().size(), 2u);
  EXPECT_EQ(running.for_matcher()[0].region, 1u);
  EXPECT_THAT(running.for_matcher()[0].open_slots, ElementsAre(2));
  EXPECT_EQ(running.for_matcher()[1].lowest_latency_ms, 3);
  EXPECT_EQ(running.for_matcher()[1].highest_latency_ms, 9);
  EXPECT_EQ(log_.Count("Backfills that make no sense are left out"), 0);
}

TEST_F(RunningMatchesTest, LeavesOutWhatIsNotItsOwnAndSaysWhatMakesNoSense) {
  openmatch::Backfill large = MakeBackfill("large", R"({"region":"a","open_slots":1})");
  large.extensions["save"].value.assign(40'000, 'x');
  const Pools pools = {{"all",
                        {{.id = "somebody else's"},
                         MakeBackfill("elsewhere", R"({"region":"c","open_slots":1})"),
                         MakeBackfill("full", R"({"region":"a","open_slots":0})"),
                         MakeBackfill("no JSON", "open"),
                         MakeBackfill("two teams", R"({"region":"a","open_slots":[1,1]})"),
                         MakeBackfill("too many", R"({"region":"a","open_slots":5})"),
                         large,
                         MakeBackfill("fine", R"({"region":"a","open_slots":4})")}}};
  EXPECT_THAT(Make(pools).ids(), ElementsAre("fine"));
  ASSERT_EQ(log_.Count("Backfills that make no sense are left out"), 1);
  EXPECT_THAT(log_.lines()[0].second, HasSubstr("backfills=4"));
  EXPECT_THAT(log_.lines()[0].second, HasSubstr("first=backfill large: more than 32768 bytes"));
}

TEST_F(RunningMatchesTest, AttributesAreNumberedAsTheTicketsAre) {
  rules_.equal_attributes = {"mode", "build"};
  const std::uint32_t duel = values_.Of("duel");
  openmatch::Backfill backfill = MakeBackfill("1", R"({"region":"a","open_slots":1})");
  backfill.search_fields.string_args["mode"] = "duel";
  const Pools pools = {{"all", {backfill}}};
  EXPECT_THAT(Make(pools).for_matcher()[0].attributes, ElementsAre(duel, 0));
}

TEST_F(RunningMatchesTest, WhoJoinsTakesSlotsOfTheirTeamAndWidensTheLatencies) {
  rules_.teams = 2;
  openmatch::Backfill backfill =
      MakeBackfill("1", R"({"region":"a","open_slots":[2,2],"latency_ms":[20,30]})");
  backfill.search_fields.tags = {"mode.session"};
  backfill.persistent_field["server"] = AnyString("gs-1");
  const Pools pools = {{"all", {backfill}}};
  const std::vector<Joining> joining = {{.players = 2, .team = 1, .latency_ms = 25},
                                        {.players = 1, .team = 0, .latency_ms = 10}};
  const openmatch::Backfill joined = Make(pools).Joined(0, joining);
  EXPECT_THAT(
      StringOf(joined.extensions.at(kBackfillExtension)),
      Optional(std::string(R"({"region":"a","open_slots":[1,0],"latency_ms":[10.0,30.0]})")));
  openmatch::Backfill rest = joined;
  rest.extensions = backfill.extensions;
  EXPECT_EQ(rest, backfill);
}

TEST_F(RunningMatchesTest, LatenciesThatAreNotKnownStayUnknown) {
  const Pools pools = {{"all", {MakeBackfill("1", R"({"region":"a","open_slots":2})")}}};
  const std::vector<Joining> joining = {{.players = 1, .latency_ms = 25}};
  EXPECT_THAT(StringOf(Make(pools).Joined(0, joining).extensions.at(kBackfillExtension)),
              Optional(std::string(R"({"region":"a","open_slots":[1]})")));
}

TEST_F(RunningMatchesTest, NoneAreNone) { EXPECT_THAT(Make({}).for_matcher(), IsEmpty()); }

}  // namespace
}  // namespace gsh::mmf
