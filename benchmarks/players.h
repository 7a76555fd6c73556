// Players: who create tickets at a given rate, or all at once, and wait for their assignments.
#ifndef GSH_BENCHMARKS_PLAYERS_H_
#define GSH_BENCHMARKS_PLAYERS_H_

#include <cstddef>
#include <cstdint>
#include <vector>

#include "gsh/clock.h"
#include "gsh/openmatch/frontend.h"
#include "gsh/openmatch/types.h"

namespace gsh::benchmarks {

// Two regions' latencies each, log-normal around 36 ms; the same for the same seed.
std::vector<openmatch::Ticket> MakeTickets(std::size_t count, std::uint64_t seed);

struct PlayersResult {
  std::vector<double> waits_ms = {};    // of those who were assigned
  std::vector<double> spreads_ms = {};  // of each match: between its best and worst latency
  std::size_t left_over = 0;            // no assignment until the end
  std::size_t failed = 0;               // no ticket, or no answer
};

// Creates the tickets, `rate` of them a second (0: all at once), whatever becomes of those before,
// and waits until all are assigned, at most for `patience` after the last one; then deletes those
// that are not. A wait begins when the ticket was due, and ends when WatchAssignments tells.
//
// Players of one match are those that were told the same connection, and the same match if the
// assignment carries `gsh.match`. Its spread is that of the latencies to the region there, or
// without it (other directors) to the region in which it is smallest.
PlayersResult Play(openmatch::Frontend& frontend, std::vector<openmatch::Ticket> tickets,
                   double rate, Duration patience);

}  // namespace gsh::benchmarks

#endif  // GSH_BENCHMARKS_PLAYERS_H_
