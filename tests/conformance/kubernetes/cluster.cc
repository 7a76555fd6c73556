#include "tests/conformance/kubernetes/cluster.h"

#include <chrono>
#include <cstdlib>
#include <thread>
#include <utility>

#include "gsh/kubernetes/kubeconfig.h"
#include "gsh/rng.h"
#include "src/testing/sandbox/kubernetes/api_server.h"

namespace gsh::conformance {
namespace {

using gsh::testing::IsOk;
using kubernetes::Request;
using kubernetes::Resource;
using kubernetes::Verb;

constexpr Resource kNamespaces{"", "v1", "namespaces", false};
constexpr Resource kServiceAccounts{"", "v1", "serviceaccounts"};

kubernetes::ClusterConfig FindConfig() {
  if (const char* file = std::getenv("GSH_CONFORMANCE_KUBERNETES"); file != nullptr) {
    auto config = kubernetes::LoadKubeconfig({.files = {file}});
    EXPECT_THAT(config, IsOk());
    return *std::move(config);
  }
  static const auto kSandbox = gsh::testing::kubernetes::ApiServer::Start();
  EXPECT_THAT(kSandbox, IsOk());
  return {.server = (*kSandbox)->url()};
}

}  // namespace

std::unique_ptr<kubernetes::Client> ClusterTest::NewClient() {
  auto client = kubernetes::MakeClient({.cluster = FindConfig()});
  EXPECT_THAT(client, IsOk());
  return *std::move(client);
}

void ClusterTest::SetUp() {
  client_ = NewClient();
  ns_ = "gsh-" + NewUuid(SystemRng()).substr(0, 13);
  ASSERT_THAT(Ask({.verb = Verb::kCreate,
                   .resource = kNamespaces,
                   .body = Json{{"metadata", {{"name", ns_}}}}.dump()}),
              IsOk());
  // Where no controller makes it, pods are refused without.
  const auto account = Create(kServiceAccounts, {{"metadata", {{"name", "default"}}}});
  ASSERT_TRUE(account.ok() || account.status().code() == StatusCode::kAlreadyExists)
      << account.status();
}

StatusOr<Json> ClusterTest::Ask(Request request) {
  const auto answer = client_->Call(std::move(request));
  if (!answer.ok()) return answer.status();
  Json json = Json::parse(*answer, nullptr, false);
  EXPECT_TRUE(json.is_object());
  return json;
}

StatusOr<Json> ClusterTest::Create(Resource resource, const Json& object) {
  return Ask({.verb = Verb::kCreate,
              .resource = resource,
              .ns = resource.namespaced ? ns_ : "",
              .body = object.dump()});
}

StatusOr<Json> ClusterTest::Get(Resource resource, const std::string& name) {
  return Ask({.verb = Verb::kGet,
              .resource = resource,
              .ns = resource.namespaced ? ns_ : "",
              .name = name});
}

StatusOr<Json> ClusterTest::Patch(Resource resource, const std::string& name, const Json& patch,
                                  const std::string& subresource) {
  return Ask({.verb = Verb::kPatch,
              .resource = resource,
              .ns = resource.namespaced ? ns_ : "",
              .name = name,
              .subresource = subresource,
              .body = patch.dump()});
}

Status ClusterTest::Delete(Resource resource, const std::string& name) {
  return Ask({.verb = Verb::kDelete,
              .resource = resource,
              .ns = resource.namespaced ? ns_ : "",
              .name = name})
      .status();
}

Json ClusterTest::RunningPod(const std::string& name, const std::string& node, const Json& labels) {
  const Json pod = {
      {"metadata", {{"name", name}, {"labels", labels.is_null() ? Json::object() : labels}}},
      {"spec",
       {{"nodeName", node},
        {"terminationGracePeriodSeconds", 0},
        {"automountServiceAccountToken", false},
        {"containers", Json::array({{{"name", "c"}, {"image", "example/game"}}})}}}};
  EXPECT_THAT(Create(kubernetes::kPods, pod), IsOk());
  // A budget protects only pods that are ready.
  const Json status = {{"phase", "Running"},
                       {"conditions", Json::array({{{"type", "Ready"}, {"status", "True"}}})}};
  const auto running = Patch(kubernetes::kPods, name, {{"status", status}}, "status");
  EXPECT_THAT(running, IsOk());
  return running.ok() ? *running : Json();
}

bool Eventually(const std::function<bool()>& condition) {
  const auto deadline = std::chrono::steady_clock::now() + std::chrono::seconds(20);
  while (!condition()) {
    if (std::chrono::steady_clock::now() > deadline) return false;
    std::this_thread::sleep_for(std::chrono::milliseconds(10));
  }
  return true;
}

}  // namespace gsh::conformance
