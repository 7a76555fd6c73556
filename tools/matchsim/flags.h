// gsh-matchsim's command line.
#ifndef GSH_TOOLS_MATCHSIM_FLAGS_H_
#define GSH_TOOLS_MATCHSIM_FLAGS_H_

#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

#include "gsh/status.h"
#include "src/matchsim/arrivals.h"
#include "src/matchsim/experiment.h"
#include "src/matchsim/scenario.h"
#include "src/service/program.h"

namespace gsh::matchsim {

struct Flags {
  std::string scenario;
  std::string tickets;
  std::string rules;
  std::string matcher = "gsh";
  std::vector<std::string> sides;  // of compare: [MATCHER:]RULES.json
  std::string json;
  std::string html;
  std::string output = "-";
  // What changes the scenario.
  std::uint64_t seed = 1;
  int count = static_cast<int>(Traffic{}.tickets);
  double rate = Traffic{}.rate;
  std::vector<std::string> areas;
  std::vector<std::string> regions;
  std::vector<std::string> servers;  // region=N
  double round = SimulationOptions{}.round_s;
  double patience = SimulationOptions{}.patience_s;
  double drain = SimulationOptions{}.drain_s;
  double match_length = SimulationOptions{}.match_s;
};

struct Commands {
  CLI::App* run = nullptr;
  CLI::App* compare = nullptr;
  CLI::App* generate = nullptr;
};
Commands AddFlags(service::Program& program, Flags& flags);

// InvalidArgument for flags that the command given would not heed, or that contradict each other.
Status CheckFlags(const service::Program& program, const Flags& flags, const Commands& commands);

// The file's scenario, changed by the flags that were given.
StatusOr<Scenario> ReadScenario(const service::Program& program, const Flags& flags);

// "sample:rules.json": which matcher, and its rules from the file. Where those name no regions they
// have the scenario's, else those of the sample's director; where they name no bands, one for all
// latencies.
StatusOr<Contender> ReadContender(const std::string& side, const Scenario& scenario);

}  // namespace gsh::matchsim

#endif  // GSH_TOOLS_MATCHSIM_FLAGS_H_
