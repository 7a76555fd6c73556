// Clusters: the Agones side of a sandbox, as one cluster with a fleet for each region, or as a
// cluster for each region.
#ifndef GSH_SRC_TESTING_SANDBOX_CLUSTERS_H_
#define GSH_SRC_TESTING_SANDBOX_CLUSTERS_H_

#include <cstddef>
#include <memory>
#include <string>
#include <vector>

#include "gsh/options.h"
#include "gsh/status.h"
#include "gsh/testing/sandbox.h"
#include "src/testing/sandbox/agones/agones.h"
#include "src/testing/sandbox/faults/fault_injector.h"
#include "src/testing/sandbox/kubernetes_side/kubernetes_side.h"
#include "src/testing/sandbox/sandbox_files.h"

namespace gsh::sandbox {

class Clusters {
 public:
  // `host`: where clients find what listens on options.bind. `on_change` gets every change of a
  // game server, of several clusters on several threads at once. `faults` must outlive it.
  static StatusOr<std::unique_ptr<Clusters>> Start(const testing::SandboxOptions& options,
                                                   const std::string& host, FaultInjector& faults,
                                                   const Cluster::Observer& on_change);

  std::vector<GameServerPtr> servers() const;
  void ScaleFleet(const std::string& region, int replicas);
  // How clients reach the allocator that has the region's servers.
  const TlsOptions& client_tls(const std::string& region) const {
    return UnitOf(region).tls.client;
  }
  void AddEndpoints(testing::SandboxEndpoints& endpoints) const;

 private:
  // Regions that one allocator serves, and the folder with its files.
  struct Unit {
    std::string dir = {};
    std::vector<std::size_t> regions = {};  // indices
    AllocatorTls tls = {};
    std::unique_ptr<Agones> agones = {};
    std::unique_ptr<Cluster::Observation> observation = {};
    std::string token = {};  // of its Kubernetes API
    std::unique_ptr<KubernetesSide> kubernetes = {};
  };

  Clusters(const testing::SandboxOptions& options, std::string host);
  Status StartUnit(Unit& unit, FaultInjector& faults, const Cluster::Observer& on_change);
  Status StartKubernetes(Unit& unit);
  Status WriteContexts() const;
  std::string KubernetesUrl(const Unit& unit) const;
  // The first cluster forwards to all.
  Status WritePolicies() const;
  const Unit& UnitOf(const std::string& region) const;
  std::string EndpointOf(int port) const { return host_ + ":" + std::to_string(port); }

  const testing::SandboxOptions options_;
  const std::string host_;
  std::vector<Unit> units_;
};

}  // namespace gsh::sandbox

#endif  // GSH_SRC_TESTING_SANDBOX_CLUSTERS_H_
