// Fleet: keeps a number of game servers up (agones: pkg/gameserversets/controller.go).
#ifndef GSH_SRC_TESTING_SANDBOX_AGONES_FLEET_H_
#define GSH_SRC_TESTING_SANDBOX_AGONES_FLEET_H_

#include <chrono>
#include <memory>
#include <string>

#include "gsh/clock.h"
#include "gsh/rng.h"
#include "src/testing/sandbox/agones/cluster.h"

namespace gsh::sandbox {

struct FleetOptions {
  std::string name;
  int replicas = 2;
  // What each server starts as: labels, health, address, counters ... Its name and its fleet labels
  // are added.
  GameServer server = {};
  // Pause before a server that was never Ready is replaced; doubles with each one in a row, up to
  // the maximum.
  Duration backoff = std::chrono::seconds(1);
  Duration max_backoff = std::chrono::minutes(1);
};

// As in Agones, Allocated and Reserved servers count as replicas but are never deleted, and a
// server that is being deleted counts no more.
class Fleet {
 public:
  Fleet(std::shared_ptr<Cluster> cluster, Clock& clock, Rng& rng, FleetOptions options);
  ~Fleet();  // its servers stay as they are

  void Scale(int replicas);

 private:
  class Core;
  std::shared_ptr<Core> core_;
  std::unique_ptr<Cluster::Observation> observation_;
};

}  // namespace gsh::sandbox

#endif  // GSH_SRC_TESTING_SANDBOX_AGONES_FLEET_H_
