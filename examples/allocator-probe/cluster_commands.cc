#include "examples/allocator-probe/cluster_commands.h"

#include <chrono>
#include <iostream>
#include <memory>
#include <string>

#include "gsh/kubernetes/client.h"
#include "gsh/kubernetes/kubeconfig.h"
#include "src/probe/cluster_commands.h"
#include "src/probe/manifests.h"

namespace gsh::allocator_probe {
namespace {

using kubernetes::Client;

void PrintLine(const std::string& line) { std::cout << line << std::endl; }

// Empty `context`: the current one, or in a pod its own cluster.
StatusOr<std::unique_ptr<Client>> Connect(service::Program& program, const Flags& flags,
                                          const std::string& context) {
  kubernetes::KubeconfigOptions options{.context = context, .log = &program.log()};
  if (!flags.kubeconfig.empty()) options.files = {flags.kubeconfig};
  auto cluster = kubernetes::FindCluster(std::move(options));
  if (!cluster.ok()) return cluster.status();
  return kubernetes::MakeClient({.cluster = *std::move(cluster),
                                 .timeout = std::chrono::seconds(flags.timeout),
                                 .log = &program.log(),
                                 .metrics = &program.metrics()});
}

StatusOr<std::unique_ptr<Client>> Connect(service::Program& program, const Flags& flags) {
  if (flags.contexts.size() > 1)
    return InvalidArgumentError("--context: one only for this command");
  return Connect(program, flags, flags.contexts.empty() ? "" : flags.contexts.front());
}

// As kubectl says it.
Status PrintApplied(const std::string& what, const StatusOr<kubernetes::Applied>& applied) {
  if (!applied.ok()) return applied.status();
  const bool created = *applied == kubernetes::Applied::kCreated;
  PrintLine(what + (created ? " created" : " configured"));
  return OkStatus();
}

Status OneCluster(Client& client, service::Program& program, const Flags& flags,
                  const std::string& context) {
  const probe::GameServersOptions options{.ns = flags.ns,
                                          .state = flags.state,
                                          .output = flags.Form(),
                                          .now = std::chrono::system_clock::now(),
                                          .context = context};
  if (flags.delete_all) return DeleteGameServers(client, options, PrintLine);
  if (flags.watch) return WatchGameServers(client, options, program.stop(), PrintLine);
  return ListGameServers(client, options, PrintLine);
}

}  // namespace

Status RunPolicyApply(service::Program& program, const Flags& flags) {
  kubernetes::AllocationPolicy policy = flags.policy;
  policy.ns = flags.ns;
  auto labels = LabelsOf(flags);
  if (!labels.ok()) return labels.status();
  policy.labels = *std::move(labels);
  if (Status status = CheckAllocationPolicy(policy); !status.ok()) return status;
  if (flags.dry_run) {
    PrintLine(ToJson(policy));
    return OkStatus();
  }
  const auto client = Connect(program, flags);
  if (!client.ok()) return client.status();
  return PrintApplied("gameserverallocationpolicy.multicluster.agones.dev/" + policy.name,
                      kubernetes::ApplyAllocationPolicy(**client, policy));
}

Status RunPolicyList(service::Program& program, const Flags& flags) {
  const auto client = Connect(program, flags);
  if (!client.ok()) return client.status();
  return probe::ListPolicies(**client, flags.ns, flags.Form(), PrintLine);
}

Status RunTrust(service::Program& program, const Flags& flags) {
  const std::string& name = flags.policy.secret_name;
  const auto manifest = probe::TrustManifest(name, flags.ns, flags.tls.ToOptions());
  if (!manifest.ok()) return manifest.status();
  if (flags.dry_run) {
    PrintLine(*manifest);
    return OkStatus();
  }
  const auto client = Connect(program, flags);
  if (!client.ok()) return client.status();
  return PrintApplied("secret/" + name, kubernetes::Apply(**client, probe::kSecrets, *manifest));
}

Status RunAddress(service::Program& program, const Flags& flags) {
  const auto client = Connect(program, flags);
  if (!client.ok()) return client.status();
  const auto address = probe::AddressOf(**client, flags.service_ns, flags.service);
  if (!address.ok()) return address.status();
  PrintLine(*address);
  return OkStatus();
}

Status RunGameServers(service::Program& program, const Flags& flags) {
  if (flags.contexts.empty()) {
    const auto client = Connect(program, flags, "");
    return client.ok() ? OneCluster(**client, program, flags, "") : client.status();
  }
  if (flags.watch && flags.contexts.size() > 1) {
    return InvalidArgumentError("--watch follows one --context at a time");
  }
  for (const std::string& context : flags.contexts) {
    const auto client = Connect(program, flags, context);
    if (!client.ok()) return client.status().WithContext(context);
    if (flags.Form() == probe::Output::kText) PrintLine("- " + context + " -");
    if (Status status = OneCluster(**client, program, flags, context); !status.ok()) {
      return status.WithContext(context);
    }
  }
  return OkStatus();
}

}  // namespace gsh::allocator_probe
