// Cells: numbers for the combinations of region, band and values of equal attributes that tickets
// are divided by.
#ifndef GSH_SRC_MATCHER_CELLS_H_
#define GSH_SRC_MATCHER_CELLS_H_

#include <cstddef>
#include <cstdint>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "gsh/matcher/matcher.h"
#include "src/matcher/grid.h"

namespace gsh::matcher {

// A number for each ticket, equal for those that have all attributes in common.
class AttributeGroups {
 public:
  AttributeGroups(const Tickets& tickets, const Rules& rules);

  std::uint32_t count() const { return count_; }
  std::uint32_t Of(std::size_t ticket) const { return groups_.empty() ? 0 : groups_[ticket]; }
  // Of other tickets' attributes; count(): none of the tickets has these.
  std::uint32_t Find(const std::vector<std::uint32_t>& attributes) const;

 private:
  std::uint32_t count_ = 1;
  std::vector<std::uint32_t> groups_;
  std::unordered_map<std::string_view, std::uint32_t> by_bytes_;  // of a row of attributes
};

struct Cell {
  std::uint32_t region = 0;
  std::uint32_t band = 0;
  std::uint32_t group = 0;
};

// All cells that there can be, by region, then band, then group; they are numbers of 64 bits, as
// many attributes may make very many of them.
class CellNumbers {
 public:
  CellNumbers(const Grid& grid, std::uint32_t groups) : bands_(grid.bands()), groups_(groups) {
    all_ = std::uint64_t{grid.cells()} * groups;
  }
  std::uint64_t all() const { return all_; }
  std::uint64_t Of(const Cell& cell) const {
    return (std::uint64_t{cell.region} * bands_ + cell.band) * groups_ + cell.group;
  }
  Cell At(std::uint64_t number) const {
    const std::uint64_t in_grid = number / groups_;
    return {static_cast<std::uint32_t>(in_grid / bands_),
            static_cast<std::uint32_t>(in_grid % bands_),
            static_cast<std::uint32_t>(number % groups_)};
  }

 private:
  std::uint32_t bands_;
  std::uint32_t groups_;
  std::uint64_t all_;
};

}  // namespace gsh::matcher

#endif  // GSH_SRC_MATCHER_CELLS_H_
