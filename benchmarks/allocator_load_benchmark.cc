// AllocatorLoad: what agones::Allocator costs over bare calls of the generated stub, with the same
// message over one kept channel, and how long an allocation takes when an endpoint dies.
#include <benchmark/benchmark.h>

#include <chrono>
#include <cstddef>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "benchmarks/in_flight.h"
#include "benchmarks/rsa_allocator.h"
#include "benchmarks/statistics.h"
#include "gsh/agones/allocator.h"
#include "gsh/executor.h"
#include "src/agones/wire/allocation_convert.h"
#include "src/proto/agones.h"
#include "src/rpc/tls_credentials.h"
#include "src/testing/sandbox/agones/agones.h"

namespace gsh::benchmarks {
namespace {

constexpr std::size_t kInFlight = 16;
constexpr std::size_t kCalls = 8'000;
constexpr int kRounds = 5;

const agones::AllocationRequest kRequest = {
    .selectors = {{.match_labels = {{"region", "us-east-1"}}}}};

double MillisecondsSince(std::chrono::steady_clock::time_point begin) {
  return std::chrono::duration<double, std::milli>(std::chrono::steady_clock::now() - begin)
      .count();
}

// Each call's latency in milliseconds goes to its place in `latencies`.
Status CallAllocator(agones::Allocator& allocator, std::vector<double>& latencies) {
  return InFlight::Run(latencies.size(), kInFlight, [&](std::size_t i, InFlight::Done done) {
    const auto begin = std::chrono::steady_clock::now();
    allocator.AllocateAsync(
        kRequest, {.executor = InlineExecutor()},
        [&latencies, i, begin, done = std::move(done)](const StatusOr<agones::Allocation>& taken) {
          latencies[i] = MillisecondsSince(begin);
          done(taken.status());
        });
  });
}

Status CallStub(wire_allocation::AllocationService::Stub& stub) {
  struct Call {
    grpc::ClientContext context;
    wire_allocation::AllocationResponse response;
  };
  const wire_allocation::AllocationRequest request = agones::ToWire(kRequest);
  return InFlight::Run(kCalls, kInFlight, [&](std::size_t, InFlight::Done done) {
    auto call = std::make_shared<Call>();
    stub.async()->Allocate(&call->context, &request, &call->response,
                           [call, done = std::move(done)](const grpc::Status& status) {
                             done(status.ok() ? OkStatus() : UnknownError(status.error_message()));
                           });
  });
}

struct LoadFigures {
  std::vector<double> rates;
  std::vector<double> bare_rates;
  std::vector<double> latencies;
};

StatusOr<LoadFigures> MeasureLoad(const RsaAllocator& server) {
  const auto allocator = agones::MakeAllocator(
      {.client = {.endpoint = server.endpoint(), .tls = server.client_tls()}});
  if (!allocator.ok()) return allocator.status();
  const auto credentials = rpc::LoadClientCredentials(server.client_tls());
  if (!credentials.ok()) return credentials.status();
  const auto stub = wire_allocation::AllocationService::NewStub(
      grpc::CreateChannel(server.endpoint(), credentials->credentials));
  LoadFigures figures;
  std::vector<double> latencies(kCalls);
  for (int round = 0; round <= kRounds; ++round) {  // the first warms up
    Status status;
    const double bare = TimeOf([&] { status = CallStub(*stub); });
    if (!status.ok()) return status;
    const double ours = TimeOf([&] { status = CallAllocator(**allocator, latencies); });
    if (!status.ok()) return status;
    if (round == 0) continue;
    figures.bare_rates.push_back(static_cast<double>(kCalls) / bare);
    figures.rates.push_back(static_cast<double>(kCalls) / ours);
    figures.latencies.insert(figures.latencies.end(), latencies.begin(), latencies.end());
  }
  return figures;
}

// Counters: allocations_per_second, p99_ms, vs_bare_calls (rate over the bare calls' rate).
void AllocatorLoad(benchmark::State& state) {
  const auto server = RsaAllocator::Start();
  if (!server.ok()) return state.SkipWithError(server.status().ToString().c_str());
  for (auto _ : state) {
    const StatusOr<LoadFigures> figures = MeasureLoad(**server);
    if (!figures.ok()) return state.SkipWithError(figures.status().ToString().c_str());
    const double rate = Median(figures->rates);
    state.SetIterationTime(1 / rate);
    state.counters["allocations_per_second"] = rate;
    state.counters["p99_ms"] = Percentile(figures->latencies, 0.99);
    state.counters["vs_bare_calls"] = rate / Median(figures->bare_rates);
  }
}
// The time shown is that of one allocation.
BENCHMARK(AllocatorLoad)->UseManualTime()->Iterations(1)->Unit(benchmark::kMicrosecond);

StatusOr<std::unique_ptr<sandbox::Agones>> StartPlain(sandbox::FaultInjector& faults) {
  sandbox::FleetOptions fleet{.name = "fleet", .replicas = 200};
  fleet.server.labels = {{"region", "us-east-1"}};
  fleet.server.health.disabled = true;
  return sandbox::Agones::Start(
      {.batch_wait = Duration{0},
       .fleets = {std::move(fleet)},
       .node = {.side_cars = false, .clock = &SystemClock(), .rng = &SystemRng()}},
      faults);
}

std::string EndpointOf(const sandbox::Agones& agones) {
  return "127.0.0.1:" + std::to_string(agones.allocator_port());
}

// Counters: first_ms, the first allocation after one of two endpoints has died; worst_ms, the worst
// of a hundred; usual_ms, the median before.
void AllocatorFailover(benchmark::State& state) {
  for (auto _ : state) {
    sandbox::FaultInjector faults;
    auto first = StartPlain(faults);
    auto second = StartPlain(faults);
    if (!first.ok() || !second.ok()) return state.SkipWithError("no allocator");
    const auto allocator =
        agones::MakeAllocator({.client = {.tls = {.insecure = true}},
                               .endpoints = {EndpointOf(**first), EndpointOf(**second)}});
    if (!allocator.ok()) return state.SkipWithError(allocator.status().ToString().c_str());
    const auto measure = [&](std::vector<double>& latencies) {
      for (double& latency : latencies) {
        const auto begin = std::chrono::steady_clock::now();
        if (!(*allocator)->Allocate(kRequest).ok()) return false;
        latency = MillisecondsSince(begin);
      }
      return true;
    };
    std::vector<double> before(100);
    std::vector<double> after(100);
    if (!measure(before)) return state.SkipWithError("an allocation failed");
    first->reset();
    if (!measure(after)) return state.SkipWithError("an allocation was lost");
    state.SetIterationTime(after.front() / 1000);
    state.counters["usual_ms"] = Median(before);
    state.counters["first_ms"] = after.front();
    state.counters["worst_ms"] = Percentile(after, 1);
  }
}
BENCHMARK(AllocatorFailover)->UseManualTime()->Iterations(1)->Unit(benchmark::kMillisecond);

}  // namespace
}  // namespace gsh::benchmarks
