// FirstChoices: the tickets, each in the cell of the region it goes to first, cell by cell.
#ifndef GSH_SRC_MATCHER_FIRST_CHOICES_H_
#define GSH_SRC_MATCHER_FIRST_CHOICES_H_

#include <cstdint>
#include <span>
#include <vector>

#include "gsh/matcher/matcher.h"
#include "src/matcher/cells.h"
#include "src/matcher/grid.h"
#include "src/matcher/openness.h"
#include "src/matcher/word_buffer.h"

namespace gsh::matcher {

class FirstChoices {
 public:
  // Tickets whose reason is kMatched are divided; those that no region is open to, or no team has
  // places for, get another one instead: kNotEnoughNeighbours, to be made more precise.
  FirstChoices(const Tickets& tickets, const Grid& grid, const Openness& openness,
               const AttributeGroups& groups, int threads, std::vector<Unmatched>& reasons);

  // Cells that have tickets.
  std::size_t cells() const { return cells_.size(); }
  const Cell& cell(std::size_t i) const { return cells_[i]; }
  // As LineMatcher wants them.
  std::span<std::uint64_t> words(std::size_t i) const {
    return {words_.data() + begins_[i], begins_[i + 1] - begins_[i]};
  }
  std::uint64_t* scratch(std::size_t i) const { return scratch_.data() + begins_[i]; }

 private:
  WordBuffer words_;
  WordBuffer scratch_;
  std::vector<Cell> cells_;
  std::vector<std::size_t> begins_;
};

}  // namespace gsh::matcher

#endif  // GSH_SRC_MATCHER_FIRST_CHOICES_H_
