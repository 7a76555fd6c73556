// The sandbox's cluster as Kubernetes objects (agones: pkg/apis/agones/v1).
#ifndef GSH_SRC_TESTING_SANDBOX_KUBERNETES_SIDE_OBJECTS_H_
#define GSH_SRC_TESTING_SANDBOX_KUBERNETES_SIDE_OBJECTS_H_

#include <nlohmann/json_fwd.hpp>
#include <string>

#include "src/testing/sandbox/agones/fleet.h"
#include "src/testing/sandbox/agones/game_server.h"

namespace gsh::sandbox {

nlohmann::json GameServerObject(const GameServer& server);
// The pod in which a cluster would run it: of the same name, on the same node.
nlohmann::json PodObject(const GameServer& server);

struct FleetCounts {
  int replicas = 0;
  int ready = 0;
  int reserved = 0;
  int allocated = 0;
};
nlohmann::json FleetObject(const FleetOptions& fleet, WallTime created);
nlohmann::json FleetStatus(const FleetCounts& counts);
// Of the allocator, with a load balancer at `address`.
nlohmann::json AllocatorServiceObject(const std::string& address, int port, WallTime created);
nlohmann::json NodeObject(const std::string& name, const std::string& address, WallTime created);

}  // namespace gsh::sandbox

#endif  // GSH_SRC_TESTING_SANDBOX_KUBERNETES_SIDE_OBJECTS_H_
