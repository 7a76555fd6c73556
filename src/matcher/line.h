// Line: the tickets of one cell by latency, as neighbours are looked for in it.
#ifndef GSH_SRC_MATCHER_LINE_H_
#define GSH_SRC_MATCHER_LINE_H_

#include <cstdint>
#include <span>

#include "gsh/matcher/matcher.h"
#include "src/matcher/free_places.h"
#include "src/matcher/kind_index.h"
#include "src/matcher/word_buffer.h"

namespace gsh::matcher {

// What is looked at to find a match, side by side in memory and as little as possible: seeds are
// all over the line, and every line of the cache that is fetched counts.
struct LineTicket {
  float latency_ms;
  std::uint16_t players;
  std::uint16_t team;

  // As in PartyCounts: the team; of `teams`, their number: any.
  std::uint32_t Row(std::uint32_t teams) const { return team == kAnyTeam ? teams : team; }
};

// What is only looked at when one is found.
struct LineRest {
  std::uint32_t ticket;
  float wait_s;
  float skill;  // 0 where it does not count
};

// A line's words: a latency's order (its bit pattern, less any number) above the ticket's index.
inline constexpr unsigned kLineIndexBits = 32;

struct Line {
  Buffer<LineTicket> tickets = Buffer<LineTicket>();  // by latency, key, index
  Buffer<LineRest> rest = Buffer<LineRest>();         // of the same tickets
  FreePlaces free = {};                               // who has neither a match nor passed
  KindIndex kinds = {};                               // of the free ones, where it is built
  std::span<std::uint64_t> seeds = {};  // places (in the lower halves) in the order of their turns
  float longest_wait_s = 0;

  // Whether the turn of one place is before that of another, oldest first.
  bool TurnsBefore(std::uint32_t a, std::uint32_t b) const {
    return rest[a].wait_s != rest[b].wait_s ? rest[a].wait_s > rest[b].wait_s : a < b;
  }
};

}  // namespace gsh::matcher

#endif  // GSH_SRC_MATCHER_LINE_H_
