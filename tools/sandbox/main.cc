// gsh-sandbox: Open Match and Agones on this machine, for trying things out without a cluster.
#include <chrono>
#include <cstdint>
#include <iostream>
#include <map>
#include <string>
#include <vector>

#include "gsh/testing/sandbox.h"
#include "src/service/program.h"

namespace {

using gsh::testing::Sandbox;
using gsh::testing::SandboxGameServer;
using gsh::testing::SandboxOptions;

struct Flags {
  SandboxOptions sandbox;
  std::vector<std::string> regions = sandbox.regions;
  std::int64_t batch_wait_ms = 500;
  std::int64_t registration_window_ms = 250;
  std::int64_t proposal_window_ms = 20000;
  std::int64_t health_period = 60;
  bool no_side_cars = false;
};

void AddFlags(gsh::service::Program& program, Flags& flags) {
  program.Flag("dir", flags.sandbox.dir, "gets certificates, endpoints.json and logs")->required();
  program.Flag("regions", flags.regions, "one fleet of game servers for each")->delimiter(',');
  program.Flag("replicas", flags.sandbox.replicas,
               "game servers of a fleet, Allocated ones included");
  program.Flag("game-server", flags.sandbox.game_server,
               "command line of a game server, {port} replaced; none: no processes, always Ready");
  program.Flag("bind", flags.sandbox.bind, "IPv4 address to listen on");
  program.Switch("insecure", flags.sandbox.insecure, "plaintext everywhere");
  program.Flag("batch-wait-ms", flags.batch_wait_ms,
               "the allocator serves requests this often, 0: at once");
  program.Flag("registration-window-ms", flags.registration_window_ms,
               "how long FetchMatches calls are gathered for a cycle");
  program.Flag("proposal-window-ms", flags.proposal_window_ms,
               "how long a cycle waits for match functions");
  program.Switch("no-side-cars", flags.no_side_cars,
                 "no SDK servers: for thousands of game servers without process");
  program.Flag("player-capacity", flags.sandbox.fleet.player_capacity, "of a new game server");
  program.Flag("health-period", flags.health_period,
               "seconds in which a game server must ping; five missed: Unhealthy");
}

SandboxOptions ToOptions(Flags flags, gsh::LogSink& log) {
  using std::chrono::milliseconds;
  flags.sandbox.regions = flags.regions;
  flags.sandbox.allocation_batch_wait = milliseconds(flags.batch_wait_ms);
  flags.sandbox.open_match.registration_interval = milliseconds(flags.registration_window_ms);
  flags.sandbox.open_match.proposal_collection_interval = milliseconds(flags.proposal_window_ms);
  flags.sandbox.fleet.health_period = std::chrono::seconds(flags.health_period);
  flags.sandbox.fleet.side_cars = !flags.no_side_cars;
  flags.sandbox.log = &log;
  return std::move(flags.sandbox);
}

// Has every fleet had all its replicas up?
bool AllReady(const std::vector<SandboxGameServer>& servers, const SandboxOptions& options) {
  std::map<std::string, int> ready;
  for (const SandboxGameServer& server : servers) {
    if (server.state == "Ready" || server.state == "Allocated" || server.state == "Reserved") {
      ++ready[server.fleet];
    }
  }
  int complete = 0;
  for (const auto& [fleet, count] : ready) complete += count >= options.replicas ? 1 : 0;
  return options.replicas == 0 || complete == static_cast<int>(options.regions.size());
}

gsh::Status Run(gsh::service::Program& program, const SandboxOptions& options) {
  auto sandbox = Sandbox::Start(options);
  if (!sandbox.ok()) return sandbox.status();
  const auto all_ready = [&](const auto& servers) { return AllReady(servers, options); };
  // The pause bounds only how long a stop request waits.
  while (!(*sandbox)->WaitForGameServers(all_ready, std::chrono::milliseconds(100))) {
    if (program.stop().stop_requested()) return gsh::OkStatus();
  }
  program.SetReady(true);
  std::cout << "ready" << std::endl;
  gsh::SystemClock().SleepFor(std::chrono::hours(24 * 365 * 100), program.stop());
  program.SetReady(false);
  return gsh::OkStatus();
}

}  // namespace

int main(int argc, char** argv) {
  gsh::service::Program program(
      "gsh-sandbox", "Open Match and Agones in one process on real sockets.",
      "  gsh-sandbox --dir /tmp/sandbox --regions us-east-1,us-east-2 --replicas 2 \\\n"
      "      --game-server 'gsh-ncat-server -p {port}'\n");
  Flags flags;
  AddFlags(program, flags);
  return program.Main(argc, argv, [&](gsh::service::Program& p) {
    return Run(p, ToOptions(std::move(flags), p.log()));
  });
}
