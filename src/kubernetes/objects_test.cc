#include "gsh/kubernetes/objects.h"

#include "src/kubernetes/api_fixture.h"
#include "src/rpc/common/base64.h"

namespace gsh::kubernetes {
namespace {

using gsh::testing::IsOk;
using gsh::testing::StatusIs;
using ::testing::AllOf;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::Pair;
using ::testing::SizeIs;

using ObjectsTest = ApiTest;

TEST_F(ObjectsTest, ScaleIsReadAndSet) {
  Put("agones.dev/fleets", R"({"metadata":{"name":"f","namespace":"games"},
                               "spec":{"replicas":2},"status":{"replicas":1}})");
  const auto before = GetScale(*client_, kFleets, "games", "f");
  ASSERT_THAT(before, IsOk());
  EXPECT_EQ(before->wanted, 2);
  EXPECT_EQ(before->current, 1);
  EXPECT_EQ(SetScale(*client_, kFleets, "games", "f", 5)->wanted, 5);
  EXPECT_EQ(Stored("agones.dev/fleets", "games", "f")["spec"]["replicas"], 5);
  EXPECT_THAT(SetScale(*client_, kFleets, "games", "f", -1),
              StatusIs(StatusCode::kInvalidArgument));
  EXPECT_THAT(GetScale(*client_, kFleets, "games", "none"), StatusIs(StatusCode::kNotFound));
}

TEST_F(ObjectsTest, EventsAreSent) {
  EXPECT_THAT(EmitEvent(*client_, {.reason = "SpotInterruption",
                                   .message = "terminated in two minutes",
                                   .warning = true,
                                   .component = "gsh-spot-daemon",
                                   .api_version = "v1",
                                   .kind = "Node",
                                   .name = "n1",
                                   .uid = "u"}),
              IsOk());
  const auto events = ListAll(*client_, {.resource = kEvents});
  ASSERT_THAT(*events, SizeIs(1));
  const Json event = *ParseJson(events->front());
  EXPECT_TRUE(TextAt(event, {"metadata", "name"}).starts_with("n1."));
  EXPECT_EQ(TextAt(event, {"type"}), "Warning");
  EXPECT_EQ(TextAt(event, {"involvedObject", "kind"}), "Node");
}

TEST_F(ObjectsTest, GameServersAndFleetsAreRead) {
  const auto server = ParseGameServer(
      R"({"metadata":{"name":"s","namespace":"games","uid":"u","resourceVersion":"7",
          "labels":{"agones.dev/fleet":"f"}},
          "status":{"state":"Ready","address":"10.0.0.1","nodeName":"n",
          "ports":[{"name":"default","port":7000},{"name":"odd","port":99999999999}]}})");
  ASSERT_THAT(server, IsOk());
  EXPECT_EQ(server->state, "Ready");
  EXPECT_EQ(server->fleet, "f");
  EXPECT_THAT(server->ports, ElementsAre(Pair("default", 7000), Pair("odd", 0)));
  EXPECT_THAT(ParseGameServer("[]"), StatusIs(StatusCode::kInvalidArgument));
  EXPECT_THAT(ParseGameServer(R"({"metadata":[],"status":{"ports":{}}})"), IsOk());
  const auto fleet =
      ParseFleet(R"({"spec":{"replicas":3},"status":{"readyReplicas":2,"allocatedReplicas":1}})");
  EXPECT_EQ(fleet->wanted, 3);
  EXPECT_EQ(fleet->ready, 2);
  EXPECT_EQ(fleet->allocated, 1);
}

TEST_F(ObjectsTest, PoliciesAreAppliedAndReadBack) {
  AllocationPolicy policy{.ns = "games",
                          .name = "allocator-policy-to-cluster-2",
                          .priority = 2,
                          .weight = 50,
                          .cluster_name = "cluster-2",
                          .allocation_endpoints = {"a.example:443"},
                          .secret_name = "allocator-secret-to-cluster-2",
                          .server_ns = "games",
                          .server_ca_pem = "PEM\n"};
  EXPECT_EQ(*ApplyAllocationPolicy(*client_, policy), Applied::kCreated);
  policy.weight = 70;
  policy.server_ca_pem.clear();
  policy.allocation_endpoints.clear();
  EXPECT_EQ(*ApplyAllocationPolicy(*client_, policy), Applied::kConfigured);
  const auto all = ListAll(*client_, {.resource = kGameServerAllocationPolicies, .ns = "games"});
  ASSERT_THAT(*all, SizeIs(1));
  const auto read = ParseAllocationPolicy(all->front());
  ASSERT_THAT(read, IsOk());
  EXPECT_EQ(read->weight, 70);
  EXPECT_EQ(read->priority, 2);
  EXPECT_EQ(read->server_ca_pem, "");
  EXPECT_THAT(read->allocation_endpoints, IsEmpty());
  EXPECT_EQ(read->secret_name, policy.secret_name);
}

TEST(AllocationPolicyTest, OfAnotherClusterIsTheDocuments) {
  const AllocationPolicy policy{.ns = "agones-system",
                                .name = "allocator-policy-to-cluster-2",
                                .cluster_name = "agones-gameservers-2",
                                .allocation_endpoints = {"192.0.2.7"},
                                .secret_name = "allocator-secret-to-cluster-2",
                                .server_ns = "gameservers"};
  EXPECT_EQ(Json::parse(ToJson(policy)), Json::parse(R"({
    "apiVersion": "multicluster.agones.dev/v1", "kind": "GameServerAllocationPolicy",
    "metadata": {"name": "allocator-policy-to-cluster-2", "namespace": "agones-system"},
    "spec": {"connectionInfo": {"allocationEndpoints": ["192.0.2.7"],
                                "clusterName": "agones-gameservers-2", "namespace": "gameservers",
                                "secretName": "allocator-secret-to-cluster-2"},
             "priority": 1, "weight": 100}})"));
}

TEST(AllocationPolicyTest, OfThisClusterHasNoEndpoints) {
  const Json json = Json::parse(ToJson(
      {.ns = "a", .name = "local", .labels = {{"a", "b"}}, .priority = 2, .server_ns = "games"}));
  EXPECT_EQ(json["spec"]["connectionInfo"], Json::parse(R"({"namespace": "games"})"));
  EXPECT_EQ(json["metadata"]["labels"]["a"], "b");
}

TEST_F(ObjectsTest, EveryMistakeOfAPolicyIsNamed) {
  EXPECT_THAT(
      ApplyAllocationPolicy(*client_, {.priority = -1, .weight = -1, .allocation_endpoints = {""}}),
      StatusIs(StatusCode::kInvalidArgument,
               AllOf(HasSubstr("no name"), HasSubstr("it has no namespace"),
                     HasSubstr("servers have no namespace"), HasSubstr("secret"),
                     HasSubstr("endpoint is empty"), HasSubstr("priority"), HasSubstr("weight"))));
  EXPECT_THAT(*ListAll(*client_, {.resource = kGameServerAllocationPolicies}), IsEmpty());
}

TEST_F(ObjectsTest, AnAppliedObjectKeepsWhatIsNotNamedAndLosesWhatIsNull) {
  const auto apply = [&](const char* data) {
    return Apply(
        *client_, kLeases,
        R"({"metadata": {"name": "l", "namespace": "games"}, "spec": )" + std::string(data) + "}");
  };
  EXPECT_EQ(*apply(R"({"a": 1, "b": 1, "c": null})"), Applied::kCreated);
  EXPECT_EQ(*apply(R"({"a": null, "d": 2})"), Applied::kConfigured);
  const auto read = client_->Call({.resource = kLeases, .ns = "games", .name = "l"});
  EXPECT_EQ(Json::parse(*read)["spec"], Json::parse(R"({"b": 1, "d": 2})"));
  EXPECT_THAT(Apply(*client_, kLeases, "[]"), StatusIs(StatusCode::kInvalidArgument));
}

TEST_F(ObjectsTest, ListsThatExpireHalfWayAreBegunAgain) {
  for (int i = 0; i < 5; ++i) {
    Put("/nodes", R"({"metadata":{"name":"n)" + std::to_string(i) + R"("}})");
  }
  api_->Fail({.path = "continue=", .code = 410, .reason = "Expired"});
  EXPECT_THAT(*ListAll(*client_, {.resource = kNodes, .limit = 2}), SizeIs(5));
  api_->Fail({.path = "continue=", .code = 410, .reason = "Expired", .times = 10});
  EXPECT_THAT(ListAll(*client_, {.resource = kNodes, .limit = 2}),
              StatusIs(StatusCode::kOutOfRange));
}

TEST(Json, DepthIsBounded) {
  EXPECT_THAT(ParseJson(std::string(kMaxJsonDepth, '[') + std::string(kMaxJsonDepth, ']')), IsOk());
  EXPECT_THAT(ParseJson(std::string(1'000'000, '[')), StatusIs(StatusCode::kInvalidArgument));
  EXPECT_THAT(ParseJson(R"(["[[[[\"[[[["])"), IsOk());
  EXPECT_THAT(ParseJson(""), StatusIs(StatusCode::kInvalidArgument));
  EXPECT_THAT(ParseJsonObject("[]"), StatusIs(StatusCode::kInvalidArgument));
}

}  // namespace
}  // namespace gsh::kubernetes
