#include "src/testing/sandbox/agones/cluster.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <memory>
#include <thread>

#include "src/testing/sandbox/agones/test_cluster.h"

namespace gsh::sandbox {
namespace {

using ::testing::ElementsAre;

TEST(ClusterTest, CreateFillsInWhatKubernetesWould) {
  TestCluster test;
  const GameServerPtr server = test.Add("a", State::kReady);
  ASSERT_NE(server, nullptr);
  EXPECT_EQ(server->uid.size(), 36u);
  EXPECT_EQ(server->created, test.clock.Now());
  EXPECT_EQ(test.Add("a", State::kReady), nullptr) << "the name is taken";
}

TEST(ClusterTest, UpdateKeepsOldSnapshots) {
  TestCluster test;
  const GameServerPtr before = test.Add("a", State::kReady);
  test.SetState("a", State::kAllocated);
  EXPECT_EQ(before->state, State::kReady);
  EXPECT_EQ(test.StateOf("a"), State::kAllocated);
  EXPECT_GT(test.cluster->Get("a")->resource_version, before->resource_version);
}

TEST(ClusterTest, RefusedUpdateChangesNothing) {
  TestCluster test;
  test.Add("a", State::kReady);
  int events = 0;
  const auto observation = test.cluster->Observe([&](auto, const auto&) { ++events; });
  test.cluster->Update("a", [](GameServer& server) {
    server.state = State::kShutdown;
    return false;
  });
  EXPECT_EQ(test.StateOf("a"), State::kReady);
  EXPECT_EQ(events, 0);
  EXPECT_EQ(test.cluster->Update("b", [](GameServer&) { return true; }), nullptr);
}

TEST(ClusterTest, ObserversSeeEveryChangeInOrder) {
  TestCluster test;
  std::vector<std::string> seen;
  const auto first = test.cluster->Observe([&](Cluster::Event event, const GameServerPtr& server) {
    // A change made by an observer comes after the one it answers, for the later observer too.
    if (event == Cluster::Event::kAdded) test.SetState(server->name, State::kReady);
  });
  const auto second = test.cluster->Observe([&](Cluster::Event, const GameServerPtr& server) {
    seen.push_back(std::string(StateName(server->state)));
  });
  test.Add("a", State::kScheduled);
  test.cluster->Remove("a");
  EXPECT_THAT(seen, ElementsAre("Scheduled", "Ready", "Ready"));
}

TEST(ClusterTest, NothingIsSeenAfterTheObservationEnded) {
  TestCluster test;
  int events = 0;
  auto observation = test.cluster->Observe([&](auto, const auto&) { ++events; });
  test.Add("a", State::kReady);
  observation.reset();
  test.Add("b", State::kReady);
  EXPECT_EQ(events, 1);
}

TEST(ClusterTest, ObserverMayEndItself) {
  TestCluster test;
  int events = 0;
  std::unique_ptr<Cluster::Observation> observation;
  observation = test.cluster->Observe([&](auto, const auto&) {
    ++events;
    observation.reset();
  });
  test.Add("a", State::kReady);
  test.Add("b", State::kReady);
  EXPECT_EQ(events, 1);
}

TEST(ClusterTest, CountsLabels) {
  TestCluster test;
  test.Add("a", State::kReady, {{"region", "x"}});
  test.Add("b", State::kReady, {{"region", "x"}});
  EXPECT_EQ(test.cluster->CountLabel("region", "x"), 2u);
  test.cluster->Update("a", [](GameServer& server) {
    server.labels["region"] = "y";
    return true;
  });
  test.cluster->Remove("b");
  EXPECT_EQ(test.cluster->CountLabel("region", "x"), 0u);
  EXPECT_EQ(test.cluster->CountLabel("region", "y"), 1u);
}

TEST(ClusterTest, AnEndedObservationKeepsNothing) {
  TestCluster test;
  auto owned = std::make_shared<int>(0);
  auto observation = test.cluster->Observe([owned](auto, const auto&) { ++*owned; });
  test.Add("a", State::kReady);
  EXPECT_EQ(*owned, 1);
  observation.reset();
  EXPECT_EQ(owned.use_count(), 1);
}

TEST(ClusterTest, AnObservationThatEndsItselfKeepsNothing) {
  TestCluster test;
  auto owned = std::make_shared<int>(0);
  std::unique_ptr<Cluster::Observation> observation;
  observation = test.cluster->Observe([&observation, owned](auto, const auto&) {
    observation.reset();
    ++*owned;
  });
  test.Add("a", State::kReady);
  EXPECT_EQ(*owned, 1);
  EXPECT_EQ(owned.use_count(), 1);
}

TEST(ClusterTest, ManyThreads) {
  TestCluster test;
  test.Add("a", State::kReady);
  std::uint64_t last = 0;
  int events = 0;
  auto observation = test.cluster->Observe([&](auto, const GameServerPtr& server) {
    EXPECT_GT(server->resource_version, last);
    last = server->resource_version;
    ++events;
  });
  {
    std::vector<std::jthread> threads;
    for (int i = 0; i < 4; ++i) {
      threads.emplace_back([&] {
        for (int j = 0; j < 250; ++j) test.SetState("a", State::kReady);
      });
    }
  }
  EXPECT_EQ(events, 1000);
}

}  // namespace
}  // namespace gsh::sandbox
