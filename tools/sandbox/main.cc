// gsh-sandbox: Open Match, Agones and AWS on this machine, for trying things out without a cluster.
#include <chrono>
#include <cstdint>
#include <iostream>
#include <map>
#include <memory>
#include <string>
#include <vector>

#include "gsh/testing/aws_sandbox.h"
#include "gsh/testing/sandbox.h"
#include "src/service/program.h"

namespace {

using gsh::testing::AwsSandbox;
using gsh::testing::AwsSandboxOptions;
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
  bool no_policies = false;
  bool no_aws = false;
  bool aws_unsigned = false;
  AwsSandboxOptions aws;
};

void AddFlags(gsh::service::Program& program, Flags& flags) {
  program.Flag("dir", flags.sandbox.dir, "gets certificates, endpoints.json and logs")->required();
  program.Flag("regions", flags.regions, "one fleet of game servers for each")->delimiter(',');
  program.Flag("replicas", flags.sandbox.replicas,
               "game servers of a fleet, Allocated ones included");
  program.Switch("clusters", flags.sandbox.clusters,
                 "each region is a cluster of its own; the first forwards by policy");
  program.Switch("no-policies", flags.no_policies,
                 "of several clusters, none forwards until DIR/clusters/REGION has policies");
  program.Switch("kubernetes", flags.sandbox.kubernetes,
                 "each cluster has a Kubernetes API with its game servers; gets DIR/kubeconfig");
  program.Flag("game-server", flags.sandbox.game_server,
               "command line of a game server, {port} and {frontend} replaced; none: no processes, "
               "always Ready");
  program.Flag("evaluator", flags.sandbox.evaluator,
               "host:port of an openmatch.Evaluator; none: the default one, inside");
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

void AddAwsFlags(gsh::service::Program& program, Flags& flags) {
  AwsSandboxOptions& aws = flags.aws;
  program.Switch("no-aws", flags.no_aws, "neither FleetIQ nor SQS nor instance metadata");
  program.Flag("aws-port", aws.port, "of FleetIQ, SQS, STS and Auto Scaling; 0: any");
  program.Flag("imds-port", aws.imds_port, "of the instance metadata; 0: any");
  program.Flag("aws-region", aws.region, "that signatures must name");
  program.Switch("aws-unsigned", flags.aws_unsigned, "take requests whatever their signature");
  program.Flag("instance-id", aws.instance.instance_id, "in the metadata");
  program.Flag("auto-scaling-group", aws.instance.auto_scaling_group,
               "of the instance; none: it is in no group");
}

SandboxOptions ToOptions(Flags flags, gsh::LogSink& log) {
  using std::chrono::milliseconds;
  flags.sandbox.regions = flags.regions;
  flags.sandbox.allocation_batch_wait = milliseconds(flags.batch_wait_ms);
  flags.sandbox.open_match.registration_interval = milliseconds(flags.registration_window_ms);
  flags.sandbox.open_match.proposal_collection_interval = milliseconds(flags.proposal_window_ms);
  flags.sandbox.fleet.health_period = std::chrono::seconds(flags.health_period);
  flags.sandbox.fleet.side_cars = !flags.no_side_cars;
  flags.sandbox.policies = !flags.no_policies;
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

// Before the sandbox, which says where everything is.
gsh::StatusOr<std::unique_ptr<AwsSandbox>> StartAws(Flags& flags, gsh::LogSink& log) {
  flags.aws.bind = flags.sandbox.bind;
  flags.aws.check_signatures = !flags.aws_unsigned;
  flags.aws.log = &log;
  auto aws = AwsSandbox::Start(flags.aws);
  if (!aws.ok()) return aws.status();
  const auto& endpoints = (*aws)->endpoints();
  flags.sandbox.further_endpoints = {{"fleetiq", endpoints.services},
                                     {"sqs", endpoints.services},
                                     {"sts", endpoints.services},
                                     {"autoscaling", endpoints.services},
                                     {"imds", endpoints.imds}};
  return aws;
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
      "gsh-sandbox", "Open Match, Agones and parts of AWS in one process on real sockets.",
      "  gsh-sandbox --dir /tmp/sandbox --regions us-east-1,us-east-2 --replicas 2 \\\n"
      "      --game-server 'gsh-ncat-server -p {port}'\n"
      "  AWS_ENDPOINT_URL=$(jq -r .sqs /tmp/sandbox/endpoints.json) aws sqs list-queues\n");
  Flags flags;
  AddFlags(program, flags);
  AddAwsFlags(program, flags);
  return program.Main(argc, argv, [&](gsh::service::Program& p) {
    std::unique_ptr<AwsSandbox> aws;
    if (!flags.no_aws) {
      auto started = StartAws(flags, p.log());
      if (!started.ok()) return started.status();
      aws = *std::move(started);
    }
    return Run(p, ToOptions(std::move(flags), p.log()));
  });
}
