// Tickets of players that live where people live.
#ifndef GSH_SRC_MATCHSIM_GENERATOR_H_
#define GSH_SRC_MATCHSIM_GENERATOR_H_

#include <cstddef>
#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "gsh/status.h"
#include "src/matchsim/arrivals.h"
#include "src/matchsim/geography.h"

namespace gsh::matchsim {

struct Traffic {
  std::size_t tickets = 10'000;
  double rate = 10;  // tickets a second, as a Poisson process; 0: all at once, at the start
  // Weights of areas (geography.h) on top of their cities' people; empty: the whole world.
  std::map<std::string, double> areas = {};
  // Weights of parties of 1, 2, 3 ... players; empty: everybody alone.
  std::vector<double> party_sizes = {};
  double skill_mean = 1500;
  double skill_deviation = 0;  // of a normal distribution; 0: tickets have no skill
  // Weights of each attribute's values: {"mode": {"ranked": 3, "casual": 1}}.
  std::map<std::string, std::map<std::string, double>> attributes = {};
  bool whole_ms = false;  // latencies rounded to milliseconds
};

// Where matches are played. The place is needed for what RegionPlace does not know.
struct RegionSite {
  std::string name = {};
  std::optional<Place> place = {};
};

// The same for the same input on every machine. Latencies are rounded to 1 µs and times to 1 ms,
// so that neither the last bit of a machine's logarithm nor a way through CSV changes them.
// InvalidArgument with the first mistake.
StatusOr<Arrivals> GenerateArrivals(const Traffic& traffic, const std::vector<RegionSite>& regions,
                                    std::uint64_t seed);

}  // namespace gsh::matchsim

#endif  // GSH_SRC_MATCHSIM_GENERATOR_H_
