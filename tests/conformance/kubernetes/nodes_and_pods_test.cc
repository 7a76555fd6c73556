// Nodes and pods: cordon, taints, labels, evictions under budgets, tolerations.
#include <algorithm>

#include "gsh/kubernetes/drain.h"
#include "gsh/kubernetes/nodes.h"
#include "gsh/kubernetes/pods.h"
#include "tests/conformance/kubernetes/cluster.h"

namespace gsh::conformance {
namespace {

using gsh::testing::IsOk;
using gsh::testing::StatusIs;
using kubernetes::kPods;
using kubernetes::Pod;
using kubernetes::Taint;
using std::chrono::milliseconds;
using std::chrono::seconds;
using ::testing::Contains;
using ::testing::IsEmpty;
using ::testing::Not;
using ::testing::SizeIs;

constexpr kubernetes::Resource kBudgets{"policy", "v1", "poddisruptionbudgets"};

class NodesAndPodsTest : public ClusterTest {
 protected:
  void SetUp() override {
    ClusterTest::SetUp();
    node_ = Unique("node");
    ASSERT_THAT(Create(kubernetes::kNodes, {{"metadata", {{"name", node_}}}}), IsOk());
    nodes_ = kubernetes::MakeNodes(*client_);
    pods_ = kubernetes::MakePods(*client_);
  }
  void TearDown() override { static_cast<void>(Delete(kubernetes::kNodes, node_)); }

  // What the disruption controller would do.
  void Allow(int disruptions) {
    const auto budget = Get(kBudgets, "budget");
    ASSERT_THAT(budget, IsOk());
    ASSERT_THAT(Patch(kBudgets, "budget",
                      {{"status",
                        {{"observedGeneration", (*budget)["metadata"].value("generation", 0)},
                         {"disruptionsAllowed", disruptions},
                         {"currentHealthy", 1},
                         {"desiredHealthy", 1},
                         {"expectedPods", 1}}}},
                      "status"),
                IsOk());
  }
  Pod Read(const std::string& name) {
    const auto all = pods_->ListOnNode(node_);
    EXPECT_THAT(all, IsOk());
    for (const Pod& pod : *all) {
      if (pod.name == name) return pod;
    }
    return {};
  }

  std::string node_;
  std::unique_ptr<kubernetes::Nodes> nodes_;
  std::unique_ptr<kubernetes::Pods> pods_;
};

TEST_F(NodesAndPodsTest, CordonTaintAndLabel) {
  EXPECT_TRUE(nodes_->Cordon(node_)->unschedulable);
  EXPECT_FALSE(nodes_->Uncordon(node_)->unschedulable);
  const Taint taint{.key = "gamelift.status/active", .value = "true", .effect = "NoExecute"};
  EXPECT_THAT(nodes_->AddTaint(node_, taint)->taints, Contains(taint));
  const auto twice = nodes_->AddTaint(node_, taint);
  EXPECT_EQ(std::count(twice->taints.begin(), twice->taints.end(), taint), 1);
  EXPECT_THAT(nodes_->RemoveTaint(node_, taint.key, taint.effect)->taints, Not(Contains(taint)));
  EXPECT_EQ(nodes_->Label(node_, {{"example.dev/role", "game"}})->labels.at("example.dev/role"),
            "game");
  EXPECT_EQ(
      nodes_->Label(node_, {{"example.dev/role", std::nullopt}})->labels.count("example.dev/role"),
      0u);
  EXPECT_THAT(nodes_->Cordon(Unique("nowhere")), StatusIs(StatusCode::kNotFound));
}

TEST_F(NodesAndPodsTest, PodsAreFoundByTheirNodeAndEvicted) {
  RunningPod("web", node_);
  RunningPod("other", Unique("elsewhere"));
  const auto all = pods_->ListOnNode(node_);
  ASSERT_THAT(*all, SizeIs(1));
  EXPECT_EQ(all->front().phase, "Running");
  EXPECT_THAT(pods_->Evict(all->front(), {.grace = seconds(0)}), IsOk());
  EXPECT_TRUE(Eventually([&] { return pods_->ListOnNode(node_)->empty(); }));
  EXPECT_THAT(pods_->Evict(all->front()), IsOk());  // gone already
}

TEST_F(NodesAndPodsTest, AnotherPodOfTheNameIsNotEvicted) {
  RunningPod("web", node_);
  const Pod before = Read("web");
  EXPECT_THAT(pods_->Evict(before, {.grace = seconds(0)}), IsOk());
  RunningPod("web", node_);
  EXPECT_THAT(pods_->Evict(before, {.grace = seconds(0)}), IsOk());
  EXPECT_THAT(Get(kPods, "web"), IsOk());
}

TEST_F(NodesAndPodsTest, BudgetsRefuseUntilTheyAllow) {
  RunningPod("web", node_, {{"app", "game"}});
  ASSERT_THAT(
      Create(kBudgets,
             {{"metadata", {{"name", "budget"}}},
              {"spec", {{"minAvailable", 1}, {"selector", {{"matchLabels", {{"app", "game"}}}}}}}}),
      IsOk());
  Allow(0);
  const Pod pod = Read("web");
  const Status refused = pods_->Evict(pod, {.grace = seconds(0), .budget_pause = Duration(0)});
  EXPECT_THAT(refused, StatusIs(StatusCode::kResourceExhausted));
  EXPECT_EQ(refused.info()->name, "DisruptionBudget");
  const auto report = kubernetes::Drain(
      *pods_, node_, {.evict = {.grace = seconds(0), .budget_pause = milliseconds(50)}},
      {.timeout = milliseconds(300)});
  ASSERT_THAT(report, IsOk());
  EXPECT_THAT(report->failed, SizeIs(1));
  Allow(1);
  EXPECT_THAT(pods_->Evict(pod, {.grace = seconds(0), .budget_pause = milliseconds(50)},
                           {.timeout = seconds(20)}),
              IsOk());
}

TEST_F(NodesAndPodsTest, TolerationsAreAdded) {
  RunningPod("web", node_);
  const kubernetes::Toleration toleration{
      .key = "gamelift.status/draining", .value = "true", .effect = "NoExecute"};
  EXPECT_THAT(pods_->AddToleration(ns_, "web", toleration), IsOk());
  EXPECT_THAT(pods_->AddToleration(ns_, "web", toleration), IsOk());
  const auto pod = Get(kPods, "web");
  int count = 0;
  for (const Json& known : (*pod)["spec"]["tolerations"]) {
    count += known.value("key", "") == toleration.key;
  }
  EXPECT_EQ(count, 1);
}

}  // namespace
}  // namespace gsh::conformance
