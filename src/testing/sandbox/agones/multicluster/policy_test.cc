#include "src/testing/sandbox/agones/multicluster/policy.h"

#include <gmock/gmock.h>

#include "gsh/testing/fakes.h"
#include "gsh/testing/matchers.h"

namespace gsh::sandbox {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using testing::IsOk;
using testing::StatusIs;

AllocationPolicy To(const std::string& cluster, int priority, int weight) {
  return {.priority = priority, .weight = weight, .connection = {.cluster_name = cluster}};
}

std::vector<std::string> OrderOf(const std::vector<AllocationPolicy>& policies, Rng& rng) {
  PolicyOrder order(policies, rng);
  std::vector<std::string> names;
  while (const ConnectionInfo* next = order.Next()) names.push_back(next->cluster_name);
  return names;
}

TEST(ParsePolicy, ReadsTheDocumentsManifest) {
  const auto policy = ParsePolicy(R"({
    "apiVersion": "multicluster.agones.dev/v1", "kind": "GameServerAllocationPolicy",
    "metadata": {"name": "allocator-policy-to-cluster-2", "namespace": "agones-system",
                 "labels": {"tier": "one"}},
    "spec": {"connectionInfo": {"allocationEndpoints": ["192.0.2.7"],
                                "clusterName": "agones-gameservers-2", "namespace": "gameservers",
                                "secretName": "allocator-secret-to-cluster-2"},
             "priority": 1, "weight": 100}})");
  ASSERT_THAT(policy, IsOk());
  EXPECT_EQ(policy->name, "allocator-policy-to-cluster-2");
  EXPECT_EQ(policy->ns, "agones-system");
  EXPECT_THAT(policy->labels, ElementsAre(::testing::Pair("tier", "one")));
  EXPECT_EQ(policy->priority, 1);
  EXPECT_EQ(policy->weight, 100);
  EXPECT_EQ(policy->connection.cluster_name, "agones-gameservers-2");
  EXPECT_THAT(policy->connection.endpoints, ElementsAre("192.0.2.7"));
  EXPECT_EQ(policy->connection.secret, "allocator-secret-to-cluster-2");
  EXPECT_EQ(policy->connection.ns, "gameservers");
}

TEST(ParsePolicy, RefusesWhatTheDefinitionRefuses) {
  const auto with_spec = [](const std::string& spec) {
    return ParsePolicy(R"({"apiVersion": "multicluster.agones.dev/v1",
      "kind": "GameServerAllocationPolicy", "metadata": {"name": "p"}, "spec": )" +
                       spec + "}");
  };
  EXPECT_THAT(with_spec(R"({"priority": 1, "weight": 1, "connectionInfo": {"namespace": "n"}})"),
              IsOk());
  const auto refuses = [](const StatusOr<AllocationPolicy>& policy, const char* field) {
    EXPECT_THAT(policy, StatusIs(StatusCode::kInvalidArgument, HasSubstr(field)));
  };
  refuses(with_spec(R"({"weight": 1, "connectionInfo": {"namespace": "n"}})"), "priority");
  refuses(with_spec(R"({"priority": -1, "weight": 1, "connectionInfo": {"namespace": "n"}})"),
          "priority");
  refuses(with_spec(R"({"priority": 1, "weight": "1", "connectionInfo": {"namespace": "n"}})"),
          "weight");
  refuses(with_spec(R"({"priority": 1, "weight": 1, "connectionInfo": {}})"), "namespace");
  refuses(with_spec(R"({"priority": 1, "weight": 1,
                        "connectionInfo": {"namespace": "n", "allocationEndpoints": []}})"),
          "allocationEndpoints");
  refuses(with_spec(R"({"priority": 1, "weight": 1, "connectionInfo": []})"), "connectionInfo");
  refuses(ParsePolicy("{"), "JSON");
  refuses(ParsePolicy("[1]"), "JSON");
  refuses(ParsePolicy(R"({"kind": "Fleet"})"), "apiVersion");
}

TEST(PolicyOrder, LowerPriorityNumbersGoFirst) {
  testing::SeededRng rng(1);
  EXPECT_THAT(OrderOf({To("c", 3, 1), To("a", 1, 1), To("b", 2, 1)}, rng),
              ElementsAre("a", "b", "c"));
}

TEST(PolicyOrder, WeightsDecideWithinAPriority) {
  testing::SeededRng rng(1);
  int first = 0;
  for (int i = 0; i < 4000; ++i) first += OrderOf({To("a", 1, 30), To("b", 1, 10)}, rng)[0] == "a";
  EXPECT_NEAR(first, 3000, 120);
}

TEST(PolicyOrder, EachClusterIsVisitedOnce) {
  testing::SeededRng rng(1);
  EXPECT_THAT(OrderOf({To("a", 1, 1), To("a", 1, 1), To("a", 2, 1), To("b", 2, 1)}, rng),
              ElementsAre("a", "b"));
}

TEST(PolicyOrder, SeveralPoliciesToOneClusterWeighTheirMean) {
  testing::SeededRng rng(1);
  int first = 0;
  for (int i = 0; i < 4000; ++i) {
    first += OrderOf({To("a", 1, 10), To("a", 1, 30), To("b", 1, 20)}, rng)[0] == "a";
  }
  EXPECT_NEAR(first, 2000, 140);
}

TEST(PolicyOrder, WithoutWeightNobodyIsAsked) {
  testing::SeededRng rng(1);
  EXPECT_THAT(OrderOf({To("a", 1, 0), To("b", 2, 1)}, rng), ElementsAre("b"));
  EXPECT_THAT(OrderOf({To("a", 1, 0)}, rng), ElementsAre());
}

}  // namespace
}  // namespace gsh::sandbox
