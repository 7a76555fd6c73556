#include "gsh/kubernetes/nodes.h"

#include <algorithm>

#include "src/kubernetes/api_fixture.h"

namespace gsh::kubernetes {
namespace {

using gsh::testing::IsOk;
using gsh::testing::StatusIs;
using ::testing::ElementsAre;
using ::testing::IsEmpty;
using ::testing::Pair;
using ::testing::SizeIs;

class NodesTest : public ApiTest {
 protected:
  void SetUp() override {
    ApiTest::SetUp();
    nodes_ = MakeNodes(*client_);
    Put("/nodes", R"({"metadata":{"name":"n1","labels":{"role":"game-servers"}},
                      "spec":{"providerID":"aws:///a/i-1",
                              "taints":[{"key":"old","effect":"NoSchedule",
                                         "timeAdded":"2026-01-01T00:00:00Z"}]}})");
  }
  // How often the server was asked to change something.
  std::size_t Changes() {
    const auto requests = api_->TakeRequests();
    return static_cast<std::size_t>(std::ranges::count_if(
        requests, [](const std::string& request) { return !request.starts_with("GET "); }));
  }
  std::unique_ptr<Nodes> nodes_;
};

TEST_F(NodesTest, AreRead) {
  const auto node = nodes_->Get("n1");
  ASSERT_THAT(node, IsOk());
  EXPECT_EQ(node->name, "n1");
  EXPECT_FALSE(node->unschedulable);
  EXPECT_EQ(node->provider_id, "aws:///a/i-1");
  EXPECT_THAT(node->labels, ElementsAre(Pair("role", "game-servers")));
  EXPECT_THAT(node->taints, ElementsAre(Taint{.key = "old", .effect = "NoSchedule"}));
  EXPECT_THAT(nodes_->Get("n2"), StatusIs(StatusCode::kNotFound));
}

TEST_F(NodesTest, CordoningTwiceChangesOnce) {
  EXPECT_TRUE(nodes_->Cordon("n1")->unschedulable);
  EXPECT_TRUE(nodes_->Cordon("n1")->unschedulable);
  EXPECT_EQ(Changes(), 1u);
  EXPECT_FALSE(nodes_->Uncordon("n1")->unschedulable);
  EXPECT_FALSE(nodes_->Uncordon("n1")->unschedulable);
  EXPECT_EQ(Changes(), 1u);
  EXPECT_EQ(Find(Stored("/nodes", "", "n1"), {"spec", "unschedulable"}), nullptr);
}

TEST_F(NodesTest, TaintsAreAddedOnce) {
  const Taint taint{.key = "gamelift.status/draining", .value = "true", .effect = "NoExecute"};
  EXPECT_THAT(nodes_->AddTaint("n1", taint)->taints, SizeIs(2));
  EXPECT_THAT(nodes_->AddTaint("n1", taint)->taints, SizeIs(2));
  EXPECT_EQ(Changes(), 1u);
  // Another value in its place, another effect beside it.
  Taint other = taint;
  other.value = "false";
  EXPECT_THAT(nodes_->AddTaint("n1", other)->taints,
              ElementsAre(Taint{.key = "old", .effect = "NoSchedule"}, other));
  Taint softer = taint;
  softer.effect = "PreferNoSchedule";
  EXPECT_THAT(nodes_->AddTaint("n1", softer)->taints, SizeIs(3));
  // What is not ours is as it was.
  EXPECT_EQ(Stored("/nodes", "", "n1")["spec"]["taints"][0]["timeAdded"], "2026-01-01T00:00:00Z");

  EXPECT_THAT(nodes_->RemoveTaint("n1", taint.key, "NoExecute")->taints, SizeIs(2));
  EXPECT_THAT(nodes_->RemoveTaint("n1", taint.key, "")->taints, SizeIs(1));
  Changes();
  EXPECT_THAT(nodes_->RemoveTaint("n1", taint.key, "")->taints, SizeIs(1));
  EXPECT_EQ(Changes(), 0u);
  EXPECT_THAT(nodes_->RemoveTaint("n1", "old", "")->taints, IsEmpty());
}

TEST_F(NodesTest, LabelsComeAndGo) {
  EXPECT_THAT(
      nodes_->Label("n1", {{"a/b", "c"}, {"role", std::nullopt}, {"x", std::nullopt}})->labels,
      ElementsAre(Pair("a/b", "c")));
  EXPECT_EQ(Changes(), 1u);
  EXPECT_THAT(nodes_->Label("n1", {{"a/b", "c"}}), IsOk());
  EXPECT_EQ(Changes(), 0u);
}

TEST_F(NodesTest, SomebodyElsesChangesAtTheSameTimeAreKept) {
  api_->Fail({.method = "PATCH", .code = 409, .reason = "Conflict", .times = 3});
  EXPECT_THAT(nodes_->AddTaint("n1", {.key = "k", .effect = "NoExecute"})->taints, SizeIs(2));
  EXPECT_EQ(Changes(), 4u);

  // Done, but the answer says otherwise: read again, and found done.
  api_->Fail({.method = "PATCH", .code = 409, .reason = "Conflict", .after = true});
  EXPECT_THAT(nodes_->AddTaint("n1", {.key = "k2", .effect = "NoExecute"})->taints, SizeIs(3));
  EXPECT_EQ(Changes(), 1u);

  api_->Fail({.method = "PATCH", .code = 409, .reason = "Conflict", .times = 100});
  EXPECT_THAT(nodes_->Cordon("n1"), StatusIs(StatusCode::kAborted));
}

}  // namespace
}  // namespace gsh::kubernetes
