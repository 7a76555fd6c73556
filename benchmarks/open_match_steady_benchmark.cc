// OpenMatchSteady: how long players wait between the creation of their ticket and the assignment
// that they see, the director with its default options.
//
// By default on a sandbox. The same load on other engines, or under another director and match
// function:
//   GSH_BENCH_FRONTEND=127.0.0.1:50504 GSH_BENCH_TLS_DIR=tls GSH_BENCH_BURST=800
//       gsh-benchmarks --benchmark_filter=OpenMatchSteady
// only plays the players; with GSH_BENCH_BACKEND, GSH_BENCH_QUERY and GSH_BENCH_ALLOCATOR as well
// our director and match function run in this process. See engines.h for all addresses, and:
//   GSH_BENCH_RATE      tickets a second (1000)
//   GSH_BENCH_SECONDS   for how long (10)
//   GSH_BENCH_BURST     instead: so many players at once
//   GSH_BENCH_PATIENCE  how long the last player waits, in seconds (10; on other engines 60)
#include <benchmark/benchmark.h>

#include <algorithm>
#include <chrono>
#include <cstddef>
#include <memory>
#include <utility>

#include "benchmarks/engines.h"
#include "benchmarks/matchmaking.h"
#include "benchmarks/players.h"
#include "benchmarks/statistics.h"
#include "gsh/openmatch/frontend.h"

namespace gsh::benchmarks {
namespace {

constexpr std::size_t kMatchSize = 4;

struct Load {
  std::size_t players;
  double rate;  // 0: at once
};

Load LoadFromEnvironment() {
  const double burst = FromEnvironment("GSH_BENCH_BURST", 0);
  if (burst > 0) return {.players = static_cast<std::size_t>(burst), .rate = 0};
  const double rate = FromEnvironment("GSH_BENCH_RATE", 1000);
  const double seconds = FromEnvironment("GSH_BENCH_SECONDS", 10);
  return {.players = static_cast<std::size_t>(rate * seconds), .rate = rate};
}

StatusOr<PlayersResult> Run(const Load& load) {
  // All matches may be in one region.
  StatusOr<Engines> engines = StartEngines(static_cast<int>(load.players / kMatchSize + 8));
  if (!engines.ok()) return engines.status();
  std::unique_ptr<Matchmaking> matchmaking;
  if (!engines->director_elsewhere()) {
    auto made = Matchmaking::Make(*engines);
    if (!made.ok()) return made.status();
    matchmaking = *std::move(made);
    matchmaking->Start();
  }
  auto frontend = openmatch::MakeFrontend(
      {.client = {.endpoint = engines->frontend, .tls = engines->open_match_tls}});
  if (!frontend.ok()) return frontend.status();
  const double patience =
      FromEnvironment("GSH_BENCH_PATIENCE", engines->sandbox == nullptr ? 60.0 : 10.0);
  return Play(**frontend, MakeTickets(load.players, load.players), load.rate,
              std::chrono::duration_cast<Duration>(std::chrono::duration<double>(patience)));
}

// Counters: p50_ms and p99_ms of the waits; spread_ms, the mean of the matches' spreads; left_over,
// players without assignment; failed, players whose calls failed.
void OpenMatchSteady(benchmark::State& state) {
  const Load load = LoadFromEnvironment();
  for (auto _ : state) {
    const StatusOr<PlayersResult> result = Run(load);
    if (!result.ok()) return state.SkipWithError(result.status().ToString().c_str());
    state.SetIterationTime(Percentile(result->waits_ms, 1) / 1000);
    state.counters["players"] = static_cast<double>(load.players);
    state.counters["p50_ms"] = Median(result->waits_ms);
    state.counters["p99_ms"] = Percentile(result->waits_ms, 0.99);
    state.counters["spread_ms"] = Mean(result->spreads_ms);
    state.counters["spread_p99_ms"] = Percentile(result->spreads_ms, 0.99);
    state.counters["matches"] = static_cast<double>(result->spreads_ms.size());
    state.counters["left_over"] = static_cast<double>(result->left_over);
    state.counters["failed"] = static_cast<double>(result->failed);
  }
}
// The time shown is the longest wait.
BENCHMARK(OpenMatchSteady)->UseManualTime()->Iterations(1)->Unit(benchmark::kMillisecond);

}  // namespace
}  // namespace gsh::benchmarks
