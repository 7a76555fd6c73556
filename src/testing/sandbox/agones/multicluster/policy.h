// AllocationPolicy: a GameServerAllocationPolicy of the sandbox, and the order in which several are
// followed (agones: pkg/apis/multicluster/v1/gameserverallocationpolicy.go).
#ifndef GSH_SRC_TESTING_SANDBOX_AGONES_MULTICLUSTER_POLICY_H_
#define GSH_SRC_TESTING_SANDBOX_AGONES_MULTICLUSTER_POLICY_H_

#include <map>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "gsh/rng.h"
#include "gsh/status.h"

namespace gsh::sandbox {

// Where a policy sends requests.
struct ConnectionInfo {
  std::string cluster_name = {};
  std::vector<std::string> endpoints = {};  // empty: this cluster
  std::string secret = {};                  // with tls.crt, tls.key and ca.crt for the endpoints
  std::string ns = {};                      // where the game servers are
};

struct AllocationPolicy {
  std::string name = {};
  std::string ns = {};  // the namespace of the requests that it is for
  std::map<std::string, std::string> labels = {};
  int priority = 0;
  int weight = 0;
  ConnectionInfo connection = {};
};

// Out of a manifest's JSON. InvalidArgument names the field that the custom resource's definition
// does not allow.
StatusOr<AllocationPolicy> ParsePolicy(const std::string& json);

// The lowest priority number first; within one, clusters by weight; each cluster once.
class PolicyOrder {
 public:
  // `policies` must outlive it.
  PolicyOrder(const std::vector<AllocationPolicy>& policies, Rng& rng);
  const ConnectionInfo* Next();  // null: no more

 private:
  // Of one priority, by cluster.
  using Clusters = std::map<std::string, std::vector<const AllocationPolicy*>>;
  const ConnectionInfo* Draw(const Clusters& clusters);

  Rng& rng_;
  std::map<int, Clusters> by_priority_;
  std::set<std::string> visited_;
};

}  // namespace gsh::sandbox

#endif  // GSH_SRC_TESTING_SANDBOX_AGONES_MULTICLUSTER_POLICY_H_
