// OpenMatchRound: 100,000 tickets created, matched in one round of the joint profile and assigned,
// over TLS sockets, against as many calls to a frontend that does nothing.
#include <benchmark/benchmark.h>

#include <atomic>
#include <cstddef>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "benchmarks/bare_frontend.h"
#include "benchmarks/engines.h"
#include "benchmarks/in_flight.h"
#include "benchmarks/matchmaking.h"
#include "benchmarks/players.h"
#include "benchmarks/statistics.h"
#include "gsh/openmatch/frontend.h"

namespace gsh::benchmarks {
namespace {

constexpr std::size_t kTickets = 100'000;
constexpr std::size_t kCallers = 64;

// A server for everybody, at once: allocation is measured elsewhere.
class InstantAllocator final : public agones::Allocator {
 public:
  void AllocateAsync(agones::AllocationRequest request, CallOptions,
                     std::function<void(StatusOr<agones::Allocation>)> done) override {
    const std::size_t number = count_++;
    done(agones::Allocation{.game_server = "server-" + std::to_string(number),
                            .ports = {{"default", static_cast<int>(7000 + number % 50'000)}},
                            .address = "10.0.0.1",
                            .labels = std::move(request.labels)});
  }

 private:
  std::atomic<std::size_t> count_{0};
};

struct Times {
  // Wall time and processor time of the process, in seconds.
  Cost bare;
  Cost create;
  Cost round;
  director::RoundReport report = {};
};

// Creates the tickets, kCallers at a time.
StatusOr<Cost> Create(const std::string& endpoint, const TlsOptions& tls,
                      std::vector<openmatch::Ticket> tickets) {
  auto frontend = openmatch::MakeFrontend({.client = {.endpoint = endpoint, .tls = tls}});
  if (!frontend.ok()) return frontend.status();
  Status status;
  const Cost cost = CostOf([&] {
    status = InFlight::Run(tickets.size(), kCallers, [&](std::size_t i, InFlight::Done done) {
      (*frontend)->CreateTicketAsync(std::move(tickets[i]), {.executor = InlineExecutor()},
                                     [done = std::move(done)](StatusOr<openmatch::Ticket> created) {
                                       done(created.status());
                                     });
    });
  });
  if (!status.ok()) return status;
  return cost;
}

StatusOr<Times> RunOnce() {
  StatusOr<Engines> engines = StartSandbox(0);
  if (!engines.ok()) return engines.status();
  const TlsOptions& tls = engines->open_match_tls;
  InstantAllocator allocator;
  auto matchmaking = Matchmaking::Make(
      *engines, {.allocator = &allocator, .profile_mode = director::ProfileMode::kJoint});
  if (!matchmaking.ok()) return matchmaking.status();
  auto bare = BareFrontend::Start(tls);
  if (!bare.ok()) return bare.status();

  Times times;
  const std::vector<openmatch::Ticket> tickets = MakeTickets(kTickets, 1);
  const StatusOr<Cost> bare_time = Create((*bare)->endpoint(), tls, tickets);
  if (!bare_time.ok()) return bare_time.status();
  times.bare = *bare_time;
  const StatusOr<Cost> create_time = Create(engines->frontend, tls, tickets);
  if (!create_time.ok()) return create_time.status();
  times.create = *create_time;
  StatusOr<director::RoundReport> report = director::RoundReport{};
  times.round = CostOf([&] { report = (*matchmaking)->director().RunRound(); });
  if (!report.ok()) return report.status();
  times.report = *report;
  return times;
}

void Count(const std::string& name, const Cost& cost, benchmark::State& state) {
  state.counters[name + "_s"] = cost.time;
  state.counters[name + "_cpu_s"] = cost.processor;
}

// Counters: vs_bare_calls, the whole (create to the last assignment) / the calls to the frontend
// that does nothing; tickets_per_second of the whole; and what each part took, *_cpu_s of all
// threads together.
void OpenMatchRound(benchmark::State& state) {
  for (auto _ : state) {
    const StatusOr<Times> times = RunOnce();
    if (!times.ok()) return state.SkipWithError(times.status().ToString().c_str());
    const double whole = times->create.time + times->round.time;
    state.SetIterationTime(whole);
    state.counters["vs_bare_calls"] = whole / times->bare.time;
    state.counters["tickets_per_second"] = static_cast<double>(kTickets) / whole;
    Count("bare", times->bare, state);
    Count("create", times->create, state);
    Count("round", times->round, state);
    state.counters["left_over"] = static_cast<double>(kTickets - times->report.assigned_tickets);
  }
}
BENCHMARK(OpenMatchRound)->UseManualTime()->Iterations(1)->Unit(benchmark::kMillisecond);

}  // namespace
}  // namespace gsh::benchmarks
