#ifndef GSH_SRC_MATCHER_CELL_COUNTS_H_
#define GSH_SRC_MATCHER_CELL_COUNTS_H_

#include <cstdint>
#include <vector>

#include "gsh/matcher/matcher.h"
#include "src/matcher/grid.h"

namespace gsh::matcher {

// How many tickets can play in each cell: counts[region * bands + band], a ticket in every region
// it can reach.
std::vector<std::uint32_t> CountCells(const Tickets& tickets, const Grid& grid);

}  // namespace gsh::matcher

#endif  // GSH_SRC_MATCHER_CELL_COUNTS_H_
