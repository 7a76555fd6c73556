// One scenario, tried with one matcher or several.
#ifndef GSH_SRC_MATCHSIM_EXPERIMENT_H_
#define GSH_SRC_MATCHSIM_EXPERIMENT_H_

#include <cstddef>
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "gsh/matcher/rules.h"
#include "gsh/status.h"
#include "src/matchsim/arrivals.h"
#include "src/matchsim/scenario.h"
#include "src/matchsim/simulation.h"

namespace gsh::matchsim {

enum class MatcherKind {
  kGsh,             // matcher::MatchTickets
  kSample,          // sample_matcher.h, as it is
  kSampleCorrected  // sample_matcher.h, its mistakes put right
};
// "gsh", "sample", "sample-corrected".
std::string_view MatcherName(MatcherKind kind);
std::optional<MatcherKind> ParseMatcher(std::string_view name);

// One matcher with its rules; the sample reads regions and match size only.
struct Contender {
  std::string name = {};  // in tables and plots
  MatcherKind kind = MatcherKind::kGsh;
  matcher::Rules rules = {};
};

struct ContenderResult {
  Contender contender = {};
  SimulationResult simulation = {};
  // Tickets of the first round that no matcher could have matched by these rules' bands and size;
  // none where parties or a least size make that hard to say.
  std::optional<std::size_t> least_unmatched = {};
};

struct Experiment {
  Scenario scenario = {};
  std::string source = {};  // of the tickets: a file's name; empty: generated
  std::size_t tickets = 0;
  std::size_t players = 0;
  double last_arrival_s = 0;
  std::vector<std::string> regions = {};  // of the tickets
  std::vector<ContenderResult> results = {};
};

// Over all contenders, from 0 to 1. False: stop, and the result is Cancelled.
using Progress = std::function<bool(double)>;

// The same tickets for each contender. InvalidArgument, with the contender's name, for rules that
// are bad or do not fit the tickets.
StatusOr<Experiment> RunExperiment(const Scenario& scenario, const Arrivals& arrivals,
                                   const std::vector<Contender>& contenders,
                                   const Progress& progress = {});

}  // namespace gsh::matchsim

#endif  // GSH_SRC_MATCHSIM_EXPERIMENT_H_
