// LineMatcher: makes the matches of one cell: the tickets of one band of one region that are equal
// in what must be equal.
#ifndef GSH_SRC_MATCHER_LINE_MATCHER_H_
#define GSH_SRC_MATCHER_LINE_MATCHER_H_

#include <cstdint>
#include <span>
#include <vector>

#include "gsh/matcher/matcher.h"
#include "src/matcher/grid.h"
#include "src/matcher/hopeless_kinds.h"
#include "src/matcher/line.h"
#include "src/matcher/neighbours.h"
#include "src/matcher/seats.h"

namespace gsh::matcher {

// What came of one or more lines.
struct Made {
  std::vector<Match> matches = {};  // in no order
  std::vector<std::uint32_t> members = {};
  std::vector<std::uint16_t> teams = {};  // empty for one team
  std::vector<std::uint32_t> left = {};   // tickets without a match
};

// Its memory is kept from one line to the next.
class LineMatcher {
 public:
  // All must outlive this.
  LineMatcher(const Tickets& tickets, const Rules& rules, const Grid& grid);

  // `words` (line.h; of latency offsets in the grid, less the band's first one) in rising order of
  // index; `scratch` as long. Both are used up.
  void Match(std::uint32_t region, std::uint32_t band, std::span<std::uint64_t> words,
             std::uint64_t* scratch, Made& made);

 private:
  void BuildLine(std::uint32_t band, std::span<std::uint64_t> words, std::uint64_t* scratch);
  void OrderSeeds(std::span<std::uint64_t> words, std::uint64_t* scratch);
  void Take(std::uint32_t place);  // for good
  void PrefetchTurn(std::size_t turn) const;
  float WaitOfTurn(std::size_t turn) const;
  // Whether the seed has found a match, which then is in neighbours_.
  bool Find(std::uint32_t seed, float wait_s);
  bool FindOfSize(std::uint32_t seed, float wait_s, std::uint32_t team_size);
  // Leaves out those whose limit is narrower than the spread found; false: the seed is one of them.
  bool LeaveOutNarrow(std::uint32_t seed, float longest_wait_s);
  void Write(std::uint32_t region, std::uint32_t band, Made& made);

  const Tickets& tickets_;
  const Rules& rules_;
  const Grid& grid_;
  const std::uint32_t teams_;
  const std::uint32_t team_size_;
  const std::uint32_t least_team_size_;
  const bool oldest_first_;
  Line line_;
  Neighbours neighbours_;
  Seats seats_;
  HopelessKinds hopeless_;
  std::uint32_t players_in_reach_ = 0;   // of the last seed, at most
  std::vector<std::uint32_t> left_out_;  // places, put back after the search
  std::vector<Seats::Member> seated_;
};

}  // namespace gsh::matcher

#endif  // GSH_SRC_MATCHER_LINE_MATCHER_H_
