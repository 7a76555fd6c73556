#include "examples/director/leading.h"

#include <utility>

#include "gsh/kubernetes/kubeconfig.h"
#include "gsh/kubernetes/leader_election.h"

namespace gsh {

void AddLeadingFlags(service::Program& program, LeadingFlags& flags) {
  program.Switch("leader-elect", flags.elect,
                 "work only while this process holds a lease in Kubernetes");
  program.Flag("leader-elect-lease", flags.lease,
               "NAMESPACE/NAME of the lease; default: gsh-director in the pod's namespace");
}

Status RunElected(service::Program& program, const LeadingFlags& flags,
                  const std::function<Status(std::stop_token)>& work) {
  if (!flags.elect) return work(program.stop());
  auto cluster = kubernetes::FindCluster({.log = &program.log()});
  if (!cluster.ok()) return cluster.status().WithContext("--leader-elect");
  const std::string lease = flags.lease.empty() ? cluster->ns + "/gsh-director" : flags.lease;
  const std::size_t slash = lease.find('/');
  if (slash == lease.npos) {
    return InvalidArgumentError("--leader-elect-lease: not NAMESPACE/NAME");
  }
  const auto client = kubernetes::MakeClient(
      {.cluster = *std::move(cluster), .log = &program.log(), .metrics = &program.metrics()});
  if (!client.ok()) return client.status().WithContext("--leader-elect");
  const auto leases = kubernetes::MakeLeases(**client);
  program.SetReady(true);  // whoever waits is fine, too
  return kubernetes::RunWhileLeading(
      *leases,
      {.ns = lease.substr(0, slash),
       .name = lease.substr(slash + 1),
       .identity = kubernetes::CandidateIdentity(),
       .on_started = [&] { program.Line("Leading as the holder of " + lease); },
       .on_stopped = [&] { program.Line("No longer leading"); },
       .on_new_leader = [&](const std::string& who) { program.Line("Leader is " + who); },
       .log = &program.log(),
       .metrics = &program.metrics()},
      program.stop(), work);
}

}  // namespace gsh
