// An experiment as one HTML page for people: no scripts, nothing loaded from elsewhere.
#ifndef GSH_SRC_MATCHSIM_REPORT_HTML_H_
#define GSH_SRC_MATCHSIM_REPORT_HTML_H_

#include <string>

#include "src/matchsim/experiment.h"

namespace gsh::matchsim {

std::string ReportHtml(const Experiment& experiment);

}  // namespace gsh::matchsim

#endif  // GSH_SRC_MATCHSIM_REPORT_HTML_H_
