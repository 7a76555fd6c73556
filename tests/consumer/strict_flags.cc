// A program without exceptions and run-time type information: it implements a port of libgsh, runs
// callbacks from its own loop, matches tickets, and reads the error of a call that cannot succeed.
#include <memory>
#include <string>
#include <thread>
#include <utility>

#include "check.h"
#include "gsh/agones/allocator.h"
#include "gsh/executor.h"
#include "gsh/matcher/matcher.h"
#include "gsh/openmatch/frontend.h"
#include "gsh/testing/fakes.h"
#include "gsh/testing/manual_clock.h"
#include "gsh/version.h"

namespace {

class OneServer final : public gsh::agones::Allocator {
 public:
  void AllocateAsync(gsh::agones::AllocationRequest, gsh::CallOptions,
                     std::function<void(gsh::StatusOr<gsh::agones::Allocation>)> done) override {
    done(gsh::agones::Allocation{
        .game_server = "g1", .ports = {{.name = "default", .port = 7000}}, .address = "10.0.0.1"});
  }
};

void ImplementPort() {
  OneServer allocator;
  const auto allocation = VALUE(allocator.Allocate({}));
  CHECK(VALUE(gsh::agones::ConnectionOf(allocation)) == "10.0.0.1:7000");
}

void MatchPlayers() {
  const float latencies[] = {10, 90, 11, 91, 80, 12, 81, 13};  // four players, two regions
  const auto result = VALUE(gsh::matcher::MatchTickets(
      {.count = 4, .latency_ms = latencies},
      {.regions = {"a", "b"}, .band_bounds_ms = {0, 1000}, .match_size = 2}));
  CHECK(result.matches.size() == 2);
}

// Port 1 of the loopback refuses; the answer comes when this thread asks for it.
void CallFromOwnLoop() {
  const auto executor = std::make_shared<gsh::ManualExecutor>();
  const auto frontend = VALUE(gsh::openmatch::MakeFrontend({.client = {.endpoint = "127.0.0.1:1",
                                                                       .tls = {.insecure = true},
                                                                       .retry = {.max_attempts = 1},
                                                                       .executor = executor}}));
  gsh::Status status;
  frontend->DeleteTicketAsync("t", {.timeout = std::chrono::seconds(20)},
                              [&](gsh::Status result) { status = std::move(result); });
  while (status.ok()) {
    if (executor->RunPending() == 0) std::this_thread::yield();
  }
  CHECK(status.code() == gsh::StatusCode::kUnavailable);
  CHECK(status.info() != nullptr && status.info()->operation == "DeleteTicket");
}

void TurnClock() {
  gsh::testing::ManualClock clock;
  bool rang = false;
  clock.RunAt(clock.SteadyNow() + std::chrono::hours(1), [&] { rang = true; });
  clock.Advance(std::chrono::hours(2));
  CHECK(rang);
}

}  // namespace

int main() {
  const std::string compiled = std::to_string(GSH_VERSION_MAJOR) + "." +
                               std::to_string(GSH_VERSION_MINOR) + "." +
                               std::to_string(GSH_VERSION_PATCH);
  CHECK(gsh::Version() == compiled);
  ImplementPort();
  MatchPlayers();
  CallFromOwnLoop();
  TurnClock();
  std::puts("no exceptions, no RTTI");
}
