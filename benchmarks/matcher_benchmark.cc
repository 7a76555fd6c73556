// The matcher against std::sort of the same latencies and against the sample's way, all in one run.
#include <benchmark/benchmark.h>

#include <algorithm>
#include <random>
#include <utility>
#include <vector>

#include "benchmarks/sample_matcher.h"
#include "benchmarks/statistics.h"
#include "gsh/matcher/matcher.h"

namespace gsh::benchmarks {
namespace {

const matcher::Rules& TwoRegions() {
  static const matcher::Rules kRules{.regions = {"us-east-1", "us-east-2"},
                                     .band_bounds_ms = {0, 25, 50, 74, 100, 9999}};
  return kRules;
}

// Two regions; most players are near one of them, some near none.
struct Pool {
  explicit Pool(std::size_t count) {
    std::mt19937_64 rng(count);
    std::lognormal_distribution<double> latency(3.6, 0.7);
    for (std::size_t ticket = 0; ticket < count; ++ticket) {
      for (int region = 0; region < 2; ++region) {
        latencies.push_back(static_cast<float>(std::min(latency(rng), 9000.0)));
      }
      keys.push_back(rng());
    }
  }
  std::size_t count() const { return keys.size(); }
  matcher::Tickets Tickets() const {
    return {.count = count(), .latency_ms = latencies, .key = keys};
  }
  float Best(std::size_t ticket) const {
    return std::min(latencies[2 * ticket], latencies[2 * ticket + 1]);
  }

  std::vector<float> latencies;
  std::vector<std::uint64_t> keys;
};

// Shuffled anew each time: a short input in one order would be learnt by the branch predictor.
double TimeOfStdSort(const Pool& pool, std::mt19937_64& rng) {
  std::vector<std::pair<float, std::uint32_t>> best;
  best.reserve(pool.count());
  for (std::uint32_t ticket = 0; ticket < pool.count(); ++ticket) {
    best.emplace_back(pool.Best(ticket), ticket);
  }
  std::shuffle(best.begin(), best.end(), rng);
  return TimeOf([&] {
    std::sort(best.begin(), best.end());
    benchmark::DoNotOptimize(best.data());
  });
}

double TimeOfSample(std::size_t count) {
  const Pool pool(count);
  std::vector<SampleTicket> tickets;
  for (std::size_t i = 0; i < count; ++i) {
    const bool first = pool.latencies[2 * i] <= pool.latencies[2 * i + 1];
    tickets.push_back({.id = "ticket-" + std::to_string(i),
                       .double_args = {{"latency-us-east-1", pool.latencies[2 * i]},
                                       {"latency-us-east-2", pool.latencies[2 * i + 1]}},
                       .string_args = {{"region", first ? "us-east-1" : "us-east-2"}}});
  }
  return TimeOf([&] {
    const auto matches = MatchAsTheSampleDoes(tickets);
    benchmark::DoNotOptimize(matches.data());
  });
}

// Counters: ns_per_ticket; vs_std_sort, the median over the iterations of this time / std::sort's
// of the pairs (best latency, index) right after it; vs_sample, the sample's time a ticket (at most
// 100,000 of them) / this one.
void MatcherJoint(benchmark::State& state) {
  const Pool pool(static_cast<std::size_t>(state.range(0)));
  std::mt19937_64 rng(1);
  std::vector<double> seconds;
  std::vector<double> ratios;
  for (auto _ : state) {
    seconds.push_back(TimeOf([&] {
      auto result = matcher::MatchTickets(pool.Tickets(), TwoRegions());
      if (!result.ok()) state.SkipWithError(result.status().message().c_str());
      benchmark::DoNotOptimize(result);
    }));
    state.SetIterationTime(seconds.back());
    ratios.push_back(seconds.back() / TimeOfStdSort(pool, rng));
  }
  if (seconds.empty()) return;
  const std::size_t sample_count = std::min<std::size_t>(pool.count(), 100'000);
  const double a_ticket = Median(seconds) / static_cast<double>(pool.count());
  const double sample_a_ticket = TimeOfSample(sample_count) / static_cast<double>(sample_count);
  state.counters["ns_per_ticket"] = a_ticket * 1e9;
  state.counters["vs_std_sort"] = Median(ratios);
  state.counters["vs_sample"] = sample_a_ticket / a_ticket;
}
BENCHMARK(MatcherJoint)
    ->Arg(1'000)
    ->Arg(100'000)
    ->Arg(1'000'000)
    ->UseManualTime()
    ->Unit(benchmark::kMicrosecond);

}  // namespace
}  // namespace gsh::benchmarks
