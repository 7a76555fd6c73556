// Plots as inline SVG, without scripts and without anything from elsewhere. Colours and fonts are
// the page's style sheet's: series n has the class cN.
#ifndef GSH_SRC_MATCHSIM_SVG_PLOT_H_
#define GSH_SRC_MATCHSIM_SVG_PLOT_H_

#include <string>
#include <string_view>
#include <vector>

namespace gsh::matchsim {

// For text and attributes of HTML and SVG.
std::string Escape(std::string_view text);

struct Point {
  double x = 0;
  double y = 0;
};

struct Series {
  std::string name = {};
  int colour = 0;  // 0 to 3; -1: grey, for what all have in common
  std::vector<Point> points = {};
};

struct Plot {
  std::string title = {};  // also what a screen reader says
  std::string x_label = {};
  std::string y_label = {};
  std::string x_unit = {};  // for the tips that show over the bars
  std::string y_unit = {};
  // Points are the left ends of bars of this width; 0: a line through the points.
  double bar_width = 0;
  double x_min = 0;
  double x_max = 1;
  double y_max = 0;  // 0: the highest point
  std::vector<Series> series = {};
  std::vector<double> marks = {};  // vertical lines, for example bounds of bands
};
std::string PlotSvg(const Plot& plot);

// Horizontal bars, a group for each label.
struct BarGroup {
  std::string label = {};
  std::vector<double> values = {};  // one a series
};
struct BarChart {
  std::string title = {};
  std::vector<std::string> series = {};  // names
  std::vector<BarGroup> groups = {};
};
std::string BarChartSvg(const BarChart& chart);

}  // namespace gsh::matchsim

#endif  // GSH_SRC_MATCHSIM_SVG_PLOT_H_
