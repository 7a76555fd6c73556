#include "src/matchsim/svg_plot.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cmath>
#include <string>

namespace gsh::matchsim {
namespace {

using ::testing::HasSubstr;
using ::testing::Not;

TEST(SvgPlotTest, EscapesWhatComesFromOutside) {
  EXPECT_EQ(Escape("a<b>&\"c\"'d'\x01\n"), "a&lt;b&gt;&amp;&quot;c&quot;&#39;d&#39; \n");
  const std::string svg = PlotSvg({.title = "<script>",
                                   .x_label = "x<",
                                   .y_label = "y&",
                                   .bar_width = 1,
                                   .series = {{.name = "</svg>", .points = {{0, 1}}}}});
  EXPECT_THAT(svg, Not(HasSubstr("<script")));
  EXPECT_THAT(svg, Not(HasSubstr("x<<")));
  EXPECT_THAT(svg, HasSubstr("&lt;/svg&gt;: 1.00"));
}

TEST(SvgPlotTest, ALineGoesFromCornerToCorner) {
  const std::string svg = PlotSvg({.title = "t",
                                   .x_max = 10,
                                   .y_max = 100,
                                   .series = {{.colour = 1, .points = {{0, 0}, {10, 100}}}}});
  EXPECT_THAT(svg, HasSubstr("<path class=\"line c1\" fill=\"none\" stroke=\"#d55e00\" "
                             "d=\"M 64.0 254.0 L 624.0 12.0\"/>"));
  EXPECT_THAT(svg, HasSubstr(">100</text>"));
}

TEST(SvgPlotTest, BarsAreAnOutlineWithTips) {
  const std::string svg = PlotSvg({.title = "t",
                                   .x_unit = "ms",
                                   .y_unit = "%",
                                   .bar_width = 5,
                                   .x_max = 10,
                                   .y_max = 50,
                                   .series = {{.name = "a", .points = {{0, 50}, {5, 25}}}}});
  EXPECT_THAT(svg, HasSubstr("d=\"M 64.0 254.0 L 64.0 12.0 L 344.0 12.0 L 344.0 133.0 "
                             "L 624.0 133.0 L 624.0 254.0 Z\""));
  EXPECT_THAT(svg, HasSubstr("<title>5.00 to 10.0 ms\na: 25.0 %</title>"));
}

TEST(SvgPlotTest, MarksLieInside) {
  const std::string svg = PlotSvg({.title = "t", .x_max = 10, .marks = {0, 5, 10, 99}});
  EXPECT_THAT(svg,
              HasSubstr("class=\"mark\" stroke=\"#59636e\" stroke-dasharray=\"2 4\" x1=\"344.0\""));
  EXPECT_EQ(svg.find("class=\"mark\"", svg.find("class=\"mark\"") + 1), std::string::npos);
}

TEST(SvgPlotTest, NothingToShowIsNoMistake) {
  for (const std::string& svg :
       {PlotSvg({}), PlotSvg({.x_max = 0, .series = {{.name = "empty"}}}), BarChartSvg({}),
        BarChartSvg({.series = {"a"}, .groups = {{.label = "none", .values = {0}}}})}) {
    EXPECT_THAT(svg, HasSubstr("</svg>"));
    EXPECT_THAT(svg, Not(HasSubstr("nan")));
    EXPECT_THAT(svg, Not(HasSubstr("inf")));
  }
}

TEST(BarChartTest, BarsAreAsLongAsTheirValues) {
  const std::string svg = BarChartSvg({.title = "why",
                                       .series = {"before", "after"},
                                       .groups = {{.label = "too far", .values = {200, 50}}}});
  EXPECT_THAT(svg, HasSubstr("width=\"350.0\""));
  EXPECT_THAT(svg, HasSubstr("width=\"87.5\""));
  EXPECT_THAT(svg, HasSubstr(">too far</text>"));
  EXPECT_THAT(svg, HasSubstr(">200</text>"));
}

}  // namespace
}  // namespace gsh::matchsim
