#include "src/matchsim/geography.h"

#include <algorithm>
#include <cmath>
#include <numbers>

namespace gsh::matchsim {
namespace {

constexpr double kEarthRadiusKm = 6371;

constexpr City kCities[] = {
    {"New York", "north-america", {40.7, -74.0}, 20},
    {"Los Angeles", "north-america", {34.1, -118.2}, 13},
    {"Chicago", "north-america", {41.9, -87.6}, 9},
    {"Dallas", "north-america", {32.8, -96.8}, 8},
    {"Houston", "north-america", {29.8, -95.4}, 7},
    {"Washington", "north-america", {38.9, -77.0}, 6},
    {"Philadelphia", "north-america", {40.0, -75.2}, 6},
    {"Miami", "north-america", {25.8, -80.2}, 6},
    {"Atlanta", "north-america", {33.7, -84.4}, 6},
    {"Boston", "north-america", {42.4, -71.1}, 5},
    {"Phoenix", "north-america", {33.4, -112.1}, 5},
    {"San Francisco", "north-america", {37.8, -122.4}, 5},
    {"Detroit", "north-america", {42.3, -83.0}, 4},
    {"Seattle", "north-america", {47.6, -122.3}, 4},
    {"Minneapolis", "north-america", {45.0, -93.3}, 4},
    {"Denver", "north-america", {39.7, -105.0}, 3},
    {"St. Louis", "north-america", {38.6, -90.2}, 3},
    {"Toronto", "north-america", {43.7, -79.4}, 6},
    {"Montreal", "north-america", {45.5, -73.6}, 4},
    {"Vancouver", "north-america", {49.3, -123.1}, 3},
    {"Mexico City", "north-america", {19.4, -99.1}, 22},
    {"Sao Paulo", "south-america", {-23.6, -46.6}, 22},
    {"Buenos Aires", "south-america", {-34.6, -58.4}, 15},
    {"Rio de Janeiro", "south-america", {-22.9, -43.2}, 13},
    {"Bogota", "south-america", {4.7, -74.1}, 11},
    {"Lima", "south-america", {-12.0, -77.0}, 11},
    {"Santiago", "south-america", {-33.4, -70.7}, 7},
    {"London", "europe", {51.5, -0.1}, 14},
    {"Paris", "europe", {48.9, 2.4}, 13},
    {"Madrid", "europe", {40.4, -3.7}, 7},
    {"Barcelona", "europe", {41.4, 2.2}, 5},
    {"Milan", "europe", {45.5, 9.2}, 5},
    {"Rome", "europe", {41.9, 12.5}, 4},
    {"Berlin", "europe", {52.5, 13.4}, 5},
    {"Cologne", "europe", {50.9, 7.0}, 10},
    {"Munich", "europe", {48.1, 11.6}, 3},
    {"Amsterdam", "europe", {52.4, 4.9}, 7},
    {"Manchester", "europe", {53.5, -2.2}, 3},
    {"Warsaw", "europe", {52.2, 21.0}, 3},
    {"Vienna", "europe", {48.2, 16.4}, 3},
    {"Stockholm", "europe", {59.3, 18.1}, 2},
    {"Athens", "europe", {38.0, 23.7}, 4},
    {"Kyiv", "europe", {50.5, 30.5}, 3},
    {"Istanbul", "europe", {41.0, 29.0}, 15},
    {"Moscow", "europe", {55.8, 37.6}, 17},
    {"Cairo", "middle-east-africa", {30.0, 31.2}, 21},
    {"Riyadh", "middle-east-africa", {24.7, 46.7}, 7},
    {"Dubai", "middle-east-africa", {25.2, 55.3}, 4},
    {"Tel Aviv", "middle-east-africa", {32.1, 34.8}, 4},
    {"Lagos", "middle-east-africa", {6.5, 3.4}, 15},
    {"Nairobi", "middle-east-africa", {-1.3, 36.8}, 5},
    {"Johannesburg", "middle-east-africa", {-26.2, 28.0}, 10},
    {"Delhi", "asia", {28.6, 77.2}, 32},
    {"Mumbai", "asia", {19.1, 72.9}, 21},
    {"Bangalore", "asia", {13.0, 77.6}, 13},
    {"Shanghai", "asia", {31.2, 121.5}, 28},
    {"Beijing", "asia", {39.9, 116.4}, 21},
    {"Shenzhen", "asia", {22.5, 114.1}, 17},
    {"Taipei", "asia", {25.0, 121.6}, 7},
    {"Seoul", "asia", {37.6, 127.0}, 25},
    {"Tokyo", "asia", {35.7, 139.7}, 37},
    {"Osaka", "asia", {34.7, 135.5}, 19},
    {"Manila", "asia", {14.6, 121.0}, 14},
    {"Bangkok", "asia", {13.8, 100.5}, 11},
    {"Ho Chi Minh City", "asia", {10.8, 106.7}, 9},
    {"Singapore", "asia", {1.4, 103.8}, 6},
    {"Jakarta", "asia", {-6.2, 106.8}, 33},
    {"Sydney", "oceania", {-33.9, 151.2}, 5},
    {"Melbourne", "oceania", {-37.8, 145.0}, 5},
    {"Brisbane", "oceania", {-27.5, 153.0}, 3},
    {"Auckland", "oceania", {-36.8, 174.8}, 2},
};

struct RegionRow {
  std::string_view name;
  Place place;
};

constexpr RegionRow kRegions[] = {
    {"us-east-1", {39.0, -77.5}},        // Northern Virginia
    {"us-east-2", {40.0, -83.0}},        // Ohio
    {"us-west-1", {37.4, -121.9}},       // Northern California
    {"us-west-2", {45.8, -119.7}},       // Oregon
    {"ca-central-1", {45.5, -73.6}},     // Montreal
    {"sa-east-1", {-23.6, -46.6}},       // Sao Paulo
    {"eu-west-1", {53.3, -6.3}},         // Dublin
    {"eu-west-2", {51.5, -0.1}},         // London
    {"eu-west-3", {48.9, 2.4}},          // Paris
    {"eu-central-1", {50.1, 8.7}},       // Frankfurt
    {"eu-north-1", {59.3, 18.1}},        // Stockholm
    {"eu-south-1", {45.5, 9.2}},         // Milan
    {"me-south-1", {26.1, 50.6}},        // Bahrain
    {"af-south-1", {-33.9, 18.4}},       // Cape Town
    {"ap-south-1", {19.1, 72.9}},        // Mumbai
    {"ap-southeast-1", {1.4, 103.8}},    // Singapore
    {"ap-southeast-2", {-33.9, 151.2}},  // Sydney
    {"ap-southeast-3", {-6.2, 106.8}},   // Jakarta
    {"ap-northeast-1", {35.7, 139.7}},   // Tokyo
    {"ap-northeast-2", {37.6, 127.0}},   // Seoul
    {"ap-northeast-3", {34.7, 135.5}},   // Osaka
    {"ap-east-1", {22.3, 114.2}},        // Hong Kong
};

double Radians(double degrees) { return degrees * std::numbers::pi / 180; }
double Square(double x) { return x * x; }

}  // namespace

std::span<const City> Cities() { return kCities; }

std::vector<std::string_view> Areas() {
  std::vector<std::string_view> areas;
  for (const City& city : kCities) {
    if (std::ranges::find(areas, city.area) == areas.end()) areas.push_back(city.area);
  }
  return areas;
}

std::optional<Place> RegionPlace(std::string_view region) {
  const auto* found = std::ranges::find(kRegions, region, &RegionRow::name);
  if (found == std::end(kRegions)) return std::nullopt;
  return found->place;
}

std::vector<std::string_view> KnownRegions() {
  std::vector<std::string_view> names;
  for (const RegionRow& region : kRegions) names.push_back(region.name);
  return names;
}

double DistanceKm(Place a, Place b) {  // haversine formula
  const double north = Square(std::sin(Radians(b.latitude - a.latitude) / 2));
  const double east = Square(std::sin(Radians(b.longitude - a.longitude) / 2));
  const double h = north + std::cos(Radians(a.latitude)) * std::cos(Radians(b.latitude)) * east;
  return 2 * kEarthRadiusKm * std::asin(std::min(1.0, std::sqrt(h)));
}

}  // namespace gsh::matchsim
