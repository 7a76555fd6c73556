// Load: many allocations at a rate, what they took, and all servers handed back.
#ifndef GSH_SRC_PROBE_LOAD_H_
#define GSH_SRC_PROBE_LOAD_H_

#include <chrono>
#include <cstddef>
#include <map>
#include <stop_token>
#include <string>
#include <vector>

#include "gsh/agones/allocator.h"
#include "gsh/clock.h"
#include "gsh/rng.h"

namespace gsh::probe {

struct LoadOptions {
  agones::AllocationRequest request = {};  // each call gets an identity of its own
  std::size_t count = 100;
  double rate = 0;  // calls a second; 0: the next as soon as one has ended
  std::size_t in_flight = 16;
  Duration timeout = std::chrono::seconds(30);  // of each call
  bool keep = false;                            // hands no server back
  Clock* clock = nullptr;                       // required
  Rng* rng = nullptr;                           // required
  std::stop_token stop = {};                    // begins no more calls
};

struct LoadReport {
  std::size_t taken = 0;
  std::map<std::string, std::size_t> failures = {};  // by code, "RESOURCE_EXHAUSTED"
  std::vector<Duration> latencies = {};  // of all answers, sorted; from when they were due
  Duration elapsed{0};                   // of the allocations
  std::size_t handed_back = 0;
  std::size_t not_handed_back = 0;

  // The smallest latency that `share` (0..1] of them do not exceed; 0 if there are none.
  Duration Percentile(double share) const;
};

// Blocks until every call has ended. Servers are handed back by their identity (see
// gsh/agones/allocation_identity.h): those that watch for it shut down.
LoadReport RunLoad(agones::Allocator& allocator, const LoadOptions& options);

std::string ToText(const LoadReport& report);  // lines for people
std::string ToJson(const LoadReport& report);  // one line

}  // namespace gsh::probe

#endif  // GSH_SRC_PROBE_LOAD_H_
