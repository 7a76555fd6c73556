#include "gsh/kubernetes/pods.h"

#include <future>

#include "gsh/kubernetes/drain.h"
#include "gsh/testing/manual_clock.h"
#include "src/kubernetes/api_fixture.h"

namespace gsh::kubernetes {
namespace {

using gsh::testing::IsOk;
using gsh::testing::StatusIs;
using std::chrono::milliseconds;
using std::chrono::seconds;
using ::testing::ElementsAre;
using ::testing::IsEmpty;
using ::testing::SizeIs;
using ::testing::UnorderedElementsAre;

class PodsTest : public ApiTest {
 protected:
  void SetUp() override {
    ApiTest::SetUp();
    pods_ = MakePods(*client_);
  }
  void Add(const std::string& name, const std::string& node = "n1", Json more = Json::object()) {
    Json pod = {{"metadata", {{"name", name}, {"namespace", "games"}}},
                {"spec", {{"nodeName", node}}},
                {"status", {{"phase", "Running"}}}};
    pod.merge_patch(more);
    Put("/pods", Dump(pod));
  }
  void AddBudget(int allowed) {
    Put("policy/poddisruptionbudgets",
        Dump({{"metadata", {{"name", "budget"}, {"namespace", "games"}}},
              {"spec", {{"selector", {{"matchLabels", {{"app", "game"}}}}}}},
              {"status", {{"disruptionsAllowed", allowed}}}}));
  }
  static Json Labelled() { return {{"metadata", {{"labels", {{"app", "game"}}}}}}; }
  static Json OwnedBy(const char* kind) {
    return {{"metadata",
             {{"ownerReferences",
               Json::array({{{"kind", kind}, {"name", "owner"}, {"controller", true}}})}}}};
  }
  Pod Read(const std::string& name) {
    const auto all = pods_->ListOnNode("n1");
    for (const Pod& pod : *all) {
      if (pod.name == name) return pod;
    }
    return {};
  }
  static std::vector<std::string> Names(const std::vector<Pod>& pods) {
    std::vector<std::string> names;
    for (const Pod& pod : pods) names.push_back(pod.name);
    return names;
  }

  std::unique_ptr<Pods> pods_;
};

TEST_F(PodsTest, OfANodeAreListedInPages) {
  for (int i = 0; i < 600; ++i) Add("p" + std::to_string(i), i % 2 == 0 ? "n1" : "n2");
  EXPECT_THAT(*pods_->ListOnNode("n1"), SizeIs(300));
  Add("odd", "n3", OwnedBy("DaemonSet"));
  const auto odd = pods_->ListOnNode("n3");
  ASSERT_THAT(*odd, SizeIs(1));
  EXPECT_EQ(odd->front().owner_kind, "DaemonSet");
  EXPECT_EQ(odd->front().owner_name, "owner");
  EXPECT_EQ(odd->front().phase, "Running");
  EXPECT_NE(odd->front().uid, "");
}

TEST_F(PodsTest, AreEvicted) {
  Add("web");
  const Pod pod = Read("web");
  EXPECT_THAT(pods_->Evict(pod, {.grace = seconds(120)}), IsOk());
  EXPECT_TRUE(Stored("/pods", "games", "web").is_null());
  EXPECT_THAT(pods_->Evict(pod), IsOk());  // it has gone
  Add("web");                              // another one of that name
  EXPECT_THAT(pods_->Evict(pod), IsOk());
  EXPECT_FALSE(Stored("/pods", "games", "web").is_null());
}

TEST_F(PodsTest, ABudgetThatRefusesIsAskedAgain) {
  gsh::testing::ManualClock clock;
  KubernetesOptions options = Options();
  options.clock = &clock;
  const auto client = Make(options);
  const auto pods = MakePods(*client);
  Add("web", "n1", Labelled());
  AddBudget(0);
  std::promise<Status> ended;
  pods->EvictAsync(Read("web"), {}, {.timeout = seconds(60)},
                   [&](Status status) { ended.set_value(std::move(status)); });
  for (int i = 0; i < 3; ++i) {
    clock.WaitForTimers();
    EXPECT_FALSE(Stored("/pods", "games", "web").is_null());
    if (i == 2) {
      ASSERT_THAT(api_->store().Update("policy/poddisruptionbudgets", "games", "budget",
                                       [](Json& budget) {
                                         budget["status"]["disruptionsAllowed"] = 1;
                                         return OkStatus();
                                       }),
                  IsOk());
    }
    clock.Advance(seconds(5));
  }
  EXPECT_THAT(ended.get_future().get(), IsOk());
  EXPECT_TRUE(Stored("/pods", "games", "web").is_null());
}

TEST_F(PodsTest, ABudgetThatRefusesToTheEndIsTheError) {
  Add("web", "n1", Labelled());
  AddBudget(0);
  const Pod pod = Read("web");
  const Status once = pods_->Evict(pod, {.budget_pause = Duration(0)});
  EXPECT_THAT(once, StatusIs(StatusCode::kResourceExhausted));
  EXPECT_EQ(once.info()->name, "DisruptionBudget");
  EXPECT_EQ(once.info()->attempts, 1);
  EXPECT_THAT(pods_->Evict(pod, {.budget_pause = milliseconds(20)}, {.timeout = milliseconds(200)}),
              StatusIs(StatusCode::kResourceExhausted));
  EXPECT_FALSE(Stored("/pods", "games", "web").is_null());
}

TEST_F(PodsTest, AnEvictionWithoutAnAnswerIsRepeated) {
  Add("web");
  api_->Fail({.path = "eviction", .code = 500, .after = true});
  EXPECT_THAT(pods_->Evict(Read("web"), {.budget_pause = milliseconds(1)}), IsOk());
  EXPECT_TRUE(Stored("/pods", "games", "web").is_null());
}

TEST_F(PodsTest, TolerationsAreAddedOnce) {
  Add("web", "n1",
      {{"spec",
        {{"tolerations", Json::array({{{"operator", "Exists"}, {"tolerationSeconds", 5}}})}}}});
  const Toleration toleration{
      .key = "gamelift.status/draining", .value = "true", .effect = "NoExecute"};
  EXPECT_THAT(pods_->AddToleration("games", "web", toleration), IsOk());
  EXPECT_THAT(pods_->AddToleration("games", "web", toleration), IsOk());
  const Json tolerations = Stored("/pods", "games", "web")["spec"]["tolerations"];
  ASSERT_EQ(tolerations.size(), 2u);
  EXPECT_EQ(tolerations[0]["tolerationSeconds"], 5);
  EXPECT_EQ(tolerations[1]["key"], toleration.key);
}

TEST_F(PodsTest, DrainingLeavesDaemonsMirrorsAndWhatHasFinished) {
  Add("web");
  Add("game", "n1", OwnedBy("GameServer"));
  Add("daemon", "n1", OwnedBy("DaemonSet"));
  Add("static", "n1", {{"metadata", {{"annotations", {{"kubernetes.io/config.mirror", "x"}}}}}});
  Add("done", "n1", {{"status", {{"phase", "Succeeded"}}}});
  Add("kept");
  Add("elsewhere", "n2");
  const auto report =
      Drain(*pods_, "n1", {.filter = [](const Pod& pod) { return pod.name != "kept"; }});
  ASSERT_THAT(report, IsOk());
  EXPECT_THAT(Names(report->evicted), UnorderedElementsAre("web", "game"));
  EXPECT_THAT(Names(report->kept), UnorderedElementsAre("daemon", "static", "done", "kept"));
  EXPECT_THAT(report->failed, IsEmpty());
  EXPECT_THAT(Names(*pods_->ListOnNode("n1")),
              UnorderedElementsAre("daemon", "static", "done", "kept"));
  EXPECT_THAT(Drain(*pods_, "empty")->evicted, IsEmpty());
}

TEST_F(PodsTest, OneThatIsRefusedHoldsUpNoOther) {
  Add("a", "n1", Labelled());
  Add("b");
  Add("c");
  AddBudget(0);
  const auto report = Drain(*pods_, "n1", {.evict = {.budget_pause = milliseconds(20)}},
                            {.timeout = milliseconds(300)});
  ASSERT_THAT(report, IsOk());
  EXPECT_THAT(Names(report->evicted), UnorderedElementsAre("b", "c"));
  ASSERT_THAT(report->failed, SizeIs(1));
  EXPECT_EQ(report->failed[0].first.name, "a");
  EXPECT_THAT(report->failed[0].second, StatusIs(StatusCode::kResourceExhausted));
}

}  // namespace
}  // namespace gsh::kubernetes
