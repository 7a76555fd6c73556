// Node: runs the cluster's game servers: side-cars, processes, and the states that Agones'
// controller and the kubelet bring about (agones: pkg/gameservers/controller.go, health.go).
#ifndef GSH_SRC_TESTING_SANDBOX_AGONES_NODE_H_
#define GSH_SRC_TESTING_SANDBOX_AGONES_NODE_H_

#include <chrono>
#include <memory>
#include <string>

#include "gsh/clock.h"
#include "gsh/executor.h"
#include "gsh/log.h"
#include "gsh/rng.h"
#include "src/testing/sandbox/agones/cluster.h"

namespace gsh::sandbox {

struct NodeOptions {
  std::string address = "127.0.0.1";
  std::string name = "gsh-sandbox";
  // Command line of a game server, "{port}" replaced; empty: no processes, servers are Ready at
  // once.
  std::string command = {};
  std::string log_dir = {};                   // gets NAME.log of each process; must exist
  bool side_cars = true;                      // an SDK server for each game server
  Duration grace = std::chrono::seconds(30);  // between SIGTERM and SIGKILL
  Clock* clock = nullptr;                     // required
  Rng* rng = nullptr;                         // required
  LogSink* log = nullptr;
  // One thread, or without processes InlineExecutor(); null: a thread of its own.
  std::shared_ptr<Executor> executor = {};
};

class Node {
 public:
  // InvalidArgument: the command line cannot be split.
  static StatusOr<std::unique_ptr<Node>> Start(std::shared_ptr<Cluster> cluster,
                                               NodeOptions options);
  // SIGTERM to all processes, SIGKILL to those that are still there after `stop_grace` of real
  // time.
  virtual ~Node() = default;
  virtual void set_stop_grace(Duration grace) = 0;
};

}  // namespace gsh::sandbox

#endif  // GSH_SRC_TESTING_SANDBOX_AGONES_NODE_H_
