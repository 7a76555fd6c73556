#include "src/matchsim/report_json.h"

#include <cmath>
#include <nlohmann/json.hpp>
#include <span>
#include <vector>

#include "gsh/matcher/rules_json.h"

namespace gsh::matchsim {
namespace {

using Json = nlohmann::ordered_json;

constexpr std::size_t kBars = 50;

double Rounded(double value) { return std::round(value * 1000) / 1000; }

Json SummaryJson(const Summary& summary) {
  Json json;
  json["count"] = summary.count;
  json["mean"] = Rounded(summary.mean);
  json["min"] = Rounded(summary.min);
  json["p50"] = Rounded(summary.p50);
  json["p90"] = Rounded(summary.p90);
  json["p95"] = Rounded(summary.p95);
  json["p99"] = Rounded(summary.p99);
  json["max"] = Rounded(summary.max);
  return json;
}

// A summary and bars from 0 on.
Json NumbersJson(std::span<const float> sorted) {
  Json json = SummaryJson(Summarize(sorted));
  const double max = sorted.empty() ? 0 : static_cast<double>(sorted.back());
  const Histogram bars = Count(sorted, RoundWidth(max, kBars), kBars);
  json["histogram"] = {{"width", bars.width}, {"counts", bars.counts}};
  return json;
}

Json RegionsJson(const std::vector<RegionResult>& regions) {
  Json list = Json::array();
  for (const RegionResult& region : regions) {
    Json json;
    json["name"] = region.name;
    json["matches"] = region.matches;
    json["tickets"] = region.tickets;
    json["latency_ms"] = SummaryJson(region.latency_ms);
    json["servers"] = region.servers;
    json["peak_busy"] = region.peak_busy;
    json["turned_away"] = region.turned_away;
    list.push_back(std::move(json));
  }
  return list;
}

// Columns, which plotting programs like better than points.
Json TimelineJson(const std::vector<TimePoint>& points) {
  Json json = {{"time_s", Json::array()}, {"arrived", Json::array()}, {"matched", Json::array()},
               {"left", Json::array()},   {"waiting", Json::array()}, {"busy", Json::array()}};
  for (const TimePoint& point : points) {
    json["time_s"].push_back(Rounded(point.time_s));
    json["arrived"].push_back(point.arrived);
    json["matched"].push_back(point.matched);
    json["left"].push_back(point.left);
    json["waiting"].push_back(point.waiting);
    json["busy"].push_back(point.busy);
  }
  return json;
}

Json FirstRoundJson(const ContenderResult& result) {
  Json json;
  json["tickets"] = result.simulation.first_round.tickets;
  json["matched"] = result.simulation.first_round.matched;
  json["least_unmatched"] = result.least_unmatched ? Json(*result.least_unmatched) : Json();
  return json;
}

Json ResultJson(const ContenderResult& result) {
  const SimulationResult& simulation = result.simulation;
  Json json;
  json["name"] = result.contender.name;
  json["matcher"] = MatcherName(result.contender.kind);
  json["rules"] = Json::parse(matcher::RulesToJson(result.contender.rules));
  json["tickets"] = simulation.tickets;
  json["matched"] = simulation.matched;
  json["left"] = simulation.left;
  json["waiting"] = simulation.waiting;
  json["players"] = simulation.players;
  json["matched_players"] = simulation.matched_players;
  json["matches"] = simulation.matches;
  json["rounds"] = simulation.rounds;
  json["end_s"] = Rounded(simulation.end_s);
  json["first_round"] = FirstRoundJson(result);
  json["unmatched"] = Json::object();
  for (const auto& [reason, count] : simulation.unmatched) {
    json["unmatched"][reason] = {{"left", count.left}, {"waiting", count.waiting}};
  }
  json["wait_s"] = NumbersJson(simulation.wait_s);
  json["latency_ms"] = NumbersJson(simulation.latency_ms);
  json["spread_ms"] = NumbersJson(simulation.spread_ms);
  json["skill_gap"] = NumbersJson(simulation.skill_gap);
  json["regions"] = RegionsJson(simulation.regions);
  json["timeline"] = TimelineJson(simulation.timeline);
  return json;
}

}  // namespace

std::string ReportJson(const Experiment& experiment) {
  Json json;
  json["version"] = 1;
  json["scenario"] = Json::parse(ScenarioToJson(experiment.scenario));
  json["source"] = experiment.source.empty() ? "generated" : experiment.source;
  json["tickets"] = experiment.tickets;
  json["players"] = experiment.players;
  json["last_arrival_s"] = Rounded(experiment.last_arrival_s);
  json["regions"] = experiment.regions;
  json["results"] = Json::array();
  for (const ContenderResult& result : experiment.results) {
    json["results"].push_back(ResultJson(result));
  }
  return json.dump(1, ' ', false, Json::error_handler_t::replace) + "\n";
}

}  // namespace gsh::matchsim
