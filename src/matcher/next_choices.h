// NextChoices: offers tickets that their first regions left over to their next ones.
#ifndef GSH_SRC_MATCHER_NEXT_CHOICES_H_
#define GSH_SRC_MATCHER_NEXT_CHOICES_H_

#include <cstdint>
#include <map>
#include <vector>

#include "gsh/matcher/matcher.h"
#include "src/matcher/cells.h"
#include "src/matcher/grid.h"
#include "src/matcher/line_matcher.h"
#include "src/matcher/openness.h"

namespace gsh::matcher {

class NextChoices {
 public:
  // All must outlive this.
  NextChoices(const Tickets& tickets, const Rules& rules, const Grid& grid,
              const Openness& openness, const AttributeGroups& groups);

  // Rank by rank: each ticket that is left is also offered to its second region, and so on; then
  // the cells with somebody new are matched anew. Takes made.left, adds matches, and leaves there
  // who is left over in the end.
  void Match(Made& made);

 private:
  struct Offered {
    std::vector<std::uint32_t> tickets = {};  // places in left_, taken ones included
    bool anew = false;
  };

  void Rank();
  void Offer(std::uint32_t rank);
  void MatchCell(const Cell& cell, Offered& offered, Made& made);

  const Grid& grid_;
  const Openness& openness_;
  const AttributeGroups& groups_;
  CellNumbers numbers_;
  LineMatcher line_matcher_;
  std::vector<std::uint32_t> left_;
  std::vector<bool> taken_;           // by place in left_
  std::vector<std::uint8_t> ranked_;  // left_.size() x regions
  std::vector<std::uint16_t> open_;   // how many of them, by place in left_
  std::map<std::uint64_t, Offered> cells_;
};

}  // namespace gsh::matcher

#endif  // GSH_SRC_MATCHER_NEXT_CHOICES_H_
