// Where players and regions are.
#ifndef GSH_SRC_MATCHSIM_GEOGRAPHY_H_
#define GSH_SRC_MATCHSIM_GEOGRAPHY_H_

#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace gsh::matchsim {

struct Place {
  double latitude = 0;   // degrees, north is positive
  double longitude = 0;  // degrees, east is positive
};

struct City {
  std::string_view name;
  std::string_view area;  // "north-america"
  Place place;
  double millions = 0;  // people in and around it, in round numbers: its weight
};

// A few dozen of the largest ones, so that each area's players are spread as its people are.
std::span<const City> Cities();
// The cities' areas, in the order of the table.
std::vector<std::string_view> Areas();

// Of an AWS region by its name ("us-east-1"): the metropolitan area that AWS names for it.
std::optional<Place> RegionPlace(std::string_view region);
// The names that RegionPlace knows.
std::vector<std::string_view> KnownRegions();

// Along the great circle, in km; the earth as a sphere.
double DistanceKm(Place a, Place b);

}  // namespace gsh::matchsim

#endif  // GSH_SRC_MATCHSIM_GEOGRAPHY_H_
