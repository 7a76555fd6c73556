// EndpointBoard: what is known of each endpoint, and which of them the next call should go to.
#ifndef GSH_SRC_AGONES_FAILOVER_ENDPOINT_BOARD_H_
#define GSH_SRC_AGONES_FAILOVER_ENDPOINT_BOARD_H_

#include <cstddef>
#include <mutex>
#include <optional>
#include <vector>

#include "gsh/agones/failover_options.h"
#include "gsh/clock.h"
#include "src/agones/failover/circuit_breaker.h"

namespace gsh::agones {

// May be used from several threads. Time is told to it.
class EndpointBoard {
 public:
  EndpointBoard(std::size_t endpoints, const FailoverOptions& options);

  // A call to an endpoint, from Choose to Report.
  struct Pick {
    std::size_t endpoint = 0;
    bool probe = false;
    SteadyTime begun = {};
  };
  // In this order: an endpoint that awaits its probe; of the closed ones (closed breakers, that is)
  // the one with the least to expect; of the others the one that is closed off for the shortest
  // time. Empty if all are `excluded`.
  std::optional<Pick> Choose(SteadyTime now, const std::vector<bool>& excluded);

  enum class Verdict { kAnswered, kFailed, kNone };
  // Every pick ends so. Returns the breaker's state if this changed it.
  std::optional<CircuitBreaker::State> Report(const Pick& pick, Verdict verdict, SteadyTime now);

  CircuitBreaker::State StateOf(std::size_t endpoint, SteadyTime now) const;

 private:
  struct Entry {
    explicit Entry(const FailoverOptions& options) : breaker(options) {}
    CircuitBreaker breaker;
    double latency = 0;  // seconds, smoothed; 0: not known
    SteadyTime measured = {};
    int in_flight = 0;
  };

  // How much of what was measured so long ago still counts, 0..1.
  double Remembered(const Entry& entry, SteadyTime now) const;
  // The latency to expect, in seconds: what was measured, times the calls that would be in flight.
  // An idle endpoint is thought of better and better as its latency is forgotten, so that it gets a
  // call, but only one until that is answered.
  double CostOf(const Entry& entry, SteadyTime now) const;
  bool IsBetter(const Entry& entry, const Entry& than, SteadyTime now) const;
  void Measure(Entry& entry, Duration latency, SteadyTime now);

  const double memory_seconds_;
  mutable std::mutex mutex_;
  std::vector<Entry> entries_;
};

}  // namespace gsh::agones

#endif  // GSH_SRC_AGONES_FAILOVER_ENDPOINT_BOARD_H_
