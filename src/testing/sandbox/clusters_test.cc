// Two clusters of one sandbox: forwarding by policy, and the REST side.
#include "src/testing/sandbox/clusters.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <future>
#include <nlohmann/json.hpp>

#include "gsh/agones/allocator.h"
#include "gsh/testing/fakes.h"
#include "gsh/testing/matchers.h"
#include "src/http/client/client.h"
#include "src/testing/temporary_directory.h"

namespace gsh::sandbox {
namespace {

namespace fs = std::filesystem;
using ::testing::HasSubstr;
using testing::IsOk;
using testing::Sandbox;
using testing::SandboxOptions;
using testing::StatusIs;

class ClustersTest : public ::testing::Test {
 protected:
  void Start(SandboxOptions options) {
    options.dir = dir_.string();
    options.regions = {"here", "there"};
    options.clusters = true;
    options.allocation_batch_wait = Duration::zero();
    options.log = &log_;
    auto sandbox = Sandbox::Start(options);
    ASSERT_THAT(sandbox, IsOk());
    sandbox_ = *std::move(sandbox);
    sandbox_->WaitForGameServers(
        [&](const auto& servers) {
          return static_cast<int>(servers.size()) == 2 * options.replicas &&
                 std::all_of(servers.begin(), servers.end(),
                             [](const auto& server) { return server.state == "Ready"; });
        },
        std::chrono::seconds(20));
  }

  StatusOr<agones::Allocation> Allocate(const std::string& region,
                                        agones::AllocationRequest request = {}) {
    auto made =
        agones::MakeAllocator({.client = {.endpoint = sandbox_->endpoints().allocators.at(region),
                                          .tls = sandbox_->allocator_tls(region),
                                          .timeout = std::chrono::seconds(30)}});
    EXPECT_THAT(made, IsOk());
    return (*made)->Allocate(std::move(request));
  }
  static agones::AllocationRequest Forwarded() { return {.multicluster = true}; }

  http::ClientResponse Post(const std::string& target, const std::string& body, TlsOptions tls,
                            const std::string& method = "POST") {
    const auto client = http::Client::Make({.endpoint = sandbox_->endpoints().allocator_rest,
                                            .tls = std::move(tls),
                                            .retry = {.max_attempts = 1},
                                            .executor = InlineExecutor()});
    EXPECT_THAT(client, IsOk());
    auto response = std::make_shared<http::ClientResponse>();
    std::promise<void> done;
    (*client)->Send({"allocator", "Allocate", rpc::Idempotency::kOnce},
                    {.method = method, .target = target, .body = body}, response, {},
                    [&](const Status&) { done.set_value(); });
    done.get_future().wait();
    return *response;
  }

  std::string PolicyFile(const std::string& name) const {
    return dir_.File("clusters/here/policies/" + name + ".json");
  }
  std::string Secret() const {
    return dir_.File("clusters/here/secrets/default/allocator-secret-to-cluster-2");
  }

  const testing::TemporaryDirectory dir_;
  testing::RecordingLog log_;
  std::unique_ptr<Sandbox> sandbox_;
};

TEST_F(ClustersTest, EachHasItsOwnServersAndBelievesItsOwnClients) {
  Start({.policies = false});
  const auto got = Allocate("there");
  ASSERT_THAT(got, IsOk());
  EXPECT_EQ(got->labels.at("region"), "there");
  EXPECT_EQ(got->source, "local");
  EXPECT_THAT(Allocate("here", {.selectors = {{.match_labels = {{"region", "there"}}}}}),
              StatusIs(StatusCode::kResourceExhausted));
  auto stranger =
      agones::MakeAllocator({.client = {.endpoint = sandbox_->endpoints().allocators.at("there"),
                                        .tls = sandbox_->allocator_tls("here"),
                                        .retry = {.max_attempts = 1}}});
  ASSERT_THAT(stranger, IsOk());
  EXPECT_THAT((*stranger)->Allocate({}), StatusIs(StatusCode::kUnavailable));
}

TEST_F(ClustersTest, WithoutPolicyNothingIsForwarded) {
  Start({.policies = false});
  EXPECT_THAT(Allocate("here", Forwarded()),
              StatusIs(StatusCode::kUnknown, "no multi-cluster allocation policy is specified"));
}

TEST_F(ClustersTest, EqualWeightsUseBothAndEmptyOnesAreLeftOut) {
  Start({.replicas = 10});
  int local = 0;
  const std::string there = sandbox_->endpoints().allocators.at("there");
  for (int i = 0; i < 20; ++i) {
    const auto got = Allocate("here", Forwarded());
    ASSERT_THAT(got, IsOk()) << i;  // when one has none left, the other is asked
    EXPECT_EQ(got->source, got->labels.at("region") == "here" ? "local" : there);
    local += got->source == "local";
  }
  EXPECT_EQ(local, 10);
  EXPECT_THAT(
      Allocate("here", Forwarded()),
      StatusIs(StatusCode::kResourceExhausted, "there is no available GameServer to allocate"));
  // The other cluster has no policies.
  EXPECT_THAT(Allocate("there", Forwarded()), StatusIs(StatusCode::kUnknown));
}

TEST_F(ClustersTest, PoliciesOfAnotherNamespaceOrLabelAreNotMeant) {
  Start({});
  EXPECT_THAT(Allocate("here", {.ns = "games", .multicluster = true}),
              StatusIs(StatusCode::kUnknown, HasSubstr("no multi-cluster")));
  EXPECT_THAT(
      Allocate("here", {.multicluster = true, .multicluster_policy_labels = {{"tier", "one"}}}),
      StatusIs(StatusCode::kUnknown, HasSubstr("no multi-cluster")));
}

TEST_F(ClustersTest, MissingTrustIsTold) {
  Start({});
  fs::remove(PolicyFile("allocator-policy-to-local-cluster"));
  fs::remove_all(Secret());
  EXPECT_THAT(Allocate("here", Forwarded()),
              StatusIs(StatusCode::kUnknown, "secret \"allocator-secret-to-cluster-2\" not found"));
  fs::create_directories(Secret());
  EXPECT_THAT(
      Allocate("here", Forwarded()),
      StatusIs(StatusCode::kUnknown, "secret allocator-secret-to-cluster-2 does not have data"));
  std::ofstream(Secret() + "/ca.crt") << "x";
  EXPECT_THAT(Allocate("here", Forwarded()),
              StatusIs(StatusCode::kUnknown, HasSubstr("missing client certificate key pair")));
}

TEST_F(ClustersTest, WhatIsNoPolicyIsLeftOutAndSaidOnce) {
  Start({});
  std::ofstream(PolicyFile("nonsense")) << "{\"kind\": \"Fleet\"}";
  ASSERT_THAT(Allocate("here", Forwarded()), IsOk());
  ASSERT_THAT(Allocate("here", Forwarded()), IsOk());
  EXPECT_EQ(log_.Count("not a GameServerAllocationPolicy"), 1);
}

TEST_F(ClustersTest, AForwardedRequestTakesEveryFieldAlong) {
  Start({.fleet = {.counters = {{"rooms", 5}}}});
  fs::remove(PolicyFile("allocator-policy-to-local-cluster"));
  const auto got =
      Allocate("here", {.multicluster = true,
                        .selectors = {{.match_labels = {{"region", "there"}}}},
                        .labels = {{"mine", "1"}},
                        .annotations = {{"note", "2"}},
                        .counters = {{"rooms", {.action = "Increment", .amount = 3}}}});
  ASSERT_THAT(got, IsOk());
  EXPECT_EQ(got->labels.at("mine"), "1");
  EXPECT_EQ(got->annotations.at("note"), "2");
  EXPECT_EQ(got->counters.at("rooms").count, 3);
}

TEST_F(ClustersTest, RestAnswersAsTheGateway) {
  Start({.replicas = 1});
  const TlsOptions tls = sandbox_->allocator_tls();
  const auto taken = Post("/gameserverallocation", R"({"namespace":"default"})", tls);
  EXPECT_EQ(taken.code, 200);
  const auto json = nlohmann::json::parse(taken.body);
  EXPECT_EQ(json.at("source"), "local");
  EXPECT_EQ(json.at("ports").at(0).at("name"), "default");
  EXPECT_EQ(json.at("metadata").at("labels").at("region"), "here");
  EXPECT_TRUE(json.at("counters").empty());
  EXPECT_TRUE(json.at("lists").empty());

  const auto refused = [&](const std::string& target, const std::string& body, int http_code,
                           int code, const std::string& message, const char* method = "POST") {
    const auto answer = Post(target, body, tls, method);
    EXPECT_EQ(answer.code, http_code) << answer.body;
    const auto error = nlohmann::json::parse(answer.body);
    EXPECT_EQ(error.at("code"), code);
    EXPECT_THAT(error.at("message").get<std::string>(), HasSubstr(message));
    EXPECT_TRUE(error.at("details").empty());
  };
  refused("/gameserverallocation", R"({"namespace":"default"})", 429, 8,
          "there is no available GameServer to allocate");
  refused("/gameserverallocation",
          R"({"namespace":"games","multiClusterSetting":{"enabled":true}})", 500, 2,
          "no multi-cluster allocation policy is specified");
  refused("/gameserverallocation", "{", 400, 3, "");
  refused("/elsewhere", "{}", 404, 5, "Not Found");
  refused("/gameserverallocation", "", 501, 12, "Method Not Allowed", "GET");
  refused("/gameserverallocation", R"({"metadata":{"labels":{"a":"not valid!"}}})", 500, 422,
          "is invalid");
}

TEST_F(ClustersTest, RestWantsAClientCertificate) {
  Start({});
  TlsOptions tls = sandbox_->allocator_tls();
  tls.cert_file.clear();
  tls.key_file.clear();
  EXPECT_EQ(Post("/gameserverallocation", "{}", tls).code, 0);
}

}  // namespace
}  // namespace gsh::sandbox
