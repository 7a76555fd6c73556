// Our definitions of Agones' resources: the names, fields and bounds of the real ones.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/integration/kubernetes/api.h"
#include "tests/integration/kubernetes/manifests.h"

namespace gsh::kubernetes_test {
namespace {

using Json = nlohmann::json;

class AgonesResourcesTest : public ::testing::Test {
 protected:
  AgonesResourcesTest() { InstallAgonesResources(); }

  std::string Path(const std::string& plural) const {
    return "/apis/agones.dev/v1/namespaces/" + ns_ + "/" + plural;
  }

  const std::string ns_ = NewNamespace();
};

Json PodTemplate() {
  return {{"spec", {{"containers", {{{"name", "game"}, {"image", "game:1"}}}}}}};
}

Json GameServer(const std::string& state) {
  return {{"apiVersion", "agones.dev/v1"},
          {"kind", "GameServer"},
          {"metadata", {{"name", "gs-1"}}},
          {"spec",
           {{"ports", {{{"name", "default"}, {"containerPort", 7777}, {"protocol", "UDP"}}}},
            {"counters", {{"rooms", {{"count", 1}, {"capacity", 10}}}}},
            {"template", PodTemplate()}}},
          {"status",
           {{"state", state},
            {"address", "192.0.2.1"},
            {"nodeName", "node-1"},
            {"ports", {{{"name", "default"}, {"port", 7000}}}}}}};
}

TEST_F(AgonesResourcesTest, AGameServersStatusIsWrittenWithIt) {
  const ApiAnswer made =
      Admin().Post(Path("gameservers") + "?fieldValidation=Strict", GameServer("Scheduled"));
  ASSERT_EQ(made.code, 201) << made.body;
  EXPECT_EQ(made.body["status"]["state"], "Scheduled");
  const ApiAnswer ready =
      Admin().Patch(Path("gameservers") + "/gs-1", {{"status", {{"state", "Ready"}}}});
  EXPECT_EQ(ready.code, 200) << ready.body;
  EXPECT_EQ(ready.body["status"]["state"], "Ready");
  EXPECT_EQ(ready.body["status"]["ports"][0]["port"], 7000);
}

TEST_F(AgonesResourcesTest, WhatAgonesRefusesIsRefused) {
  EXPECT_EQ(Admin().Post(Path("gameservers"), GameServer("Asleep")).code, 422);
  Json no_template = GameServer("Ready");
  no_template["spec"].erase("template");
  EXPECT_EQ(Admin().Post(Path("gameservers"), no_template).code, 422);
  Json misspelt = GameServer("Ready");
  misspelt["spec"]["port"] = 1;
  EXPECT_EQ(Admin().Post(Path("gameservers") + "?fieldValidation=Strict", misspelt).code, 400);
}

TEST_F(AgonesResourcesTest, AFleetIsScaledByItsSubresource) {
  const Json fleet = {{"apiVersion", "agones.dev/v1"},
                      {"kind", "Fleet"},
                      {"metadata", {{"name", "flt"}}},
                      {"spec",
                       {{"replicas", 2},
                        {"strategy", {{"type", "Recreate"}}},
                        {"template", {{"spec", {{"template", PodTemplate()}}}}}}}};
  ASSERT_EQ(Admin().Post(Path("fleets") + "?fieldValidation=Strict", fleet).code, 201);
  const ApiAnswer scaled =
      Admin().Patch(Path("fleets") + "/flt/scale", {{"spec", {{"replicas", 5}}}});
  EXPECT_EQ(scaled.code, 200) << scaled.body;
  EXPECT_EQ(Admin().Get(Path("fleets") + "/flt").body["spec"]["replicas"], 5);
}

TEST_F(AgonesResourcesTest, APolicyNeedsPriorityAndWeight) {
  const std::string path = "/apis/multicluster.agones.dev/v1/namespaces/" + ns_ +
                           "/gameserverallocationpolicies?fieldValidation=Strict";
  Json policy = {{"apiVersion", "multicluster.agones.dev/v1"},
                 {"kind", "GameServerAllocationPolicy"},
                 {"metadata", {{"name", "allocator-policy-to-cluster-2"}}},
                 {"spec",
                  {{"priority", 1},
                   {"weight", 100},
                   {"connectionInfo",
                    {{"namespace", "gameservers"},
                     {"clusterName", "agones-gameservers-2"},
                     {"secretName", "allocator-secret-to-cluster-2"},
                     {"allocationEndpoints", {"192.0.2.1:443"}}}}}}};
  EXPECT_EQ(Admin().Post(path, policy).code, 201);
  policy["metadata"]["name"] = "second";
  policy["spec"].erase("weight");
  EXPECT_EQ(Admin().Post(path, policy).code, 422);
}

}  // namespace
}  // namespace gsh::kubernetes_test
