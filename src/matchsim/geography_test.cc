#include "src/matchsim/geography.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <set>
#include <string_view>

namespace gsh::matchsim {
namespace {

using ::testing::ElementsAre;

TEST(GeographyTest, DistancesAreThoseOfTheGlobe) {
  const Place london{51.5, -0.1};
  const Place new_york{40.7, -74.0};
  EXPECT_NEAR(DistanceKm(london, new_york), 5570, 10);
  EXPECT_EQ(DistanceKm(london, london), 0);
  // Across the date line, and to the other side of the earth.
  EXPECT_NEAR(DistanceKm({0, 179}, {0, -179}), 222.4, 0.1);
  EXPECT_NEAR(DistanceKm({90, 0}, {-90, 0}), 20015, 1);
}

TEST(GeographyTest, TablesAreSound) {
  std::set<std::string_view> names;
  for (const City& city : Cities()) {
    EXPECT_TRUE(names.insert(city.name).second) << city.name;
    EXPECT_LE(std::abs(city.place.latitude), 90) << city.name;
    EXPECT_LE(std::abs(city.place.longitude), 180) << city.name;
    EXPECT_GT(city.millions, 0) << city.name;
  }
  EXPECT_THAT(Areas(), ElementsAre("north-america", "south-america", "europe", "middle-east-africa",
                                   "asia", "oceania"));
}

TEST(GeographyTest, KnowsRegionsByName) {
  for (const std::string_view region : KnownRegions()) EXPECT_TRUE(RegionPlace(region));
  EXPECT_FALSE(RegionPlace("us-east-9"));
  // Virginia and Ohio are neighbours.
  EXPECT_NEAR(DistanceKm(*RegionPlace("us-east-1"), *RegionPlace("us-east-2")), 485, 15);
}

}  // namespace
}  // namespace gsh::matchsim
