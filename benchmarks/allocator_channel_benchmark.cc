// AllocatorChannel: allocations over the one channel that agones::Allocator keeps, against a
// channel of its own for each allocation, as the samples dial.
#include <benchmark/benchmark.h>

#include <atomic>
#include <cstddef>
#include <memory>
#include <mutex>
#include <string>
#include <thread>
#include <vector>

#include "benchmarks/in_flight.h"
#include "benchmarks/rsa_allocator.h"
#include "benchmarks/statistics.h"
#include "gsh/agones/allocator.h"
#include "src/proto/agones.h"
#include "src/rpc/common/pem.h"

namespace gsh::benchmarks {
namespace {

constexpr std::size_t kInFlight = 16;
constexpr std::size_t kKeptCalls = 20'000;
constexpr std::size_t kDialledCalls = 800;

// Allocations a second.
StatusOr<double> KeptRate(const RsaAllocator& server) {
  auto allocator = agones::MakeAllocator(
      {.client = {.endpoint = server.endpoint(), .tls = server.client_tls()}});
  if (!allocator.ok()) return allocator.status();
  const agones::AllocationRequest request{
      .selectors = {{.match_labels = {{"region", "us-east-1"}}}}};
  Status status;
  const double seconds = TimeOf([&] {
    status = InFlight::Run(kKeptCalls, kInFlight, [&](std::size_t, InFlight::Done done) {
      (*allocator)
          ->AllocateAsync(request, {.executor = InlineExecutor()},
                          [done = std::move(done)](StatusOr<agones::Allocation> taken) {
                            done(taken.status());
                          });
    });
  });
  if (!status.ok()) return status;
  return static_cast<double>(kKeptCalls) / seconds;
}

grpc::Status DialAndAllocate(const std::string& endpoint,
                             const grpc::SslCredentialsOptions& certificates) {
  grpc::ChannelArguments arguments;
  arguments.SetInt(GRPC_ARG_USE_LOCAL_SUBCHANNEL_POOL, 1);  // a connection of its own
  const auto stub = wire_allocation::AllocationService::NewStub(
      grpc::CreateCustomChannel(endpoint, grpc::SslCredentials(certificates), arguments));
  wire_allocation::AllocationRequest request;
  request.set_namespace_("default");
  (*request.add_gameserverselectors()->mutable_matchlabels())["region"] = "us-east-1";
  grpc::ClientContext context;
  wire_allocation::AllocationResponse response;
  return stub->Allocate(&context, request, &response);
}

StatusOr<double> DialledRate(const RsaAllocator& server) {
  const TlsOptions& tls = server.client_tls();
  const auto ca = rpc::ReadPemFile(tls.ca_file);
  if (!ca.ok()) return ca.status();
  const auto key = rpc::ReadPemFile(tls.key_file);
  if (!key.ok()) return key.status();
  const auto cert = rpc::ReadPemFile(tls.cert_file);
  if (!cert.ok()) return cert.status();
  const grpc::SslCredentialsOptions certificates{*ca, *key, *cert};
  std::atomic<std::size_t> next{0};
  std::atomic<std::size_t> failed{0};
  const double seconds = TimeOf([&] {
    std::vector<std::jthread> callers;
    for (std::size_t i = 0; i < kInFlight; ++i) {
      callers.emplace_back([&] {
        while (next++ < kDialledCalls) {
          if (!DialAndAllocate(server.endpoint(), certificates).ok()) ++failed;
        }
      });
    }
  });
  if (failed > 0) return UnavailableError(std::to_string(failed) + " dialled calls failed");
  return static_cast<double>(kDialledCalls) / seconds;
}

// Counters: ratio, kept_per_second / dialled_per_second.
void AllocatorChannel(benchmark::State& state) {
  const auto server = RsaAllocator::Start();
  if (!server.ok()) return state.SkipWithError(server.status().ToString().c_str());
  for (auto _ : state) {
    const StatusOr<double> dialled = DialledRate(**server);
    if (!dialled.ok()) return state.SkipWithError(dialled.status().ToString().c_str());
    const StatusOr<double> kept = KeptRate(**server);
    if (!kept.ok()) return state.SkipWithError(kept.status().ToString().c_str());
    state.SetIterationTime(1 / *kept);
    state.counters["ratio"] = *kept / *dialled;
    state.counters["kept_per_second"] = *kept;
    state.counters["dialled_per_second"] = *dialled;
  }
}
// The time shown is that of one allocation over the kept channel.
BENCHMARK(AllocatorChannel)->UseManualTime()->Iterations(1)->Unit(benchmark::kMicrosecond);

}  // namespace
}  // namespace gsh::benchmarks
