// An experiment as JSON, for machines; docs/matchsim.md says what the members are.
#ifndef GSH_SRC_MATCHSIM_REPORT_JSON_H_
#define GSH_SRC_MATCHSIM_REPORT_JSON_H_

#include <string>

#include "src/matchsim/experiment.h"

namespace gsh::matchsim {

// Times in s, latencies in ms, both to three decimals. Ends with a line break.
std::string ReportJson(const Experiment& experiment);

}  // namespace gsh::matchsim

#endif  // GSH_SRC_MATCHSIM_REPORT_JSON_H_
