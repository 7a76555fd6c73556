// The life of tickets on simulated time: they come, wait from round to round, are matched and
// play, or leave.
#ifndef GSH_SRC_MATCHSIM_SIMULATION_H_
#define GSH_SRC_MATCHSIM_SIMULATION_H_

#include <cstddef>
#include <cstdint>
#include <functional>
#include <map>
#include <string>
#include <vector>

#include "gsh/status.h"
#include "src/matchsim/arrivals.h"
#include "src/matchsim/round_matcher.h"
#include "src/matchsim/statistics.h"

namespace gsh::matchsim {

struct SimulationOptions {
  double round_s = 1;  // from one round of matching to the next; the first is at 0
  // A ticket that has waited longer leaves; 0: it waits for ever.
  double patience_s = 0;
  // How long the simulation goes on after the last arrival; it ends sooner once nobody waits.
  double drain_s = 60;
  double match_s = 600;          // how long a match keeps its game server
  double match_deviation_s = 0;  // of a normal distribution, cut off at a tenth of match_s
  // Game servers by region; a region that is not named, or has 0, never runs out.
  std::map<std::string, std::size_t> servers = {};
  std::uint64_t seed = 1;  // of the matches' lengths
  // Called after each round with how much of the simulated time is over, from 0 to 1. False: stop,
  // and the result is Cancelled.
  std::function<bool(double)> progress = {};
};

// The reason of a ticket whose match found no free game server.
inline constexpr std::string_view kNoServer = "no_free_game_server";
// Of one that left before its first round.
inline constexpr std::string_view kNoRound = "left_before_a_round";

struct Unmatched {
  std::size_t left = 0;     // gave up, for this reason in the last round
  std::size_t waiting = 0;  // still there at the end
};

struct RegionResult {
  std::string name = {};
  std::size_t matches = 0;
  std::size_t tickets = 0;
  Summary latency_ms = {};      // of the tickets matched there
  std::size_t servers = 0;      // 0: as many as needed
  std::size_t peak_busy = 0;    // game servers
  std::size_t turned_away = 0;  // matches that found none free, each round anew
};

// What happened until `time_s`, since the point before.
struct TimePoint {
  double time_s = 0;
  std::size_t arrived = 0;
  std::size_t matched = 0;
  std::size_t left = 0;
  std::size_t waiting = 0;  // tickets, at time_s
  std::size_t busy = 0;     // game servers, at time_s
};

struct FirstRound {               // the first one with tickets
  std::size_t first_arrival = 0;  // its tickets are so many from this one on
  std::size_t tickets = 0;
  std::size_t matched = 0;
};

struct SimulationResult {
  // tickets = matched + left + waiting.
  std::size_t tickets = 0;
  std::size_t matched = 0;
  std::size_t left = 0;
  std::size_t waiting = 0;
  std::size_t players = 0;
  std::size_t matched_players = 0;
  std::size_t matches = 0;
  std::size_t rounds = 0;  // in which somebody waited
  double end_s = 0;
  FirstRound first_round = {};
  std::map<std::string, Unmatched, std::less<>> unmatched = {};
  std::vector<RegionResult> regions = {};
  std::vector<TimePoint> timeline = {};  // at most kMaxTimePoints
  // One each of those matched, or a match; in rising order.
  std::vector<float> wait_s = {};      // tickets
  std::vector<float> latency_ms = {};  // tickets, to the region that they play in
  std::vector<float> spread_ms = {};   // matches: highest - lowest latency
  std::vector<float> skill_gap = {};   // matches of several teams: best - worst team's mean
};

inline constexpr std::size_t kMaxTimePoints = 240;  // even
// More would be a mistake in the options, or an hour's work.
inline constexpr std::size_t kMaxRounds = 10'000'000;

// The same result for the same input. InvalidArgument for bad options, and when the matcher wants
// regions or attributes that the tickets do not have; Internal if it matches a ticket twice.
StatusOr<SimulationResult> Simulate(const Arrivals& arrivals, RoundMatcher& matcher,
                                    const SimulationOptions& options);

}  // namespace gsh::matchsim

#endif  // GSH_SRC_MATCHSIM_SIMULATION_H_
