// Line: the tickets of one cell by latency, as neighbours are looked for in it.
#ifndef GSH_SRC_MATCHER_LINE_H_
#define GSH_SRC_MATCHER_LINE_H_

#include <cstdint>
#include <span>
#include <vector>

#include "gsh/matcher/matcher.h"
#include "src/matcher/free_places.h"

namespace gsh::matcher {

// One ticket with all that matching asks of it, side by side in memory.
struct LineTicket {
  float latency_ms;
  std::uint32_t ticket;
  float wait_s;
  std::uint16_t players;
  std::uint16_t team;
};

// A line's words: a latency's order (its bit pattern, less any number) above the ticket's index.
inline constexpr unsigned kLineIndexBits = 32;

struct Line {
  std::vector<LineTicket> tickets = {};  // by latency, key, index
  FreePlaces free = {};                  // who has neither a match nor passed
  std::span<std::uint64_t> seeds = {};   // places (in the lower halves) in the order of their turns
  float longest_wait_s = 0;
};

}  // namespace gsh::matcher

#endif  // GSH_SRC_MATCHER_LINE_H_
