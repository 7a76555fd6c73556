// For tests: a cluster on a manual clock, with chance that is the same each time.
#ifndef GSH_SRC_TESTING_SANDBOX_AGONES_TEST_CLUSTER_H_
#define GSH_SRC_TESTING_SANDBOX_AGONES_TEST_CLUSTER_H_

#include <algorithm>
#include <atomic>
#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "gsh/executor.h"
#include "gsh/rng.h"
#include "gsh/testing/manual_clock.h"
#include "src/testing/sandbox/agones/cluster.h"
#include "src/testing/sandbox/agones/node.h"

namespace gsh::sandbox {

class RepeatableRng final : public Rng {
 public:
  std::uint64_t Next() override {  // SplitMix64
    std::uint64_t z = state_ += 0x9e3779b97f4a7c15;
    z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9;
    z = (z ^ (z >> 27)) * 0x94d049bb133111eb;
    return z ^ (z >> 31);
  }

 private:
  std::atomic<std::uint64_t> state_{1};
};

struct TestCluster {
  testing::ManualClock clock;
  RepeatableRng rng;
  std::shared_ptr<Cluster> cluster = std::make_shared<Cluster>(clock, rng);

  // A node whose servers have neither process nor side-car and do everything at once.
  std::unique_ptr<Node> MakeNode() {
    return std::move(*Node::Start(
        cluster, {.side_cars = false, .clock = &clock, .rng = &rng, .executor = InlineExecutor()}));
  }

  // A server that somebody else has brought into this state.
  GameServerPtr Add(const std::string& name, State state, agones::Labels labels = {}) {
    GameServer server;
    server.name = name;
    server.state = state;
    server.labels = std::move(labels);
    server.address = "127.0.0.1";
    server.ports = {{"default", 7000}};
    return cluster->Create(std::move(server));
  }

  State StateOf(const std::string& name) const { return cluster->Get(name)->state; }
  void SetState(const std::string& name, State state) {
    cluster->Update(name, [&](GameServer& server) {
      server.state = state;
      return true;
    });
  }

  std::size_t Count(State state) const {
    const auto all = cluster->List();
    return static_cast<std::size_t>(std::count_if(
        all.begin(), all.end(), [&](const auto& server) { return server->state == state; }));
  }
};

}  // namespace gsh::sandbox

#endif  // GSH_SRC_TESTING_SANDBOX_AGONES_TEST_CLUSTER_H_
