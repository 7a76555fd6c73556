// The sandbox's Kubernetes API, as tools find it by DIR/kubeconfig.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <map>
#include <memory>
#include <nlohmann/json.hpp>
#include <string>
#include <vector>

#include "gsh/agones/allocator.h"
#include "gsh/agones_kubernetes/allocator.h"
#include "gsh/kubernetes/client.h"
#include "gsh/kubernetes/kubeconfig.h"
#include "gsh/kubernetes/nodes.h"
#include "gsh/kubernetes/objects.h"
#include "gsh/kubernetes/pods.h"
#include "gsh/testing/matchers.h"
#include "gsh/testing/sandbox.h"
#include "src/testing/temporary_directory.h"

namespace gsh::sandbox {
namespace {

namespace fs = std::filesystem;
using kubernetes::Client;
using kubernetes::Verb;
using testing::IsOk;
using testing::Sandbox;
using testing::SandboxGameServer;
using testing::SandboxOptions;
using testing::StatusIs;
using ::testing::UnorderedElementsAre;
using Servers = std::vector<SandboxGameServer>;

constexpr auto kLong = std::chrono::seconds(20);

class KubernetesSideTest : public ::testing::Test {
 protected:
  void Start(SandboxOptions options = {}) {
    options.dir = dir_.string();
    options.regions = {"eu", "us"};
    options.kubernetes = true;
    options.allocation_batch_wait = Duration::zero();
    auto sandbox = Sandbox::Start(options);
    ASSERT_THAT(sandbox, IsOk());
    sandbox_ = *std::move(sandbox);
    ASSERT_TRUE(AwaitReady(4));
    client_ = Connect("");
  }
  bool AwaitReady(int count) {
    return sandbox_->WaitForGameServers(
        [&](const Servers& all) {
          return count == std::ranges::count(all, "Ready", &SandboxGameServer::state);
        },
        kLong);
  }
  std::unique_ptr<Client> Connect(const std::string& context) const {
    auto cluster =
        kubernetes::LoadKubeconfig({.files = {dir_.File("kubeconfig")}, .context = context});
    EXPECT_THAT(cluster, IsOk());
    auto client = kubernetes::MakeClient({.cluster = *std::move(cluster)});
    EXPECT_THAT(client, IsOk());
    return *std::move(client);
  }

  std::map<std::string, kubernetes::GameServer> List(Client& client) const {
    std::map<std::string, kubernetes::GameServer> servers;
    const auto texts =
        kubernetes::ListAll(client, {.resource = kubernetes::kGameServers, .ns = "default"});
    EXPECT_THAT(texts, IsOk());
    for (const std::string& text : *texts) {
      auto server = kubernetes::ParseGameServer(text);
      servers[server->name] = *server;
    }
    return servers;
  }
  kubernetes::Fleet FleetNamed(const std::string& name) const {
    const auto text =
        client_->Call({.resource = kubernetes::kFleets, .ns = "default", .name = name});
    EXPECT_THAT(text, IsOk());
    return *kubernetes::ParseFleet(*text);
  }
  // Until what comes by another thread has come.
  bool Eventually(const std::function<bool()>& done) const {
    const SteadyTime deadline = SystemClock().SteadyNow() + kLong;
    while (!done()) {
      if (SystemClock().SteadyNow() > deadline) return false;
      SystemClock().SleepFor(std::chrono::milliseconds(2));
    }
    return true;
  }
  // The API says of each game server what the sandbox does.
  bool Agree(Client& client) const {
    const auto listed = List(client);
    const Servers servers = sandbox_->game_servers();
    return listed.size() == servers.size() &&
           std::ranges::all_of(servers, [&](const SandboxGameServer& server) {
             const auto found = listed.find(server.name);
             return found != listed.end() && found->second.state == server.state &&
                    found->second.address == server.address &&
                    found->second.ports == std::map<std::string, int>{{"default", server.port}} &&
                    found->second.labels == server.labels &&
                    found->second.annotations == server.annotations &&
                    found->second.fleet == server.fleet;
           });
  }
  std::string AnyServer() const { return sandbox_->game_servers().front().name; }

  const testing::TemporaryDirectory dir_;
  std::unique_ptr<Sandbox> sandbox_;
  std::unique_ptr<Client> client_;
};

TEST_F(KubernetesSideTest, HasTheGameServersThatTheAllocatorHandsOut) {
  Start();
  EXPECT_TRUE(Eventually([&] { return Agree(*client_); }));
  const auto allocator =
      agones::MakeAllocator({.client = {.endpoint = sandbox_->endpoints().allocators.at("eu"),
                                        .tls = sandbox_->allocator_tls()}});
  const auto got = (*allocator)
                       ->Allocate({.selectors = {{.match_labels = {{"region", "eu"}}}},
                                   .labels = {{"game", "go"}}});
  ASSERT_THAT(got, IsOk());
  EXPECT_TRUE(Eventually([&] { return Agree(*client_); }));
  const kubernetes::GameServer server = List(*client_).at(got->game_server);
  EXPECT_EQ(server.state, "Allocated");
  EXPECT_EQ(server.labels.at("game"), "go");
  EXPECT_EQ(server.node, "gsh-sandbox-eu");
  const kubernetes::Fleet fleet = FleetNamed("ncat-pool1");
  EXPECT_EQ(fleet.wanted, 2);
  EXPECT_EQ(fleet.replicas, 2);
  EXPECT_EQ(fleet.ready, 1);
  EXPECT_EQ(fleet.allocated, 1);
}

TEST_F(KubernetesSideTest, ServesGameServerAllocations) {
  Start();
  const auto allocator = agones_kubernetes::MakeAllocator(Connect(""));
  ASSERT_THAT(allocator, IsOk());
  const auto got = (*allocator)->Allocate({.selectors = {{.match_labels = {{"region", "us"}}}}});
  ASSERT_THAT(got, IsOk());
  EXPECT_TRUE(Eventually([&] { return List(*client_).at(got->game_server).state == "Allocated"; }));
}

TEST_F(KubernetesSideTest, WhoeverBearsNoTokenStaysOut) {
  Start();
  nlohmann::json config = nlohmann::json::parse(std::ifstream(dir_.File("kubeconfig")));
  config["users"][0]["user"]["token"] = "another";
  std::ofstream(dir_.File("stranger")) << config;
  const auto cluster = kubernetes::LoadKubeconfig({.files = {dir_.File("stranger")}});
  ASSERT_THAT(cluster, IsOk());
  const auto client = kubernetes::MakeClient({.cluster = *cluster});
  EXPECT_THAT((*client)->Call({.verb = Verb::kList, .resource = kubernetes::kGameServers}),
              StatusIs(StatusCode::kUnauthenticated));
  EXPECT_EQ(fs::status(dir_.File("kubeconfig")).permissions(),
            fs::perms::owner_read | fs::perms::owner_write);
}

TEST_F(KubernetesSideTest, ADeletedGameServerEndsAndIsReplaced) {
  Start();
  const std::string name = AnyServer();
  ASSERT_THAT(client_->Call({.verb = Verb::kDelete,
                             .resource = kubernetes::kGameServers,
                             .ns = "default",
                             .name = name}),
              IsOk());
  EXPECT_FALSE(List(*client_).contains(name));
  EXPECT_TRUE(sandbox_->WaitForGameServers(
      [&](const Servers& all) {
        return all.size() == 4 && std::ranges::count(all, name, &SandboxGameServer::name) == 0;
      },
      kLong));
  EXPECT_TRUE(AwaitReady(4));
  EXPECT_TRUE(Eventually([&] { return Agree(*client_); }));
}

TEST_F(KubernetesSideTest, AnEvictedPodTakesItsGameServerAlong) {
  Start();
  const auto pods = kubernetes::MakePods(*client_);
  const auto on_node = pods->ListOnNode("gsh-sandbox-eu");
  ASSERT_THAT(on_node, IsOk());
  ASSERT_EQ(on_node->size(), 2u);
  EXPECT_THAT(pods->Evict(on_node->front()), IsOk());
  EXPECT_TRUE(sandbox_->WaitForGameServers(
      [&](const Servers& all) {
        return std::ranges::count(all, on_node->front().name, &SandboxGameServer::name) == 0;
      },
      kLong));
  EXPECT_TRUE(AwaitReady(4));
}

TEST_F(KubernetesSideTest, FleetsScaleFromEitherSide) {
  Start();
  ASSERT_THAT(kubernetes::SetScale(*client_, kubernetes::kFleets, "default", "ncat-pool2", 5),
              IsOk());
  EXPECT_TRUE(AwaitReady(7));
  EXPECT_TRUE(Eventually([&] { return FleetNamed("ncat-pool2").ready == 5; }));
  sandbox_->ScaleFleet("us", 1);
  EXPECT_EQ(FleetNamed("ncat-pool2").wanted, 1);
  EXPECT_TRUE(AwaitReady(3));
  EXPECT_TRUE(Eventually([&] { return FleetNamed("ncat-pool2").replicas == 1; }));
}

TEST_F(KubernetesSideTest, LabelsAndAnnotationsReachTheGameServer) {
  Start();
  const std::string name = AnyServer();
  ASSERT_THAT(client_->Call({.verb = Verb::kPatch,
                             .resource = kubernetes::kGameServers,
                             .ns = "default",
                             .name = name,
                             .body = R"({"metadata":{"labels":{"canary":"yes","pool":null}},)"
                                     R"("status":{"state":"Allocated"}})"}),
              IsOk());
  EXPECT_TRUE(sandbox_->WaitForGameServers(
      [&](const Servers& all) {
        return all.front().labels.contains("canary") && !all.front().labels.contains("pool");
      },
      kLong));
  EXPECT_TRUE(Eventually([&] { return Agree(*client_); })) << "a state is not for tools to write";
}

TEST_F(KubernetesSideTest, HasTheNodes) {
  Start();
  const auto nodes = kubernetes::MakeNodes(*client_);
  EXPECT_THAT(nodes->Cordon("gsh-sandbox-eu"), IsOk());
  const auto node = nodes->Get("gsh-sandbox-eu");
  ASSERT_THAT(node, IsOk());
  EXPECT_TRUE(node->unschedulable);
}

TEST_F(KubernetesSideTest, EachClusterHasItsOwnAndFollowsItsPolicies) {
  Start({.clusters = true, .policies = false});
  client_ = Connect("eu");
  const auto other = Connect("us");
  EXPECT_EQ(List(*client_).size(), 2u);
  EXPECT_EQ(List(*other).size(), 2u);
  const auto allocator =
      agones::MakeAllocator({.client = {.endpoint = sandbox_->endpoints().allocators.at("eu"),
                                        .tls = sandbox_->allocator_tls("eu")}});
  const agones::AllocationRequest forwarded{.multicluster = true};
  EXPECT_THAT((*allocator)->Allocate(forwarded), StatusIs(StatusCode::kUnknown));
  kubernetes::AllocationPolicy policy{.ns = "default", .name = "to-itself"};
  policy.priority = 1;
  policy.weight = 1;
  policy.cluster_name = "eu";
  policy.server_ns = "default";
  ASSERT_THAT(kubernetes::ApplyAllocationPolicy(*client_, policy), IsOk());
  EXPECT_THAT((*allocator)->Allocate(forwarded), IsOk());
  ASSERT_THAT(client_->Call({.verb = Verb::kDelete,
                             .resource = kubernetes::kGameServerAllocationPolicies,
                             .ns = "default",
                             .name = "to-itself"}),
              IsOk());
  EXPECT_THAT((*allocator)->Allocate(forwarded), StatusIs(StatusCode::kUnknown));
}

TEST_F(KubernetesSideTest, WhatIsNoNameIsNoFile) {
  Start();
  static_cast<void>(client_->Call(
      {.verb = Verb::kCreate,
       .resource = kubernetes::kGameServerAllocationPolicies,
       .ns = "default",
       .body = R"({"metadata":{"name":"../../outside"},"spec":{"priority":1,"weight":1}})"}));
  EXPECT_FALSE(fs::exists(dir_.path() / "outside.json"));
  EXPECT_TRUE(fs::is_empty(dir_.path() / "policies"));
}

TEST_F(KubernetesSideTest, WhatMakesNoSenseIsRefusedAndTheServerGoesOn) {
  Start({.insecure = true});
  const auto patch = [&](const char* body) {
    return client_->Call({.verb = Verb::kPatch,
                          .resource = kubernetes::kGameServers,
                          .ns = "default",
                          .name = AnyServer(),
                          .body = body});
  };
  EXPECT_THAT(patch(R"({"metadata":{"labels":7}})"), StatusIs(StatusCode::kInvalidArgument));
  EXPECT_THAT(patch("nonsense"), StatusIs(StatusCode::kInvalidArgument));
  EXPECT_THAT(client_->Call({.verb = Verb::kPatch,
                             .resource = kubernetes::kFleets,
                             .ns = "default",
                             .name = "ncat-pool1",
                             .subresource = "scale",
                             .body = R"({"spec":{"replicas":"two"}})"}),
              StatusIs(StatusCode::kInvalidArgument));
  EXPECT_THAT(client_->Call({.verb = Verb::kList,
                             .resource = kubernetes::kGameServers,
                             .field_selector = "metadata=x"}),
              IsOk());
  EXPECT_TRUE(AwaitReady(4));
}

TEST_F(KubernetesSideTest, WithoutItThereIsNone) {
  auto sandbox = Sandbox::Start({.dir = dir_.string(), .replicas = 0});
  ASSERT_THAT(sandbox, IsOk());
  EXPECT_TRUE((*sandbox)->endpoints().kubernetes.empty());
  EXPECT_FALSE(fs::exists(dir_.File("kubeconfig")));
}

TEST_F(KubernetesSideTest, InPlaintextNeitherTokenNorCertificates) {
  Start({.insecure = true});
  EXPECT_TRUE(sandbox_->endpoints().kubernetes.at("eu").starts_with("http://"));
  EXPECT_TRUE(Eventually([&] { return Agree(*client_); }));
}

}  // namespace
}  // namespace gsh::sandbox
