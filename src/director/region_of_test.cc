#include "src/director/region_of.h"

#include <gmock/gmock.h>

#include <limits>

#include "src/director/test_world.h"

namespace gsh::director {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;

const std::vector<std::string> kRegions = {"us-east-1", "us-east-2", "eu-west-1"};

TEST(RegionOfTest, TheExplicitRegionWins) {
  openmatch::Match match = MatchOf("profile-us-east-2-0", "eu-west-1", {});
  EXPECT_THAT(RegionsToTry(match, kRegions, {}), ElementsAre("eu-west-1"));
  match.extensions["gsh.region"] = AnyString("elsewhere-1");  // one that -regions does not name
  EXPECT_THAT(RegionsToTry(match, kRegions, {}), ElementsAre("elsewhere-1"));
}

TEST(RegionOfTest, AnImpossibleExplicitRegionIsNone) {
  EXPECT_EQ(ExplicitRegion(MatchOf("m", "not a label!", {})), std::nullopt);
  openmatch::Match match = MatchOf("m", "", {});
  EXPECT_EQ(ExplicitRegion(match), std::nullopt);
  match.extensions["gsh.region"] = AnyDouble(1);
  EXPECT_EQ(ExplicitRegion(match), std::nullopt);
}

TEST(RegionOfTest, OldMatchFunctionsNameItInProfileOrId) {
  openmatch::Match match = MatchOf(
      "profile-profile_double_arg:\"latency-us-east-2\"  max:49  "
      "min:25-time-2023-02-20T21:13:11.24-0",
      "", {});
  match.profile = "";
  EXPECT_THAT(RegionsToTry(match, kRegions, {}), ElementsAre("us-east-2"));
  match.profile = "profile_double_arg:\"latency-us-east-1\" max:24";
  EXPECT_THAT(RegionsToTry(match, kRegions, {}), ElementsAre("us-east-1"));
}

TEST(RegionOfTest, ARegionIsAWholeWordAndTheLongestOne) {
  EXPECT_EQ(RegionIn("latency-us-east-10", kRegions), std::nullopt);
  EXPECT_EQ(RegionIn("latency-us-east-10, us-east-1", kRegions), "us-east-1");
  EXPECT_EQ(RegionIn("us-east-1-lax-1 max:2", {"us-east-1", "us-east-1-lax-1"}), "us-east-1-lax-1");
  EXPECT_EQ(RegionIn("", kRegions), std::nullopt);
}

TEST(RegionOfTest, NextBestRegionsByMeanLatencyThatAllTicketsReach) {
  const openmatch::Match match =
      MatchOf("m", "us-east-2",
              {TicketOf("a", {{"us-east-1", 90}, {"us-east-2", 10}, {"eu-west-1", 20}}),
               TicketOf("b", {{"us-east-1", 10}, {"us-east-2", 10}, {"eu-west-1", 40}})});
  EXPECT_THAT(RegionsToTry(match, kRegions, {}),
              ElementsAre("us-east-2", "eu-west-1", "us-east-1"));
}

TEST(RegionOfTest, RegionsOutOfReachAreLeftOut) {
  const double nan = std::numeric_limits<double>::quiet_NaN();
  const openmatch::Match match =
      MatchOf("m", "",
              {TicketOf("a", {{"us-east-1", 10}, {"us-east-2", nan}, {"eu-west-1", 10}}),
               TicketOf("b", {{"us-east-1", 10}, {"us-east-2", 10}, {"eu-west-1", 300}})});
  EXPECT_THAT(RegionsToTry(match, kRegions, *matcher::ParseBands("0-100")),
              ElementsAre("us-east-1"));
  EXPECT_THAT(RegionsToTry(MatchOf("m", "", {TicketOf("a", {})}), kRegions, {}), IsEmpty());
  EXPECT_THAT(RegionsToTry(MatchOf("m", "", {}), kRegions, {}), IsEmpty());
}

TEST(RegionOfTest, LabelValues) {
  EXPECT_TRUE(IsLabelValue("us-east-1"));
  EXPECT_TRUE(IsLabelValue(std::string(63, 'a')));
  EXPECT_FALSE(IsLabelValue(std::string(64, 'a')));
  EXPECT_FALSE(IsLabelValue(""));
  EXPECT_FALSE(IsLabelValue("-a"));
  EXPECT_FALSE(IsLabelValue("a-"));
  EXPECT_FALSE(IsLabelValue("a\"b"));
}

}  // namespace
}  // namespace gsh::director
