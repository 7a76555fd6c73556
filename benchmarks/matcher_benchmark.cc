// The matcher against std::sort of the same tickets' best latencies and against the sample's way,
// all in one run.
#include <benchmark/benchmark.h>

#include <algorithm>
#include <random>
#include <string>
#include <vector>

#include "benchmarks/allocation_peak.h"
#include "benchmarks/matcher_pools.h"
#include "benchmarks/sample_matcher.h"
#include "benchmarks/statistics.h"
#include "gsh/matcher/matcher.h"

namespace gsh::benchmarks {
namespace {

double TimeOfMatching(const matcher::Tickets& tickets, const matcher::Rules& rules,
                      benchmark::State& state, int threads = 1) {
  return TimeOf([&] {
    auto result = matcher::MatchTickets(tickets, rules, {.threads = threads});
    if (!result.ok()) state.SkipWithError(result.status().message().c_str());
    benchmark::DoNotOptimize(result);
  });
}

// Beyond the input and the result, at the most.
double BytesATicket(const matcher::Tickets& tickets, const matcher::Rules& rules) {
  const AllocationPeak peak;
  const auto result = matcher::MatchTickets(tickets, rules);
  return static_cast<double>(peak.bytes() - BytesOf(*result)) / static_cast<double>(tickets.count);
}

// Counters: ns_per_ticket; vs_std_sort, the median over the iterations of this time / std::sort's
// right after it; bytes_per_ticket, see above.
double CountAll(const Pool& pool, const matcher::Tickets& tickets, const matcher::Rules& rules,
                benchmark::State& state) {
  std::mt19937_64 rng(1);
  std::vector<double> seconds;
  std::vector<double> ratios;
  for (auto _ : state) {
    seconds.push_back(TimeOfMatching(tickets, rules, state));
    state.SetIterationTime(seconds.back());
    ratios.push_back(seconds.back() / TimeOfStdSort(pool, rng));
  }
  if (seconds.empty()) return 0;
  const double a_ticket = Median(seconds) / static_cast<double>(tickets.count);
  state.counters["ns_per_ticket"] = a_ticket * 1e9;
  state.counters["vs_std_sort"] = Median(ratios);
  state.counters["bytes_per_ticket"] = BytesATicket(tickets, rules);
  return a_ticket;
}

double TimeOfSample(std::size_t count) {
  const Pool pool(count, 2);
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

// Also vs_sample: the sample's time a ticket, on at most 100,000 of them / this one.
void MatcherJoint(benchmark::State& state) {
  const Pool pool(static_cast<std::size_t>(state.range(0)), 2);
  const double a_ticket = CountAll(pool, pool.Tickets(), PlainRules(2), state);
  if (a_ticket == 0) return;
  const std::size_t sample_count = std::min<std::size_t>(pool.count(), 100'000);
  const double sample_a_ticket = TimeOfSample(sample_count) / static_cast<double>(sample_count);
  state.counters["vs_sample"] = sample_a_ticket / a_ticket;
}
BENCHMARK(MatcherJoint)
    ->Arg(1'000)
    ->Arg(100'000)
    ->Arg(1'000'000)
    ->Arg(10'000'000)
    ->UseManualTime()
    ->Unit(benchmark::kMicrosecond);

void MatcherJoint8(benchmark::State& state) {
  const Pool pool(static_cast<std::size_t>(state.range(0)), 8);
  CountAll(pool, pool.Tickets(), PlainRules(8), state);
}
BENCHMARK(MatcherJoint8)->Arg(1'000'000)->UseManualTime()->Unit(benchmark::kMicrosecond);

// Latencies in whole milliseconds, with their many ties. Counter vs_continuous: the median of this
// time / that of continuous latencies right after it.
void MatcherJointWholeMs(benchmark::State& state) {
  const auto count = static_cast<std::size_t>(state.range(0));
  const Pool pool(count, 2, true);
  const Pool continuous(count, 2);
  const matcher::Rules rules = PlainRules(2);
  std::vector<double> ratios;
  for (auto _ : state) {
    const double seconds = TimeOfMatching(pool.Tickets(), rules, state);
    state.SetIterationTime(seconds);
    ratios.push_back(seconds / TimeOfMatching(continuous.Tickets(), rules, state));
  }
  state.counters["vs_continuous"] = Median(ratios);
}
BENCHMARK(MatcherJointWholeMs)->Arg(1'000'000)->UseManualTime()->Unit(benchmark::kMicrosecond);

// Counter speedup: the median of one thread's time / that of two right after it.
void CountSpeedup(const matcher::Tickets& tickets, const matcher::Rules& rules,
                  benchmark::State& state) {
  std::vector<double> ratios;
  for (auto _ : state) {
    const double one = TimeOfMatching(tickets, rules, state, 1);
    const double two = TimeOfMatching(tickets, rules, state, 2);
    state.SetIterationTime(two);
    ratios.push_back(one / two);
  }
  state.counters["speedup"] = Median(ratios);
}

void MatcherJointThreads(benchmark::State& state) {
  const Pool pool(static_cast<std::size_t>(state.range(0)), 2);
  CountSpeedup(pool.Tickets(), PlainRules(2), state);
}
BENCHMARK(MatcherJointThreads)->Arg(1'000'000)->UseManualTime()->Unit(benchmark::kMicrosecond);

void MatcherRich(benchmark::State& state) {
  const RichPool pool(static_cast<std::size_t>(state.range(0)));
  CountAll(pool, pool.Tickets(), RichRules(matcher::Order::kBestQuality), state);
}
BENCHMARK(MatcherRich)
    ->Arg(1'000)
    ->Arg(1'000'000)
    ->Arg(10'000'000)
    ->UseManualTime()
    ->Unit(benchmark::kMicrosecond);

// The same with turns by waiting time, which come from all over the tickets' memory.
void MatcherRichOldestFirst(benchmark::State& state) {
  const RichPool pool(static_cast<std::size_t>(state.range(0)));
  CountAll(pool, pool.Tickets(), RichRules(matcher::Order::kOldestFirst), state);
}
BENCHMARK(MatcherRichOldestFirst)
    ->Arg(1'000'000)
    ->Arg(10'000'000)
    ->UseManualTime()
    ->Unit(benchmark::kMicrosecond);

void MatcherRichThreads(benchmark::State& state) {
  const RichPool pool(static_cast<std::size_t>(state.range(0)));
  CountSpeedup(pool.Tickets(), RichRules(matcher::Order::kOldestFirst), state);
}
BENCHMARK(MatcherRichThreads)->Arg(1'000'000)->UseManualTime()->Unit(benchmark::kMicrosecond);

}  // namespace
}  // namespace gsh::benchmarks
