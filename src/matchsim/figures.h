// The figures that a person compares, each with a name and a text for every contender.
#ifndef GSH_SRC_MATCHSIM_FIGURES_H_
#define GSH_SRC_MATCHSIM_FIGURES_H_

#include <cstddef>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "src/matchsim/experiment.h"

namespace gsh::matchsim {

struct Figure {
  std::string name = {};
  std::vector<std::string> values = {};  // one a contender
};

// Rows that say nothing (no party, no skill, no game server missing) are left out.
std::vector<Figure> Figures(const Experiment& experiment);

// Why tickets of any contender were not matched.
std::set<std::string> UnmatchedReasons(const Experiment& experiment);
// Tickets that left or still wait for this reason.
std::size_t CountUnmatched(const SimulationResult& result, const std::string& reason);

// "12.34 %"; nothing of nothing is "-".
std::string Percent(std::size_t part, std::size_t whole);
// With a few digits: "0.25", "12.3", "1234".
std::string Short(double value);
// All of it, without ends of zeros: "600", "0.25".
std::string Plain(double value);
// "not_enough_neighbours" -> "not enough neighbours".
std::string Words(std::string_view name);

// As an aligned Markdown table: readable in a terminal, and as it stands in a document.
std::string FiguresTable(const Experiment& experiment);

}  // namespace gsh::matchsim

#endif  // GSH_SRC_MATCHSIM_FIGURES_H_
