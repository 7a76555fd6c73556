#include "tests/integration/kubernetes/sandbox_allocation.h"

#include <chrono>
#include <nlohmann/json.hpp>
#include <stdexcept>
#include <string>
#include <utility>

#include "src/rpc/common/base64.h"
#include "tests/integration/kubernetes/api.h"
#include "tests/integration/kubernetes/manifests.h"

namespace gsh::kubernetes_test {
namespace {

using Json = nlohmann::json;

constexpr char kService[] = "agones-extensions-service";
constexpr char kServices[] = "/api/v1/namespaces/agones-system/services";
constexpr char kApiServices[] = "/apis/apiregistration.k8s.io/v1/apiservices";
constexpr char kApiService[] = "v1.allocation.agones.dev";

void Create(const char* path, const Json& object) {
  const ApiAnswer made = Admin().Post(path, object);
  if (!made.ok()) throw std::runtime_error(std::string(path) + ": " + made.body.dump());
}

}  // namespace

SandboxAllocation::SandboxAllocation() {
  EnsureNamespace("agones-system");
  auto sandbox = testing::Sandbox::Start({.dir = directory_.string(),
                                          .regions = {"us-east-1"},
                                          .replicas = 2,
                                          .allocation_batch_wait = Duration(0),
                                          .fleet = {.side_cars = false}});
  if (!sandbox.ok()) throw std::runtime_error(sandbox.status().ToString());
  sandbox_ = *std::move(sandbox);
  const auto ready = [](const auto& servers) {
    return servers.size() == 2 && servers[0].state == "Ready" && servers[1].state == "Ready";
  };
  if (!sandbox_->WaitForGameServers(ready, std::chrono::seconds(30))) {
    throw std::runtime_error("the sandbox's game servers do not become Ready");
  }
  Register();
}

SandboxAllocation::~SandboxAllocation() {
  Admin().Delete(std::string(kApiServices) + "/" + kApiService);
  Admin().Delete(std::string(kServices) + "/" + kService);
}

// A Service with an external name is where the API server goes without any network of its own.
void SandboxAllocation::Register() {
  const std::string& endpoint = sandbox_->endpoints().allocation_api;
  Create(kServices, {{"metadata", {{"name", kService}}},
                     {"spec", {{"type", "ExternalName"}, {"externalName", "localhost"}}}});
  const Json spec = {{"group", "allocation.agones.dev"},
                     {"version", "v1"},
                     {"groupPriorityMinimum", 1000},
                     {"versionPriority", 15},
                     {"caBundle", rpc::Base64Encode(directory_.Read("agones-tls/ca.crt"))},
                     {"service",
                      {{"name", kService},
                       {"namespace", "agones-system"},
                       {"port", std::stoi(endpoint.substr(endpoint.rfind(':') + 1))}}}};
  Create(kApiServices, {{"metadata", {{"name", kApiService}}}, {"spec", spec}});
  Json condition;
  const bool available = Eventually([&] {
    const ApiAnswer answer = Admin().Get(std::string(kApiServices) + "/" + kApiService);
    condition = answer.body.value(Json::json_pointer("/status/conditions/0"), Json::object());
    return condition.value("status", "") == "True";
  });
  if (!available) throw std::runtime_error("the APIService is not there: " + condition.dump());
}

}  // namespace gsh::kubernetes_test
