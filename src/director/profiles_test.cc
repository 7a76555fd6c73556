#include "src/director/profiles.h"

#include <gmock/gmock.h>

#include "gsh/any.h"

namespace gsh::director {
namespace {

using openmatch::Exclude;
using ::testing::ElementsAre;
using ::testing::SizeIs;

matcher::Bands Parse(const std::string& text) {
  auto bands = matcher::ParseBands(text);
  EXPECT_TRUE(bands.ok()) << bands.status();
  return *bands;
}

ProfileSpec Spec(const std::string& ranges) {
  return {.regions = {"us-east-1", "eu-west-1"}, .bands = Parse(ranges)};
}

TEST(ProfilesTest, NamesKeepTheTextAsTypedAndLeaveAZeroMinOut) {
  const auto profiles = BandProfiles(Spec("0-24,25-49,50-74.5"), {});
  std::vector<std::string> names;
  for (const auto& profile : profiles) names.push_back(profile.name);
  EXPECT_THAT(names, ElementsAre("profile_double_arg:\"latency-us-east-1\" max:24",
                                 "profile_double_arg:\"latency-us-east-1\" max:49 min:25",
                                 "profile_double_arg:\"latency-us-east-1\" max:74.5 min:50",
                                 "profile_double_arg:\"latency-eu-west-1\" max:24",
                                 "profile_double_arg:\"latency-eu-west-1\" max:49 min:25",
                                 "profile_double_arg:\"latency-eu-west-1\" max:74.5 min:50"));
}

TEST(ProfilesTest, EachPoolEndsWhereTheNextBegins) {
  const auto profiles = BandProfiles(Spec("0-24,25-49,49-100"), {});
  const auto filter = [&](std::size_t i) { return profiles[i].pools.at(0).double_range_filters; };
  EXPECT_THAT(filter(0),
              ElementsAre(openmatch::DoubleRangeFilter{"latency-us-east-1", 25, 0, Exclude::kMax}));
  EXPECT_THAT(filter(1), ElementsAre(openmatch::DoubleRangeFilter{"latency-us-east-1", 49, 25,
                                                                  Exclude::kMax}));
  EXPECT_THAT(filter(2), ElementsAre(openmatch::DoubleRangeFilter{"latency-us-east-1", 100, 49,
                                                                  Exclude::kNone}));
  EXPECT_THAT(profiles[0].pools[0].tags_present, ElementsAre("mode.session"));
  EXPECT_EQ(profiles[1].pools[0].name, "pool_mode_double_arg:\"latency-us-east-1\" max:49 min:25");
}

TEST(ProfilesTest, ABandBeforeAGapIncludesItsEnd) {
  const auto profiles = BandProfiles(Spec("0-24,50-99"), {});
  EXPECT_THAT(
      profiles[0].pools[0].double_range_filters,
      ElementsAre(openmatch::DoubleRangeFilter{"latency-us-east-1", 24, 0, Exclude::kNone}));
  EXPECT_TRUE(HasGap(Parse("0-24,50-99")));
  EXPECT_FALSE(HasGap(Parse("0-24,25-49,50-74,74-99,100-9999")));
}

TEST(ProfilesTest, TheJointProfileCarriesTheRules) {
  const auto joint = JointProfile(Spec("0-24,25-49,50-74,74-99,100-9999"), {});
  EXPECT_EQ(joint.name, "joint");
  ASSERT_THAT(joint.pools, SizeIs(1));
  EXPECT_EQ(joint.pools[0].name, "all");
  EXPECT_THAT(joint.pools[0].tags_present, ElementsAre("mode.session"));
  EXPECT_THAT(joint.pools[0].double_range_filters, SizeIs(0));
  EXPECT_EQ(StringOf(joint.extensions.at("gsh.rules")),
            "{\"version\":1,\"regions\":[\"us-east-1\",\"eu-west-1\"],"
            "\"bands\":[0,25,50,74,100,9999]}");
}

TEST(ProfilesTest, OldTicketsAreLeftOut) {
  ProfileSpec spec = Spec("0-24,25-49");
  const WallTime now = WallTime(std::chrono::hours(1000));
  EXPECT_EQ(JointProfile(spec, now).pools[0].created_after, std::nullopt);
  spec.max_ticket_age = std::chrono::seconds(90);
  EXPECT_EQ(JointProfile(spec, now).pools[0].created_after, now - std::chrono::seconds(90));
  EXPECT_EQ(BandProfiles(spec, now)[3].pools[0].created_after, now - std::chrono::seconds(90));
}

}  // namespace
}  // namespace gsh::director
