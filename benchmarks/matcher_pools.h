// Tickets that the matcher's benchmarks match, and what their times are set against.
#ifndef GSH_BENCHMARKS_MATCHER_POOLS_H_
#define GSH_BENCHMARKS_MATCHER_POOLS_H_

#include <cstddef>
#include <cstdint>
#include <random>
#include <vector>

#include "gsh/matcher/matcher.h"

namespace gsh::benchmarks {

// "region-0", ... in the five bands of the samples.
matcher::Rules PlainRules(std::size_t regions);

// Most players are near one region, some near none: log-normal latencies, independent for each
// region.
struct Pool {
  Pool(std::size_t count, std::size_t regions, bool whole_ms = false);

  std::size_t count() const { return keys.size(); }
  float Best(std::size_t ticket) const;
  matcher::Tickets Tickets() const;

  std::size_t regions;
  std::vector<float> latencies;
  std::vector<std::uint64_t> keys;
};

// The same players as parties of 1 to 5, who have waited 20 s on average, with a skill.
struct RichPool : Pool {
  explicit RichPool(std::size_t count);

  matcher::Tickets Tickets() const;

  std::vector<float> waits_s;
  std::vector<std::uint16_t> party_sizes;
  std::vector<float> skills;
};

// 5 against 5; latency limit and spread widen with the wait.
matcher::Rules RichRules(matcher::Order order);

// Seconds that std::sort takes for the pairs (best latency, index) of the pool; shuffled anew each
// time: a short input in one order would be learnt by the branch predictor.
double TimeOfStdSort(const Pool& pool, std::mt19937_64& rng);

// Bytes that the result occupies.
std::size_t BytesOf(const matcher::Result& result);

}  // namespace gsh::benchmarks

#endif  // GSH_BENCHMARKS_MATCHER_POOLS_H_
