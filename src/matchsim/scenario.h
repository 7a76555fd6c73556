// A scenario: who comes, where and for how long they play. Rules are not part of it, so that
// several can be tried on the same one.
#ifndef GSH_SRC_MATCHSIM_SCENARIO_H_
#define GSH_SRC_MATCHSIM_SCENARIO_H_

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "gsh/status.h"
#include "src/matchsim/generator.h"
#include "src/matchsim/sample_matcher.h"
#include "src/matchsim/simulation.h"

namespace gsh::matchsim {

struct Scenario {
  std::string description = {};
  std::uint64_t seed = 1;
  Traffic traffic = {};
  std::vector<RegionSite> regions = {};  // empty: those of the rules
  // Without seed, and servers by the regions here.
  SimulationOptions simulation = {};
  std::string sample_ranges = std::string(kSampleRanges);  // of the sample's match function
};

// JSON as docs/matchsim.md describes it; what is left out keeps its default.
// InvalidArgument with the path of the first mistake.
StatusOr<Scenario> ScenarioFromJson(std::string_view json);
// What ScenarioFromJson reads back as the same.
std::string ScenarioToJson(const Scenario& scenario);

}  // namespace gsh::matchsim

#endif  // GSH_SRC_MATCHSIM_SCENARIO_H_
