#include "examples/allocator-probe/flags.h"

namespace gsh::allocator_probe {
namespace {

constexpr char kLoad[] = "load";
constexpr char kPolicy[] = "policy apply, trust";
constexpr char kCluster[] = "policy, trust, address, gameservers";

}  // namespace

void AddFlags(service::Program& program, Flags& flags) {
  program.Flag("endpoint", flags.endpoints,
               "host[:port] of the allocator (443); several: calls go on when one fails");
  program.AddTlsFlags("", flags.tls);
  program.Flag("namespace", flags.ns,
               "of the game servers; of the policies, where these are followed or made");
  program.Flag("region", flags.region, "label `region` of the game server; empty: any");
  program.Flag("label", flags.labels, "key=value: a further label that it must have");
  program.Switch("rest", flags.rest, "POST /gameserverallocation in place of gRPC");
  program.Flag("timeout", flags.timeout, "seconds, of each call")
      ->check(service::WholeNumberFrom(1));
  program.Switch("verbose", flags.verbose, "also says on stderr what the TLS files hold, and more");
  program.Flag("output", flags.output, "text: as the documents print it; json: everything")
      ->check(CLI::IsMember({"text", "json"}));

  program.Flag("count", flags.count, "allocations")
      ->check(service::WholeNumberFrom(1))
      ->group(kLoad);
  program.Flag("rate", flags.rate, "allocations a second; 0: as fast as they end")
      ->check(CLI::NonNegativeNumber)
      ->group(kLoad);
  program.Flag("in-flight", flags.in_flight, "at a time")
      ->check(service::WholeNumberFrom(1))
      ->group(kLoad);
  program.Switch("keep", flags.keep, "do not hand the game servers back")->group(kLoad);
  program.Switch("multicluster", flags.multicluster, "by the policies")->group(kLoad);

  program.Flag("name", flags.policy.name, "of the policy")->group(kPolicy);
  program.Flag("cluster-name", flags.policy.cluster_name, "that the policy is to")->group(kPolicy);
  program
      .Flag("allocation-endpoint", flags.policy.allocation_endpoints,
            "of that cluster's allocator; none: this cluster")
      ->group(kPolicy);
  program.Flag("secret", flags.policy.secret_name, "with the trust: tls.crt, tls.key, ca.crt")
      ->group(kPolicy);
  program.Flag("target-namespace", flags.policy.server_ns, "of that cluster's game servers")
      ->group(kPolicy);
  program.Flag("priority", flags.policy.priority, "lower first")
      ->check(service::WholeNumberFrom(0))
      ->group(kPolicy);
  program.Flag("weight", flags.policy.weight, "within a priority")
      ->check(service::WholeNumberFrom(0))
      ->group(kPolicy);
  program.Switch("dry-run", flags.dry_run, "prints the manifest and leaves the cluster alone")
      ->group(kPolicy);

  program.Flag("kubeconfig", flags.kubeconfig,
               "file; empty: those in KUBECONFIG, else ~/.kube/config");
  program.Flag("context", flags.contexts, "of the kubeconfig; gameservers: one after the other")
      ->group(kCluster);
  program.Flag("service", flags.service, "address: of the allocator")->group(kCluster);
  program.Flag("service-namespace", flags.service_ns, "address: of the allocator")->group(kCluster);
  program.Flag("state", flags.state, "gameservers: only these, as Ready or Allocated")
      ->group(kCluster);
  program.Switch("watch", flags.watch, "gameservers: goes on with every change")->group(kCluster);
  program.Switch("delete-all", flags.delete_all, "gameservers: deletes those that fit")
      ->group(kCluster);
}

StatusOr<std::map<std::string, std::string>> LabelsOf(const Flags& flags) {
  std::map<std::string, std::string> labels;
  if (!flags.region.empty()) labels["region"] = flags.region;
  for (const std::string& label : flags.labels) {
    const std::size_t equals = label.find('=');
    if (equals == std::string::npos || equals == 0) {
      return InvalidArgumentError("--label: '" + label + "' is not key=value");
    }
    labels[label.substr(0, equals)] = label.substr(equals + 1);
  }
  return labels;
}

}  // namespace gsh::allocator_probe
