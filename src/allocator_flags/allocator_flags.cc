#include "src/allocator_flags/allocator_flags.h"

#include <cstddef>
#include <utility>

#include "gsh/agones_kubernetes/allocator.h"
#include "gsh/kubernetes/client.h"
#include "gsh/kubernetes/kubeconfig.h"
#include "src/service/flags.h"

namespace gsh::allocator_flags {
namespace {

std::string_view Trim(std::string_view text) {
  while (text.starts_with(' ')) text.remove_prefix(1);
  while (text.ends_with(' ')) text.remove_suffix(1);
  return text;
}

StatusOr<std::unique_ptr<agones::Allocator>> ThroughKubernetes(service::Program& program) {
  auto cluster = kubernetes::FindCluster({.log = &program.log()});
  if (!cluster.ok()) return cluster.status().WithContext("--via kubernetes");
  auto client = kubernetes::MakeClient(
      {.cluster = *std::move(cluster), .log = &program.log(), .metrics = &program.metrics()});
  if (!client.ok()) return client.status().WithContext("--via kubernetes");
  return agones_kubernetes::MakeAllocator(*std::move(client));
}

StatusOr<std::unique_ptr<agones::Allocator>> ThroughAllocators(service::Program& program,
                                                               const AllocatorFlags& flags) {
  auto endpoints = ParseEndpoints(flags.addresses, flags.port);
  if (!endpoints.ok()) return endpoints.status();
  return agones::MakeAllocator(
      {.client = {.tls = flags.tls.ToOptions(flags.cert, flags.key, flags.ca),
                  .log = &program.log(),
                  .metrics = &program.metrics()},
       .endpoints = *std::move(endpoints),
       .failover = {.separate_clusters = flags.separate_clusters}});
}

}  // namespace

void AddAllocatorFlags(service::Program& program, AllocatorFlags& flags) {
  program
      .Flag("via", flags.via,
            "allocator: Agones' allocator; kubernetes: GameServerAllocations at the API server")
      ->check(CLI::IsMember({"allocator", "kubernetes"}));
  program.Flag("allocatorAddr", flags.addresses,
               "host[:port] of the Agones allocator, or several of the same one separated by "
               "commas: the one that answers soonest is asked, another one if it fails");
  program.Flag("allocatorPort", flags.port, "of those that name none")->check(CLI::Range(1, 65535));
  program.Switch("separateClusters", flags.separate_clusters,
               "each of --allocator-addr is a cluster of its own: one without a game server that "
               "fits sends the call on to the next");
  program.Flag("certFile", flags.cert, "client certificate, in --allocator-tls-dir");
  program.Flag("keyFile", flags.key, "its key, likewise");
  program.Flag("caFile", flags.ca, "the allocator's CA, likewise");
  program.AddTlsFlags("allocator", flags.tls);
}

StatusOr<std::vector<std::string>> ParseEndpoints(std::string_view addresses, int default_port) {
  std::vector<std::string> endpoints;
  for (std::string_view rest = addresses;;) {
    const std::size_t comma = rest.find(',');
    const std::string_view address = Trim(rest.substr(0, comma));
    if (address.empty()) {
      return InvalidArgumentError("'" + std::string(addresses) + "' has an empty address");
    }
    endpoints.push_back(service::WithDefaultPort(address, default_port));
    if (comma == rest.npos) return endpoints;
    rest.remove_prefix(comma + 1);
  }
}

StatusOr<std::unique_ptr<agones::Allocator>> ConnectAllocator(service::Program& program,
                                                              const AllocatorFlags& flags) {
  if (flags.via == "kubernetes") return ThroughKubernetes(program);
  auto allocator = ThroughAllocators(program, flags);
  if (!allocator.ok()) return allocator.status().WithContext("-allocatorAddr");
  return allocator;
}

}  // namespace gsh::allocator_flags
