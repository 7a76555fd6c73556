#include "src/matchsim/figures.h"

#include <algorithm>
#include <array>
#include <charconv>
#include <cmath>
#include <cstdio>
#include <functional>
#include <string_view>

namespace gsh::matchsim {
namespace {

using Text = std::function<std::string(const ContenderResult&)>;

std::string Decimals(double value, int decimals) {
  char text[64];
  std::snprintf(text, sizeof(text), "%.*f", decimals, value);
  return text;
}

class Rows {
 public:
  explicit Rows(const Experiment& experiment) : experiment_(experiment) {}

  void Add(const std::string& name, const Text& text) {
    Figure figure{.name = name};
    for (const ContenderResult& result : experiment_.results) {
      figure.values.push_back(text(result));
    }
    rows_.push_back(std::move(figure));
  }

  void AddCount(const std::string& name, std::size_t SimulationResult::* count) {
    Add(name,
        [=](const ContenderResult& result) { return std::to_string(result.simulation.*count); });
  }

  void AddSummary(const std::string& name, std::vector<float> SimulationResult::* numbers) {
    const auto add = [&](const std::string& which, const auto& text) {
      Add(name + which, [=](const ContenderResult& result) {
        const Summary summary = Summarize(result.simulation.*numbers);
        return summary.count == 0 ? "-" : text(summary);
      });
    };
    add(", mean", [](const Summary& summary) { return Short(summary.mean); });
    add(", p50 / p95 / p99", [](const Summary& summary) {
      return Short(summary.p50) + " / " + Short(summary.p95) + " / " + Short(summary.p99);
    });
  }

  bool Any(const std::function<bool(const SimulationResult&)>& holds) const {
    return std::ranges::any_of(experiment_.results, holds, &ContenderResult::simulation);
  }

  std::vector<Figure> Take() { return std::move(rows_); }

 private:
  const Experiment& experiment_;
  std::vector<Figure> rows_;
};

std::size_t TurnedAway(const SimulationResult& result) {
  std::size_t sum = 0;
  for (const RegionResult& region : result.regions) sum += region.turned_away;
  return sum;
}

// Otherwise the first round has a handful, and says nothing.
bool CameAtOnce(const SimulationResult& result) {
  return result.tickets > 0 && result.first_round.tickets >= result.tickets / 2;
}

void AddFirstRound(Rows& rows) {
  rows.Add("first round: matched", [](const ContenderResult& result) {
    const FirstRound& first = result.simulation.first_round;
    return Percent(first.matched, first.tickets);
  });
  rows.Add("first round: left over (at the least)", [](const ContenderResult& result) {
    const FirstRound& first = result.simulation.first_round;
    const std::string least =
        result.least_unmatched ? std::to_string(*result.least_unmatched) : "-";
    return std::to_string(first.tickets - first.matched) + " (" + least + ")";
  });
}

void AddOutcome(const Experiment& experiment, Rows& rows) {
  if (rows.Any(CameAtOnce)) AddFirstRound(rows);
  rows.Add("matched in all rounds", [](const ContenderResult& result) {
    return Percent(result.simulation.matched, result.simulation.tickets);
  });
  rows.AddCount("tickets matched", &SimulationResult::matched);
  if (experiment.players != experiment.tickets) {
    rows.AddCount("players matched", &SimulationResult::matched_players);
  }
  rows.AddCount("tickets that left", &SimulationResult::left);
  rows.AddCount("tickets still waiting", &SimulationResult::waiting);
  rows.AddCount("matches", &SimulationResult::matches);
  rows.AddCount("rounds with somebody waiting", &SimulationResult::rounds);
}

void AddReasons(const Experiment& experiment, Rows& rows) {
  for (const std::string& reason : UnmatchedReasons(experiment)) {
    rows.Add("unmatched: " + Words(reason), [&](const ContenderResult& result) {
      return std::to_string(CountUnmatched(result.simulation, reason));
    });
  }
}

// Characters, not bytes: names may hold letters of any alphabet.
std::size_t Width(std::string_view text) {
  return static_cast<std::size_t>(
      std::ranges::count_if(text, [](char c) { return (c & '\xc0') != '\x80'; }));
}

std::string Cell(const std::string& text, std::size_t width, bool left) {
  const std::string space(width - Width(text), ' ');
  return left ? text + space : space + text;
}

std::string PlainCell(std::string text) {  // what would end the cell
  std::ranges::replace(text, '|', '/');
  std::ranges::replace(text, '\n', ' ');
  return text;
}

}  // namespace

std::set<std::string> UnmatchedReasons(const Experiment& experiment) {
  std::set<std::string> reasons;
  for (const ContenderResult& result : experiment.results) {
    for (const auto& [reason, count] : result.simulation.unmatched) reasons.insert(reason);
  }
  return reasons;
}

std::size_t CountUnmatched(const SimulationResult& result, const std::string& reason) {
  const auto found = result.unmatched.find(reason);
  return found == result.unmatched.end() ? 0 : found->second.left + found->second.waiting;
}

std::string Percent(std::size_t part, std::size_t whole) {
  if (whole == 0) return "-";
  // Rounded down: 99,999 of 100,000 are not 100.0 %.
  const double share = 100 * static_cast<double>(part) / static_cast<double>(whole);
  const int decimals = share >= 99.9 && part < whole ? 3 : 2;
  const double steps = decimals == 3 ? 1000 : 100;
  return Decimals(std::floor(share * steps + 1e-6) / steps, decimals) + " %";
}

std::string Short(double value) {
  const double size = std::abs(value);
  return Decimals(value, size >= 1000 ? 0 : size >= 10 ? 1 : 2);
}

std::string Plain(double value) {
  std::array<char, 400> buffer{};  // the smallest number has 340 characters
  const auto result =
      std::to_chars(buffer.data(), buffer.data() + buffer.size(), value, std::chars_format::fixed);
  return std::string(buffer.data(), result.ptr);
}

std::string Words(std::string_view name) {
  std::string words(name);
  std::ranges::replace(words, '_', ' ');
  return words;
}

std::vector<Figure> Figures(const Experiment& experiment) {
  Rows rows(experiment);
  AddOutcome(experiment, rows);
  rows.AddSummary("wait, s", &SimulationResult::wait_s);
  rows.AddSummary("latency, ms", &SimulationResult::latency_ms);
  rows.AddSummary("spread in a match, ms", &SimulationResult::spread_ms);
  if (rows.Any([](const SimulationResult& result) { return !result.skill_gap.empty(); })) {
    rows.AddSummary("skill gap between teams", &SimulationResult::skill_gap);
  }
  if (rows.Any([](const SimulationResult& result) { return TurnedAway(result) > 0; })) {
    rows.Add("matches turned away for want of a server", [](const ContenderResult& result) {
      return std::to_string(TurnedAway(result.simulation));
    });
  }
  AddReasons(experiment, rows);
  return rows.Take();
}

std::string FiguresTable(const Experiment& experiment) {
  std::vector<Figure> rows = Figures(experiment);
  Figure header;
  for (const ContenderResult& result : experiment.results) {
    header.values.push_back(result.contender.name);
  }
  rows.insert(rows.begin(), std::move(header));
  std::vector<std::size_t> widths(experiment.results.size() + 1, 3);
  for (Figure& row : rows) {
    widths[0] = std::max(widths[0], Width(row.name));
    for (std::size_t i = 0; i < row.values.size(); ++i) {
      row.values[i] = PlainCell(row.values[i]);
      widths[i + 1] = std::max(widths[i + 1], Width(row.values[i]));
    }
  }
  std::string table;
  for (std::size_t r = 0; r < rows.size(); ++r) {
    table += "| " + Cell(rows[r].name, widths[0], true);
    for (std::size_t i = 0; i < rows[r].values.size(); ++i) {
      table += " | " + Cell(rows[r].values[i], widths[i + 1], false);
    }
    table += " |\n";
    if (r > 0) continue;
    table += "|" + std::string(widths[0] + 2, '-') + "|";
    for (std::size_t i = 1; i < widths.size(); ++i) table += std::string(widths[i] + 1, '-') + ":|";
    table += "\n";
  }
  return table;
}

}  // namespace gsh::matchsim
