// What an experiment's report shows.
#ifndef GSH_SRC_MATCHSIM_REPORT_PLOTS_H_
#define GSH_SRC_MATCHSIM_REPORT_PLOTS_H_

#include "src/matchsim/experiment.h"
#include "src/matchsim/svg_plot.h"

namespace gsh::matchsim {

// Share of all tickets that were matched within a waiting time.
Plot MatchedWithinPlot(const Experiment& experiment);
// Of the tickets matched.
Plot WaitPlot(const Experiment& experiment);
Plot LatencyPlot(const Experiment& experiment);
// Of the matches.
Plot SpreadPlot(const Experiment& experiment);
// Over time.
Plot WaitingPlot(const Experiment& experiment);
Plot FlowPlot(const Experiment& experiment);  // arrived and matched, a second
Plot LeftPlot(const Experiment& experiment);  // left, in all
Plot BusyPlot(const Experiment& experiment);  // game servers
BarChart ReasonsChart(const Experiment& experiment);

}  // namespace gsh::matchsim

#endif  // GSH_SRC_MATCHSIM_REPORT_PLOTS_H_
