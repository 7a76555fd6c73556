#include "src/matchsim/report_html.h"

#include <algorithm>
#include <string>
#include <string_view>
#include <vector>

#include "gsh/matcher/rules_json.h"
#include "src/matchsim/figures.h"
#include "src/matchsim/report_plots.h"
#include "src/matchsim/svg_plot.h"

namespace gsh::matchsim {
namespace {

// Colours of Okabe and Ito, which the colour-blind can tell apart; lines differ by dashes too.
constexpr std::string_view kStyle = R"(
:root { color-scheme: light dark; --ink: #1b1f24; --soft: #59636e; --paper: #fff; --edge: #d1d9e0;
  --c0: #0072b2; --c1: #d55e00; --c2: #009e73; --c3: #cc79a7; }
@media (prefers-color-scheme: dark) { :root { --ink: #e6edf3; --soft: #9198a1; --paper: #0d1117;
  --edge: #3d444d; --c0: #56b4e9; --c1: #e69f00; --c2: #2bbf95; --c3: #dd96be; } }
body { font: 15px/1.45 system-ui, sans-serif; color: var(--ink); background: var(--paper);
  max-width: 1360px; margin: 0 auto; padding: 16px 24px; }
h1 { font-size: 24px; margin: 8px 0; } h2 { font-size: 18px; margin: 32px 0 8px; }
h3 { font-size: 15px; margin: 0 0 4px; } p { max-width: 75ch; } .soft { color: var(--soft); }
.plots { display: grid; grid-template-columns: repeat(auto-fit, minmax(min(100%, 440px), 1fr));
  gap: 24px; }
figure { margin: 0; } svg { width: 100%; height: auto; }
svg text { font-size: 12px; fill: var(--soft); }
.grid { stroke: var(--edge); stroke-width: 0.8; } .axis { stroke: var(--soft); }
.mark { stroke: var(--soft); }
.line { fill: none; stroke-width: 2; } .bars { stroke-width: 1.5; fill-opacity: 0.2; }
.c0 { stroke: var(--c0); fill: var(--c0); } .c1 { stroke: var(--c1); fill: var(--c1); }
.c2 { stroke: var(--c2); fill: var(--c2); } .c3 { stroke: var(--c3); fill: var(--c3); }
.grey { stroke: var(--soft); stroke-width: 1; } .line.grey { fill: none; }
.line.c0, .line.c1, .line.c2, .line.c3 { fill: none; }
.line.c1, .bars.c1 { stroke-dasharray: 6 3; } .line.c2, .bars.c2 { stroke-dasharray: 2 3; }
.line.c3, .bars.c3 { stroke-dasharray: 9 3 2 3; }
.key { display: inline-block; width: 14px; height: 14px; border-radius: 3px; margin: 0 6px 0 0;
  vertical-align: -2px; }
.k0 { background: var(--c0); } .k1 { background: var(--c1); } .k2 { background: var(--c2); }
.k3 { background: var(--c3); } .legend > span { margin-right: 20px; }
.legend { position: sticky; top: 0; background: var(--paper); padding: 6px 0; max-width: none; }
.tiles { display: flex; flex-wrap: wrap; gap: 12px; margin: 8px 0 16px; }
.tile { border: 1px solid var(--edge); border-radius: 8px; padding: 8px 14px; min-width: 120px; }
.tile b { display: block; font-size: 22px; } .tile span { color: var(--soft); font-size: 13px; }
table { border-collapse: collapse; } td, th { padding: 3px 14px 3px 0; text-align: right;
  border-bottom: 1px solid var(--edge); font-variant-numeric: tabular-nums; }
td:first-child, th:first-child, td.name { text-align: left; }
pre { overflow-x: auto; white-space: pre-wrap; border: 1px solid var(--edge); padding: 8px; }
)";

std::string Element(const std::string& name, const std::string& inner) {
  return "<" + name + ">" + inner + "</" + name + ">";
}

std::string Key(std::size_t contender) {
  return "<span class=\"key k" + std::to_string(contender) + "\"></span>";
}

std::string Title(const Experiment& experiment) {
  std::string names;
  for (const ContenderResult& result : experiment.results) {
    names += (names.empty() ? "" : " against ") + result.contender.name;
  }
  return "Matchmaking simulated: " + names;
}

std::string Introduction(const Experiment& experiment) {
  const Scenario& scenario = experiment.scenario;
  std::string regions;
  for (const std::string& region : experiment.regions) {
    regions += (regions.empty() ? "" : ", ") + region;
  }
  const std::string source = experiment.source.empty()
                                 ? "generated with seed " + std::to_string(scenario.seed)
                                 : "from " + experiment.source;
  std::string text =
      std::to_string(experiment.tickets) + " tickets of " + std::to_string(experiment.players) +
      " players, " + source + ", the last one after " + Plain(experiment.last_arrival_s) +
      " s; latencies to " + regions + "; a round every " + Plain(scenario.simulation.round_s) +
      " s; matches of " + Plain(scenario.simulation.match_s) + " s.";
  if (scenario.simulation.patience_s > 0) {
    text += " A ticket leaves after " + Plain(scenario.simulation.patience_s) + " s.";
  }
  const std::string what =
      scenario.description.empty() ? "" : Element("p", Escape(scenario.description));
  return what + "<p class=\"soft\">" + Escape(text) + "</p>\n";
}

std::string Tile(const std::string& value, const std::string& name) {
  return "<div class=\"tile\"><b>" + Escape(value) + "</b><span>" + Escape(name) +
         "</span></div>\n";
}

std::string Tiles(const Experiment& experiment) {
  std::string html;
  for (std::size_t i = 0; i < experiment.results.size(); ++i) {
    const SimulationResult& result = experiment.results[i].simulation;
    const Summary wait = Summarize(result.wait_s);
    const Summary latency = Summarize(result.latency_ms);
    html += Element("h3", Key(i) + Escape(experiment.results[i].contender.name)) +
            "<div class=\"tiles\">\n" + Tile(Percent(result.matched, result.tickets), "matched") +
            Tile(std::to_string(result.left), "left") +
            Tile(std::to_string(result.waiting), "still waiting") +
            Tile(Short(wait.p50) + " s", "wait, median") +
            Tile(Short(wait.p95) + " s", "wait, 95 of 100") +
            Tile(Short(latency.mean) + " ms", "latency, mean") +
            Tile(Short(latency.p95) + " ms", "latency, 95 of 100") +
            Tile(Short(Summarize(result.spread_ms).mean) + " ms", "spread, mean") + "</div>\n";
  }
  return html;
}

std::string Legend(const Experiment& experiment) {
  if (experiment.results.size() < 2) return "";
  std::string html = "<p class=\"legend\">";
  for (std::size_t i = 0; i < experiment.results.size(); ++i) {
    html += Element("span", Key(i) + Escape(experiment.results[i].contender.name));
  }
  return html + "</p>\n";
}

std::string Figured(const std::string& title, const std::string& svg,
                    const std::string& note = "") {
  std::string html = "<figure>" + Element("h3", Escape(title)) + "\n" + svg;
  if (!note.empty()) html += "<figcaption class=\"soft\">" + Escape(note) + "</figcaption>\n";
  return html + "</figure>\n";
}

std::string Plotted(const Plot& plot, const std::string& note = "") {
  return Figured(plot.title, PlotSvg(plot), note);
}

std::string Section(const std::string& title, const std::string& inner) {
  return Element("h2", Escape(title)) + "\n<div class=\"plots\">\n" + inner + "</div>\n";
}

std::string OverTime(const Experiment& experiment) {
  std::string plots =
      Plotted(WaitingPlot(experiment)) + Plotted(FlowPlot(experiment), "Grey: tickets that came.");
  const auto any_left = [](const ContenderResult& result) { return result.simulation.left > 0; };
  if (std::ranges::any_of(experiment.results, any_left)) plots += Plotted(LeftPlot(experiment));
  return plots + Plotted(BusyPlot(experiment));
}

std::string FiguresHtml(const Experiment& experiment) {
  std::string head = "<th></th>";
  for (const ContenderResult& result : experiment.results) {
    head += Element("th", Escape(result.contender.name));
  }
  std::string rows = Element("tr", head) + "\n";
  for (const Figure& figure : Figures(experiment)) {
    std::string row = Element("td", Escape(figure.name));
    for (const std::string& value : figure.values) row += Element("td", Escape(value));
    rows += Element("tr", row) + "\n";
  }
  return Element("table", "\n" + rows) + "\n";
}

std::string RegionsHtml(const Experiment& experiment) {
  std::string rows =
      "<tr><th>region</th><th></th><th>tickets</th><th>matches</th><th>latency, mean ms</th>"
      "<th>p95 ms</th><th>servers</th><th>busy at most</th><th>turned away</th></tr>\n";
  for (std::size_t i = 0; i < experiment.results.size(); ++i) {
    for (const RegionResult& region : experiment.results[i].simulation.regions) {
      const std::string servers = region.servers == 0 ? "no limit" : std::to_string(region.servers);
      std::string row = Element("td", Escape(region.name)) + "<td class=\"name\">" + Key(i) +
                        Escape(experiment.results[i].contender.name) + "</td>";
      for (const std::string& value :
           {std::to_string(region.tickets), std::to_string(region.matches),
            Short(region.latency_ms.mean), Short(region.latency_ms.p95), servers,
            std::to_string(region.peak_busy), std::to_string(region.turned_away)}) {
        row += Element("td", value);
      }
      rows += Element("tr", row) + "\n";
    }
  }
  return Element("table", "\n" + rows) + "\n";
}

std::string RulesHtml(const Experiment& experiment) {
  std::string html;
  for (std::size_t i = 0; i < experiment.results.size(); ++i) {
    const Contender& contender = experiment.results[i].contender;
    html += "<details><summary>" + Key(i) + Escape(contender.name) + ": matcher " +
            std::string(MatcherName(contender.kind)) + "</summary><pre>" +
            Escape(matcher::RulesToJson(contender.rules)) + "</pre></details>\n";
  }
  return html + "<details><summary>Scenario</summary><pre>" +
         Escape(ScenarioToJson(experiment.scenario)) + "</pre></details>\n";
}

std::string ReasonsHtml(const Experiment& experiment) {
  const BarChart chart = ReasonsChart(experiment);
  if (chart.groups.empty()) return Element("p", "All tickets were matched.") + "\n";
  return "<div class=\"plots\">\n" +
         Figured(chart.title, BarChartSvg(chart),
                 "Tickets that left or still wait at the end, by what the last round said.") +
         "</div>\n";
}

}  // namespace

std::string ReportHtml(const Experiment& experiment) {
  return "<!DOCTYPE html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n"
         "<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n" +
         Element("title", Escape(Title(experiment))) + "\n" +
         Element("style", std::string(kStyle)) + "\n</head>\n<body>\n" +
         Element("h1", Escape(Title(experiment))) + "\n" + Introduction(experiment) +
         Tiles(experiment) + Legend(experiment) +
         Section("Waiting", Plotted(MatchedWithinPlot(experiment),
                                    "A curve that stays below 100 % leaves tickets unmatched.") +
                                Plotted(WaitPlot(experiment))) +
         Section("Latency", Plotted(LatencyPlot(experiment), "Dotted: bounds of the bands.") +
                                Plotted(SpreadPlot(experiment))) +
         Section("Over time", OverTime(experiment)) + Element("h2", "Not matched") + "\n" +
         ReasonsHtml(experiment) + Element("h2", "Figures") + "\n" + FiguresHtml(experiment) +
         Element("h2", "Regions") + "\n" + RegionsHtml(experiment) + Element("h2", "Rules") + "\n" +
         RulesHtml(experiment) + "</body>\n</html>\n";
}

}  // namespace gsh::matchsim
