// DirectorAllocation: game servers for 2,000 matches from an allocator with its real batch window,
// by gsh::director, against one allocation after the other in each of ten profiles, as the samples'
// director does it.
#include <benchmark/benchmark.h>

#include <atomic>
#include <cstddef>
#include <memory>
#include <string>
#include <thread>
#include <vector>

#include "benchmarks/engines.h"
#include "benchmarks/ready_backend.h"
#include "benchmarks/statistics.h"
#include "gsh/agones/allocator.h"
#include "gsh/director/director.h"

namespace gsh::benchmarks {
namespace {

constexpr std::size_t kMatches = 2'000;
constexpr std::size_t kProfiles = 10;
constexpr std::size_t kSerialMatches = 200;

// Matches a second.
StatusOr<double> DirectorRate(agones::Allocator& allocator) {
  ReadyBackend backend(kMatches);
  auto director = director::Director::Make({.backend = &backend,
                                            .allocator = &allocator,
                                            .function = {.host = "match-function"},
                                            .regions = Regions(),
                                            .profile_mode = director::ProfileMode::kJoint});
  if (!director.ok()) return director.status();
  StatusOr<director::RoundReport> report = director::RoundReport{};
  const double seconds = TimeOf([&] { report = (*director)->RunRound(); });
  if (!report.ok()) return report.status();
  if (report->assigned_matches != kMatches) {
    return UnavailableError("only " + std::to_string(report->assigned_matches) +
                            " matches got a server");
  }
  return static_cast<double>(kMatches) / seconds;
}

StatusOr<double> SerialRate(agones::Allocator& allocator) {
  std::atomic<std::size_t> failed{0};
  const auto profile = [&](std::size_t number) {
    const agones::AllocationRequest request{
        .selectors = {{.match_labels = {{"region", Regions()[number % Regions().size()]}}}}};
    for (std::size_t i = 0; i < kSerialMatches / kProfiles; ++i) {
      if (!allocator.Allocate(request).ok()) ++failed;
    }
  };
  const double seconds = TimeOf([&] {
    std::vector<std::jthread> profiles;
    for (std::size_t number = 0; number < kProfiles; ++number)
      profiles.emplace_back(profile, number);
  });
  if (failed > 0) return UnavailableError(std::to_string(failed) + " allocations failed");
  return static_cast<double>(kSerialMatches) / seconds;
}

// Counters: ratio, director_per_second / serial_per_second.
void DirectorAllocation(benchmark::State& state) {
  for (auto _ : state) {
    const StatusOr<Engines> engines = StartSandbox(kMatches / 2 + kSerialMatches);
    if (!engines.ok()) return state.SkipWithError(engines.status().ToString().c_str());
    const auto allocator = agones::MakeAllocator(
        {.client = {.endpoint = engines->allocator, .tls = engines->allocator_tls}});
    if (!allocator.ok()) return state.SkipWithError(allocator.status().ToString().c_str());
    const StatusOr<double> serial = SerialRate(**allocator);
    if (!serial.ok()) return state.SkipWithError(serial.status().ToString().c_str());
    const StatusOr<double> director = DirectorRate(**allocator);
    if (!director.ok()) return state.SkipWithError(director.status().ToString().c_str());
    state.SetIterationTime(static_cast<double>(kMatches) / *director);
    state.counters["ratio"] = *director / *serial;
    state.counters["director_per_second"] = *director;
    state.counters["serial_per_second"] = *serial;
  }
}
// The time shown is the director's, for all its matches.
BENCHMARK(DirectorAllocation)->UseManualTime()->Iterations(1)->Unit(benchmark::kMillisecond);

}  // namespace
}  // namespace gsh::benchmarks
