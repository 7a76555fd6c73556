#include "src/matchsim/svg_plot.h"

#include <algorithm>
#include <cmath>
#include <cstdio>

#include "src/matchsim/figures.h"
#include "src/matchsim/statistics.h"

namespace gsh::matchsim {
namespace {

constexpr double kWidth = 640;
constexpr double kHeight = 300;
constexpr double kLeft = 64;
constexpr double kRight = 16;
constexpr double kTop = 12;
constexpr double kBottom = 46;

// SVG's numbers: a tenth of a pixel is enough.
std::string Px(double value) {
  char text[32];
  std::snprintf(text, sizeof(text), "%.1f", value);
  return text;
}

// A tick's number: as many decimals as its step has.
std::string TickText(double value, double step) {
  const int decimals = step >= 1 ? 0 : std::min(6, static_cast<int>(std::ceil(-std::log10(step))));
  char text[64];
  std::snprintf(text, sizeof(text), "%.*f", decimals, value);
  return text;
}

// The style sheet goes before these, which make the picture right wherever it is put.
constexpr std::string_view kSoft = "#59636e";
constexpr std::string_view kColours[] = {"#0072b2", "#d55e00", "#009e73", "#cc79a7"};

std::string ColourOf(int colour) {
  return std::string(colour < 0 ? kSoft : kColours[static_cast<std::size_t>(colour) % 4]);
}

std::string ClassOf(int colour) { return colour < 0 ? "grey" : "c" + std::to_string(colour); }

std::string TextAt(double x, double y, std::string_view anchor, std::string_view text) {
  return "<text x=\"" + Px(x) + "\" y=\"" + Px(y) + "\" fill=\"" + std::string(kSoft) +
         "\" text-anchor=\"" + std::string(anchor) + "\">" + Escape(text) + "</text>\n";
}

std::string LineFrom(double x1, double y1, double x2, double y2, std::string_view css) {
  return "<line class=\"" + std::string(css) + "\" stroke=\"" + std::string(kSoft) +
         (css == "grid" ? "\" stroke-width=\"0.3" : "") +
         (css == "mark" ? "\" stroke-dasharray=\"2 4" : "") + "\" x1=\"" + Px(x1) + "\" y1=\"" +
         Px(y1) + "\" x2=\"" + Px(x2) + "\" y2=\"" + Px(y2) + "\"/>\n";
}

std::string Open(double height, std::string_view title) {
  return "<svg viewBox=\"0 0 " + Px(kWidth) + " " + Px(height) +
         "\" font-size=\"12\" role=\"img\" aria-label=\"" + Escape(title) + "\">\n";
}

// A plot's frame, and where its values lie in it.
class Frame {
 public:
  explicit Frame(const Plot& plot) : plot_(plot), x_max_(plot.x_max), y_max_(plot.y_max) {
    if (!(x_max_ > plot.x_min)) x_max_ = plot.x_min + 1;
    if (y_max_ <= 0) {
      for (const Series& series : plot.series) {
        for (const Point& point : series.points) y_max_ = std::max(y_max_, point.y);
      }
    }
    y_step_ = RoundWidth(y_max_, 5);
    y_max_ = std::max(1.0, std::ceil(y_max_ / y_step_ - 1e-9)) * y_step_;
  }

  double X(double x) const {
    const double part = (std::min(x, x_max_) - plot_.x_min) / (x_max_ - plot_.x_min);
    return kLeft + part * (kWidth - kLeft - kRight);
  }
  double Y(double y) const {
    return kHeight - kBottom - std::min(y / y_max_, 1.0) * (kHeight - kTop - kBottom);
  }

  std::string Axes() const {
    std::string svg;
    for (int i = 0; i * y_step_ <= y_max_ + y_step_ / 2; ++i) {
      const double y = i * y_step_;
      svg += LineFrom(kLeft, Y(y), kWidth - kRight, Y(y), i == 0 ? "axis" : "grid");
      svg += TextAt(kLeft - 6, Y(y) + 4, "end", TickText(y, y_step_));
    }
    const double step = RoundWidth(x_max_ - plot_.x_min, 8);
    const double first = std::ceil(plot_.x_min / step) * step;
    const auto last = static_cast<int>((x_max_ - first) / step + 1e-6);
    for (int i = 0; i <= last; ++i) {
      const double value = first + i * step;
      svg += LineFrom(X(value), Y(0), X(value), Y(0) + 4, "axis");
      svg += TextAt(X(value), Y(0) + 18, "middle", TickText(value, step));
    }
    svg += TextAt((kLeft + kWidth - kRight) / 2, kHeight - 8, "middle", plot_.x_label);
    const double middle = (kTop + kHeight - kBottom) / 2;
    svg += "<text transform=\"translate(14 " + Px(middle) + ") rotate(-90)\" fill=\"" +
           std::string(kSoft) + "\" text-anchor=\"middle\">" + Escape(plot_.y_label) + "</text>\n";
    return svg;
  }

 private:
  const Plot& plot_;
  double x_max_;
  double y_max_;
  double y_step_ = 1;
};

std::string At(const Frame& frame, double x, double y) {
  return Px(frame.X(x)) + " " + Px(frame.Y(y)) + " ";
}

// Bars as one outline, so that several can lie over each other.
std::string BarsPath(const Frame& frame, const Plot& plot, const Series& series) {
  if (series.points.empty()) return "";
  std::string path = "M " + At(frame, series.points.front().x, 0);
  for (const Point& point : series.points) {
    path +=
        "L " + At(frame, point.x, point.y) + "L " + At(frame, point.x + plot.bar_width, point.y);
  }
  path += "L " + At(frame, series.points.back().x + plot.bar_width, 0) + "Z";
  const std::string colour = ColourOf(series.colour);
  return "<path class=\"bars " + ClassOf(series.colour) + "\" fill=\"" + colour +
         "\" fill-opacity=\"0.2\" stroke=\"" + colour + "\" d=\"" + path + "\"/>\n";
}

std::string LinePath(const Frame& frame, const Series& series) {
  if (series.points.empty()) return "";
  std::string path;
  for (const Point& point : series.points) {
    path += (path.empty() ? "M " : "L ") + At(frame, point.x, point.y);
  }
  path.pop_back();
  return "<path class=\"line " + ClassOf(series.colour) + "\" fill=\"none\" stroke=\"" +
         ColourOf(series.colour) + "\" d=\"" + path + "\"/>\n";
}

// What shows when the pointer rests on a column: each series' value there.
std::string Tips(const Frame& frame, const Plot& plot) {
  std::string svg;
  if (plot.series.empty() || plot.bar_width <= 0) return svg;
  for (std::size_t i = 0; i < plot.series.front().points.size(); ++i) {
    const double left = plot.series.front().points[i].x;
    std::string tip = Short(left) + " to " + Short(left + plot.bar_width) + " " + plot.x_unit;
    for (const Series& series : plot.series) {
      if (i < series.points.size()) {
        tip += "\n" + series.name + ": " + Short(series.points[i].y) + " " + plot.y_unit;
      }
    }
    const double x = frame.X(left);
    svg += "<rect class=\"tip\" fill-opacity=\"0\" x=\"" + Px(x) + "\" y=\"" + Px(kTop) +
           "\" width=\"" + Px(frame.X(left + plot.bar_width) - x) + "\" height=\"" +
           Px(frame.Y(0) - kTop) + "\"><title>" + Escape(tip) + "</title></rect>\n";
  }
  return svg;
}

}  // namespace

std::string Escape(std::string_view text) {
  std::string escaped;
  for (const char c : text) {
    switch (c) {
      case '&':
        escaped += "&amp;";
        break;
      case '<':
        escaped += "&lt;";
        break;
      case '>':
        escaped += "&gt;";
        break;
      case '"':
        escaped += "&quot;";
        break;
      case '\'':
        escaped += "&#39;";
        break;
      default:
        // No control character may stand in HTML, not even by its number.
        escaped += static_cast<unsigned char>(c) < ' ' && c != '\n' && c != '\t' ? ' ' : c;
    }
  }
  return escaped;
}

std::string PlotSvg(const Plot& plot) {
  const Frame frame(plot);
  std::string svg = Open(kHeight, plot.title) + frame.Axes();
  for (const double mark : plot.marks) {
    if (mark <= plot.x_min || mark >= plot.x_max) continue;
    svg += LineFrom(frame.X(mark), kTop, frame.X(mark), frame.Y(0), "mark");
  }
  for (const Series& series : plot.series) {
    svg += plot.bar_width > 0 ? BarsPath(frame, plot, series) : LinePath(frame, series);
  }
  return svg + Tips(frame, plot) + "</svg>\n";
}

std::string BarChartSvg(const BarChart& chart) {
  constexpr double kLabels = 220;
  constexpr double kNumbers = 70;
  constexpr double kBar = 16;
  constexpr double kGap = 10;
  double most = 0;
  for (const BarGroup& group : chart.groups) {
    for (const double value : group.values) most = std::max(most, value);
  }
  const double group_height = kBar * static_cast<double>(chart.series.size()) + kGap;
  std::string svg =
      Open(group_height * static_cast<double>(chart.groups.size()) + kGap, chart.title);
  double y = kGap;
  for (const BarGroup& group : chart.groups) {
    svg += TextAt(kLabels - 8, y + (group_height - kGap) / 2 + 4, "end", group.label);
    for (std::size_t i = 0; i < group.values.size(); ++i) {
      const double part = most > 0 ? group.values[i] / most : 0;
      const double width = part * (kWidth - kLabels - kNumbers);
      const double top = y + kBar * static_cast<double>(i);
      const int colour = static_cast<int>(i);
      svg += "<rect class=\"" + ClassOf(colour) + "\" fill=\"" + ColourOf(colour) + "\" x=\"" +
             Px(kLabels) + "\" y=\"" + Px(top) + "\" width=\"" + Px(width) + "\" height=\"" +
             Px(kBar - 2) + "\"><title>" + Escape(chart.series[i]) + "</title></rect>\n";
      svg += TextAt(kLabels + width + 6, top + kBar - 5, "start", TickText(group.values[i], 1));
    }
    y += group_height;
  }
  return svg + "</svg>\n";
}

}  // namespace gsh::matchsim
