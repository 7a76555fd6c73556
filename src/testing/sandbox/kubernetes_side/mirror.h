// Mirror: the sandbox's game servers as objects of its Kubernetes API, and what tools change there
// as what happens to the game servers.
#ifndef GSH_SRC_TESTING_SANDBOX_KUBERNETES_SIDE_MIRROR_H_
#define GSH_SRC_TESTING_SANDBOX_KUBERNETES_SIDE_MIRROR_H_

#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <mutex>
#include <set>
#include <string>
#include <vector>

#include "gsh/executor.h"
#include "src/testing/sandbox/agones/cluster.h"
#include "src/testing/sandbox/agones/fleet.h"
#include "src/testing/sandbox/kubernetes/object_store.h"
#include "src/testing/sandbox/kubernetes_side/objects.h"

namespace gsh::sandbox {

struct MirrorOptions {
  std::shared_ptr<Cluster> cluster = {};
  std::vector<FleetOptions> fleets = {};
  std::function<void(const std::string& fleet, int replicas)> scale = {};
  std::string node_address = {};
  int allocator_port = 0;  // at that address; 0: there is no service for it
  WallTime now = {};
};

// GameServers, each with a Pod, Fleets, Nodes and the allocator's Service. Back go: labels and
// annotations of GameServers; deleting one, which shuts it down; deleting or evicting its Pod,
// which makes it Unhealthy; the replicas of Fleets. All else that tools write is kept as objects,
// and changes nothing.
class Mirror {
 public:
  // `store` must outlive it.
  Mirror(testing::kubernetes::ObjectStore& store, MirrorOptions options);
  ~Mirror();

  void SetReplicas(const std::string& fleet, int replicas);

 private:
  struct Known {
    std::uint64_t version = 0;
    std::string fleet;
    State state = State::kPortAllocation;
    bool counts = false;  // as one of its fleet's replicas
  };

  void OnServer(Cluster::Event event, const GameServer& server);
  void Count(const Known& known, int by);
  void ShowCounts(const std::string& fleet);
  // Under the store's lock.
  void OnObject(const testing::kubernetes::ObjectEvent& event);
  void OnGameServerChanged(const testing::kubernetes::ObjectEvent& event);
  void EndServer(const testing::kubernetes::ObjectEvent& event, State state);
  // Has its object been deleted there? Then it stays so, while the game server still ends.
  bool WasDeleted(const std::string& name);

  testing::kubernetes::ObjectStore& store_;
  const MirrorOptions options_;
  std::string ns_;
  std::mutex mutex_;
  std::map<std::string, Known> known_;         // by name
  std::map<std::string, FleetCounts> counts_;  // by fleet
  std::mutex deleted_mutex_;                   // the innermost
  std::set<std::string> deleted_;
  // What goes back goes by a thread of its own: events come under the store's lock.
  std::shared_ptr<Executor> back_ = MakeThreadPool(1);
  std::uint64_t follower_ = 0;
  std::unique_ptr<Cluster::Observation> observation_;
};

}  // namespace gsh::sandbox

#endif  // GSH_SRC_TESTING_SANDBOX_KUBERNETES_SIDE_MIRROR_H_
