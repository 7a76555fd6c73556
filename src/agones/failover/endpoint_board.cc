#include "src/agones/failover/endpoint_board.h"

#include <chrono>
#include <cmath>
#include <limits>

namespace gsh::agones {
namespace {

using State = CircuitBreaker::State;

double Seconds(Duration duration) { return std::chrono::duration<double>(duration).count(); }

// The lower, the sooner it is chosen.
int RankOf(const CircuitBreaker& breaker, SteadyTime now) {
  if (breaker.AwaitsProbe(now)) return 0;
  return breaker.StateAt(now) == State::kClosed ? 1 : 2;
}

}  // namespace

EndpointBoard::EndpointBoard(std::size_t endpoints, const FailoverOptions& options)
    : memory_seconds_(Seconds(options.latency_memory)), entries_(endpoints, Entry(options)) {}

double EndpointBoard::Remembered(const Entry& entry, SteadyTime now) const {
  return std::exp(-Seconds(now - entry.measured) / memory_seconds_);
}

double EndpointBoard::CostOf(const Entry& entry, SteadyTime now) const {
  if (entry.in_flight == 0) return entry.latency * Remembered(entry, now);
  if (entry.latency == 0) return std::numeric_limits<double>::infinity();
  return entry.latency * (entry.in_flight + 1);
}

bool EndpointBoard::IsBetter(const Entry& entry, const Entry& than, SteadyTime now) const {
  const int rank = RankOf(entry.breaker, now);
  const int other = RankOf(than.breaker, now);
  if (rank != other) return rank < other;
  if (rank == 2) return entry.breaker.open_until() < than.breaker.open_until();
  const double cost = CostOf(entry, now);
  const double other_cost = CostOf(than, now);
  return cost != other_cost ? cost < other_cost : entry.in_flight < than.in_flight;
}

std::optional<EndpointBoard::Pick> EndpointBoard::Choose(SteadyTime now,
                                                         const std::vector<bool>& excluded) {
  std::lock_guard lock(mutex_);
  std::optional<std::size_t> best;
  for (std::size_t i = 0; i < entries_.size(); ++i) {
    if (excluded[i]) continue;
    if (!best || IsBetter(entries_[i], entries_[*best], now)) best = i;
  }
  if (!best) return std::nullopt;
  Entry& chosen = entries_[*best];
  const bool probe = chosen.breaker.AwaitsProbe(now);
  if (probe) chosen.breaker.BeginProbe();
  ++chosen.in_flight;
  return Pick{.endpoint = *best, .probe = probe, .begun = now};
}

std::optional<State> EndpointBoard::Report(const Pick& pick, Verdict verdict, SteadyTime now) {
  std::lock_guard lock(mutex_);
  Entry& entry = entries_[pick.endpoint];
  --entry.in_flight;
  const State before = entry.breaker.StateAt(now);
  switch (verdict) {
    case Verdict::kAnswered:
      entry.breaker.Succeed();
      Measure(entry, now - pick.begun, now);
      break;
    case Verdict::kFailed:
      entry.breaker.Fail(now, pick.probe);
      break;
    case Verdict::kNone:
      entry.breaker.Forget(pick.probe);
      break;
  }
  const State after = entry.breaker.StateAt(now);
  if (after == before) return std::nullopt;
  return after;
}

// A rise counts at once, a fall as what was known is forgotten.
void EndpointBoard::Measure(Entry& entry, Duration latency, SteadyTime now) {
  const double seconds = Seconds(latency);
  const double kept = Remembered(entry, now);
  entry.latency =
      seconds > entry.latency * kept ? seconds : entry.latency * kept + seconds * (1 - kept);
  entry.measured = now;
}

State EndpointBoard::StateOf(std::size_t endpoint, SteadyTime now) const {
  std::lock_guard lock(mutex_);
  return entries_[endpoint].breaker.StateAt(now);
}

}  // namespace gsh::agones
