#include "src/matchsim/report_plots.h"

#include <algorithm>
#include <cmath>
#include <set>
#include <string>
#include <vector>

#include "src/matchsim/figures.h"

namespace gsh::matchsim {
namespace {

constexpr std::size_t kBars = 50;

using Numbers = std::vector<float> SimulationResult::*;

// Where the plots of these numbers end: a few far ones would press all others together.
double Reach(const Experiment& experiment, Numbers numbers) {
  double reach = 0;
  for (const ContenderResult& result : experiment.results) {
    const Summary summary = Summarize(result.simulation.*numbers);
    reach = std::max(reach, std::min(summary.max, 1.25 * summary.p99));
  }
  return reach;
}

Series EmptySeries(const Experiment& experiment, std::size_t contender) {
  return {.name = experiment.results[contender].contender.name,
          .colour = static_cast<int>(contender)};
}

// Bars in percent, all with the same width, from 0 to `least_reach` at least.
Plot BarPlot(const Experiment& experiment, Plot plot, Numbers numbers, double least_reach = 0) {
  plot.y_unit = "%";
  const double reach = std::max(Reach(experiment, numbers), least_reach);
  plot.bar_width = RoundWidth(reach, kBars);
  const auto bars = static_cast<std::size_t>(std::floor(reach / plot.bar_width + 1e-9)) + 1;
  plot.x_max = static_cast<double>(bars) * plot.bar_width;
  for (std::size_t i = 0; i < experiment.results.size(); ++i) {
    const std::vector<float>& values = experiment.results[i].simulation.*numbers;
    const Histogram histogram = Count(values, plot.bar_width, bars);
    Series series = EmptySeries(experiment, i);
    for (std::size_t bar = 0; bar < bars; ++bar) {
      const double share = 100 * static_cast<double>(histogram.counts[bar]) /
                           static_cast<double>(std::max<std::size_t>(values.size(), 1));
      series.points.push_back({static_cast<double>(bar) * plot.bar_width, share});
    }
    plot.series.push_back(std::move(series));
  }
  return plot;
}

double EndOf(const Experiment& experiment) {
  double end = 0;
  for (const ContenderResult& result : experiment.results) {
    end = std::max(end, result.simulation.end_s);
  }
  return end;
}

// One line a contender; `value` is told the point and the one before it (null: none).
template <typename Value>
Plot TimePlot(const Experiment& experiment, Plot plot, const Value& value) {
  plot.x_label = "time, s";
  plot.x_max = EndOf(experiment);
  for (std::size_t i = 0; i < experiment.results.size(); ++i) {
    Series series = EmptySeries(experiment, i);
    const TimePoint* before = nullptr;
    for (const TimePoint& point : experiment.results[i].simulation.timeline) {
      series.points.push_back({point.time_s, value(point, before)});
      before = &point;
    }
    plot.series.push_back(std::move(series));
  }
  return plot;
}

// Of `count` a second, over spans long enough that single matches do not make it jump.
std::vector<Point> Rate(const Experiment& experiment, const std::vector<TimePoint>& timeline,
                        std::size_t TimePoint::* count) {
  constexpr std::size_t kSpans = 60;
  const std::size_t together = (timeline.size() + kSpans - 1) / kSpans;
  std::vector<Point> rate;
  std::size_t sum = 0;
  double since = -experiment.scenario.simulation.round_s;  // the first round's tickets came before
  for (std::size_t i = 0; i < timeline.size(); ++i) {
    sum += timeline[i].*count;
    if ((i + 1) % together != 0 && i + 1 < timeline.size()) continue;
    const double until = timeline[i].time_s;
    rate.push_back({until, static_cast<double>(sum) / std::max(until - since, 1e-9)});
    since = until;
    sum = 0;
  }
  return rate;
}

}  // namespace

Plot MatchedWithinPlot(const Experiment& experiment) {
  Plot plot{.title = "Tickets matched within a waiting time",
            .x_label = "waiting time, s",
            .y_label = "% of all tickets",
            .y_max = 100};
  const double reach = Reach(experiment, &SimulationResult::wait_s);
  plot.x_max = std::max(reach, experiment.scenario.simulation.round_s) * 1.05;
  for (std::size_t i = 0; i < experiment.results.size(); ++i) {
    const SimulationResult& result = experiment.results[i].simulation;
    const auto all = static_cast<double>(std::max<std::size_t>(result.tickets, 1));
    Series series = EmptySeries(experiment, i);
    series.points.push_back({0, 0});
    constexpr int kSteps = 200;
    for (int step = 0; step <= kSteps; ++step) {
      const double wait = plot.x_max * step / kSteps;
      const auto above = std::ranges::upper_bound(result.wait_s, static_cast<float>(wait));
      const auto within = static_cast<double>(above - result.wait_s.begin());
      series.points.push_back({wait, 100 * within / all});
    }
    plot.series.push_back(std::move(series));
  }
  return plot;
}

Plot WaitPlot(const Experiment& experiment) {
  return BarPlot(experiment,
                 {.title = "Waiting time of those matched",
                  .x_label = "waiting time, s (the last bar: and longer)",
                  .y_label = "% of tickets matched",
                  .x_unit = "s"},
                 &SimulationResult::wait_s, experiment.scenario.simulation.round_s);
}

Plot LatencyPlot(const Experiment& experiment) {
  Plot plot = BarPlot(experiment,
                      {.title = "Latency to the region that a ticket plays in",
                       .x_label = "latency, ms (the last bar: and more)",
                       .y_label = "% of tickets matched",
                       .x_unit = "ms"},
                      &SimulationResult::latency_ms);
  std::set<double> bounds;
  for (const ContenderResult& result : experiment.results) {
    for (const float bound : result.contender.rules.band_bounds_ms) {
      if (std::isfinite(bound)) bounds.insert(static_cast<double>(bound));
    }
  }
  plot.marks.assign(bounds.begin(), bounds.end());
  return plot;
}

Plot SpreadPlot(const Experiment& experiment) {
  return BarPlot(experiment,
                 {.title = "Spread: highest - lowest latency in a match",
                  .x_label = "spread, ms (the last bar: and more)",
                  .y_label = "% of matches",
                  .x_unit = "ms"},
                 &SimulationResult::spread_ms);
}

Plot WaitingPlot(const Experiment& experiment) {
  return TimePlot(
      experiment, {.title = "Tickets waiting, over time", .y_label = "tickets"},
      [](const TimePoint& point, const TimePoint*) { return static_cast<double>(point.waiting); });
}

Plot FlowPlot(const Experiment& experiment) {
  Plot plot{.title = "Tickets that came and were matched, over time",
            .x_label = "time, s",
            .y_label = "tickets a second",
            .x_max = EndOf(experiment)};
  if (experiment.results.empty()) return plot;
  // The contender that went on longest has all arrivals, as each has.
  const auto longest = std::ranges::max_element(
      experiment.results, {},
      [](const ContenderResult& result) { return result.simulation.end_s; });
  plot.series.push_back(
      {.name = "arrived",
       .colour = -1,
       .points = Rate(experiment, longest->simulation.timeline, &TimePoint::arrived)});
  for (std::size_t i = 0; i < experiment.results.size(); ++i) {
    Series series = EmptySeries(experiment, i);
    series.points =
        Rate(experiment, experiment.results[i].simulation.timeline, &TimePoint::matched);
    plot.series.push_back(std::move(series));
  }
  return plot;
}

Plot LeftPlot(const Experiment& experiment) {
  double sum = 0;
  return TimePlot(experiment, {.title = "Tickets that have left, over time", .y_label = "tickets"},
                  [&](const TimePoint& point, const TimePoint* before) {
                    if (before == nullptr) sum = 0;
                    return sum += static_cast<double>(point.left);
                  });
}

Plot BusyPlot(const Experiment& experiment) {
  return TimePlot(
      experiment, {.title = "Busy game servers, over time", .y_label = "game servers"},
      [](const TimePoint& point, const TimePoint*) { return static_cast<double>(point.busy); });
}

BarChart ReasonsChart(const Experiment& experiment) {
  BarChart chart{.title = "Why tickets were not matched"};
  for (const ContenderResult& result : experiment.results) {
    chart.series.push_back(result.contender.name);
  }
  for (const std::string& reason : UnmatchedReasons(experiment)) {
    BarGroup group{.label = Words(reason)};
    for (const ContenderResult& result : experiment.results) {
      group.values.push_back(static_cast<double>(CountUnmatched(result.simulation, reason)));
    }
    chart.groups.push_back(std::move(group));
  }
  return chart;
}

}  // namespace gsh::matchsim
