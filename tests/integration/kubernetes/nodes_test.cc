// Cordon, taints, evictions and disruption budgets against the real API.
#include "gsh/kubernetes/nodes.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <thread>
#include <vector>

#include "gsh/kubernetes/drain.h"
#include "gsh/kubernetes/pods.h"
#include "gsh/rng.h"
#include "gsh/testing/matchers.h"
#include "tests/integration/kubernetes/api.h"
#include "tests/integration/kubernetes/clients.h"

namespace gsh::kubernetes_test {
namespace {

using Json = nlohmann::json;
using kubernetes::Taint;
using testing::IsOk;
using ::testing::SizeIs;
using testing::StatusIs;

class NodesTest : public ::testing::Test {
 protected:
  NodesTest() {
    EXPECT_EQ(Admin().Post("/api/v1/nodes", {{"metadata", {{"name", node_}}}}).code, 201);
  }
  ~NodesTest() override { Admin().Delete(Path()); }

  std::string Path() const { return "/api/v1/nodes/" + node_; }
  Json Spec() const { return Admin().Get(Path()).body["spec"]; }
  std::string PodPath(const std::string& name) const {
    return "/api/v1/namespaces/" + ns_ + "/pods/" + name;
  }

  // Bound to the node and running, as a kubelet would report it.
  void StartPod(const std::string& name) const {
    const Json pod = {
        {"metadata", {{"name", name}, {"labels", {{"app", "game"}}}}},
        {"spec", {{"nodeName", node_}, {"containers", {{{"name", "game"}, {"image", "game:1"}}}}}}};
    ASSERT_EQ(Admin().Post("/api/v1/namespaces/" + ns_ + "/pods", pod).code, 201);
    const Json status = {{"phase", "Running"},
                         {"conditions", {{{"type", "Ready"}, {"status", "True"}}}}};
    ASSERT_EQ(Admin().Patch(PodPath(name) + "/status", {{"status", status}}).code, 200);
  }

  // What the disruption controller would say of a budget over those pods.
  void SetBudget(int allowed) const {
    const std::string path = "/apis/policy/v1/namespaces/" + ns_ + "/poddisruptionbudgets";
    Admin().Post(
        path,
        {{"metadata", {{"name", "game"}}},
         {"spec", {{"maxUnavailable", 1}, {"selector", {{"matchLabels", {{"app", "game"}}}}}}}});
    const Json status = {{"observedGeneration", 1},
                         {"disruptionsAllowed", allowed},
                         {"currentHealthy", 1},
                         {"desiredHealthy", 1},
                         {"expectedPods", 1}};
    ASSERT_EQ(Admin().Patch(path + "/game/status", {{"status", status}}).code, 200);
  }

  const std::string node_ = "node-" + NewUuid(SystemRng());
  const std::string ns_ = NewNamespace();
  const std::unique_ptr<kubernetes::Client> client_ = ClientOf();
  const std::unique_ptr<kubernetes::Nodes> nodes_ = kubernetes::MakeNodes(*client_);
  const std::unique_ptr<kubernetes::Pods> pods_ = kubernetes::MakePods(*client_);
};

TEST_F(NodesTest, CordonsTaintsAndLabelsAndTakesItBack) {
  const Taint taint{.key = "gamelift.status/active", .value = "true", .effect = "NoExecute"};
  EXPECT_THAT(nodes_->Cordon(node_), IsOk());
  EXPECT_THAT(nodes_->Cordon(node_), IsOk());
  EXPECT_THAT(nodes_->AddTaint(node_, taint), IsOk());
  EXPECT_THAT(nodes_->Label(node_, {{"role", "game-servers"}}), IsOk());
  const auto node = nodes_->AddTaint(node_, taint);
  ASSERT_THAT(node, IsOk());
  EXPECT_TRUE(node->unschedulable);
  EXPECT_THAT(node->taints, ::testing::Contains(taint).Times(1));
  EXPECT_EQ(node->labels.at("role"), "game-servers");
  EXPECT_EQ(Spec()["unschedulable"], true);

  EXPECT_THAT(nodes_->Uncordon(node_), IsOk());
  EXPECT_THAT(nodes_->Label(node_, {{"role", std::nullopt}}), IsOk());
  const auto after = nodes_->RemoveTaint(node_, taint.key, taint.effect);
  ASSERT_THAT(after, IsOk());
  EXPECT_FALSE(after->unschedulable);
  EXPECT_THAT(after->taints, ::testing::Not(::testing::Contains(taint)));
  EXPECT_FALSE(after->labels.contains("role"));
}

TEST_F(NodesTest, TaintsOfSeveralAtOnceAllComeToBe) {
  std::vector<std::thread> threads;
  for (int i = 0; i < 8; ++i) {
    threads.emplace_back([this, i] {
      EXPECT_THAT(nodes_->AddTaint(node_, {.key = "t" + std::to_string(i), .effect = "NoSchedule"}),
                  IsOk());
    });
  }
  for (std::thread& thread : threads) thread.join();
  int found = 0;
  const Json taints = Spec()["taints"];
  for (const Json& taint : taints) {
    found += std::string(taint["key"]).starts_with("t") ? 1 : 0;
  }
  EXPECT_EQ(found, 8);
}

TEST_F(NodesTest, AnEvictionWaitsForTheDisruptionBudget) {
  StartPod("game-1");
  SetBudget(0);
  const auto pods = pods_->ListOnNode(node_);
  ASSERT_THAT(pods, IsOk());
  ASSERT_THAT(*pods, SizeIs(1));
  const kubernetes::Pod& pod = pods->front();
  EXPECT_THAT(pods_->Evict(pod, {.budget_pause = Duration(0)}),
              StatusIs(StatusCode::kResourceExhausted));
  EXPECT_FALSE(Admin().Get(PodPath("game-1")).body["metadata"].contains("deletionTimestamp"));

  std::thread waiting([&] {
    EXPECT_THAT(pods_->Evict(pod, {.grace = std::chrono::seconds(120),
                                   .budget_pause = std::chrono::milliseconds(20)}),
                IsOk());
  });
  SetBudget(1);
  waiting.join();
  const Json metadata = Admin().Get(PodPath("game-1")).body["metadata"];
  EXPECT_TRUE(metadata.contains("deletionTimestamp"));
  EXPECT_EQ(metadata["deletionGracePeriodSeconds"], 120);
  // What the kubelet does at the end of the grace.
  Admin().Delete(PodPath("game-1") + "?gracePeriodSeconds=0");
  EXPECT_THAT(pods_->Evict(pod), IsOk());  // gone: nothing to do
}

TEST_F(NodesTest, ARunningPodGetsATolerationOnce) {
  StartPod("game-1");
  const kubernetes::Toleration toleration{
      .key = "gamelift.status/draining", .value = "true", .effect = "NoExecute"};
  EXPECT_THAT(pods_->AddToleration(ns_, "game-1", toleration), IsOk());
  EXPECT_THAT(pods_->AddToleration(ns_, "game-1", toleration), IsOk());
  int found = 0;
  const Json tolerations = Admin().Get(PodPath("game-1")).body["spec"]["tolerations"];
  for (const Json& one : tolerations) {
    found += one["key"] == toleration.key ? 1 : 0;
  }
  EXPECT_EQ(found, 1);
}

TEST_F(NodesTest, ADrainEvictsWhatIsThereAndKeepsDaemons) {
  StartPod("game-1");
  StartPod("game-2");
  StartPod("agent");
  const Json owner = {{"apiVersion", "apps/v1"},
                      {"kind", "DaemonSet"},
                      {"name", "agent"},
                      {"uid", NewUuid(SystemRng())},
                      {"controller", true}};
  ASSERT_EQ(Admin().Patch(PodPath("agent"), {{"metadata", {{"ownerReferences", {owner}}}}}).code,
            200);
  const auto report = kubernetes::Drain(*pods_, node_);
  ASSERT_THAT(report, IsOk());
  EXPECT_THAT(report->evicted, SizeIs(2));
  EXPECT_THAT(report->kept, SizeIs(1));
  EXPECT_THAT(report->failed, SizeIs(0));
}

}  // namespace
}  // namespace gsh::kubernetes_test
