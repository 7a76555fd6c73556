// What the tests of gsh-allocator-probe have in common: two clusters and a kubeconfig file of both.
#ifndef GSH_TESTS_INTEGRATION_KUBERNETES_ALLOCATOR_PROBE_FIXTURE_H_
#define GSH_TESTS_INTEGRATION_KUBERNETES_ALLOCATOR_PROBE_FIXTURE_H_

#include <gtest/gtest.h>

#include <nlohmann/json.hpp>
#include <sstream>
#include <string>
#include <utility>
#include <vector>

#include "src/testing/temporary_directory.h"
#include "tests/integration/kubernetes/api.h"
#include "tests/integration/kubernetes/api_server.h"
#include "tests/integration/kubernetes/manifests.h"
#include "tests/support/running_program.h"

namespace gsh::kubernetes_test {

// Contexts of the kubeconfig file.
inline constexpr char kFirst[] = "agones-gameservers-1";
inline constexpr char kSecond[] = "agones-gameservers-2";

inline std::vector<std::string> LinesOf(const std::string& text) {
  std::vector<std::string> lines;
  std::istringstream in(text);
  for (std::string line; std::getline(in, line);) lines.push_back(line);
  return lines;
}

class AllocatorProbeTest : public ::testing::Test {
 protected:
  AllocatorProbeTest() {
    InstallAgonesResources(first_);
    InstallAgonesResources(second_);
    for (Api* const api : {&first_, &second_}) {
      EXPECT_TRUE(api->Post("/api/v1/namespaces", {{"metadata", {{"name", ns_}}}}).ok());
    }
    WriteKubeconfig(
        kubeconfig_,
        {{.name = kFirst, .server = &SharedApiServer(), .token = SharedApiServer().admin_token()},
         {.name = kSecond,
          .server = &SparseApiServer(),
          .token = SparseApiServer().admin_token()}});
  }

  testing::ProgramOptions Probe(std::vector<std::string> args) const {
    args.insert(args.end(), {"--namespace", ns_});
    return {.program = "gsh-allocator-probe",
            .args = std::move(args),
            .environment = {"KUBECONFIG=" + kubeconfig_}};
  }
  testing::Outcome Run(std::vector<std::string> args) const {
    return RunToEnd(Probe(std::move(args)));
  }

  std::string PathOf(const std::string& group_version, const std::string& plural) const {
    return group_version + "/namespaces/" + ns_ + "/" + plural;
  }
  std::string Policies() const {
    return PathOf("/apis/multicluster.agones.dev/v1", "gameserverallocationpolicies");
  }
  std::string Secrets() const { return PathOf("/api/v1", "secrets"); }
  std::string GameServers() const { return PathOf("/apis/agones.dev/v1", "gameservers"); }

  void AddServer(Api& api, const std::string& name, const std::string& state) const {
    const nlohmann::json pod = {
        {"spec", {{"containers", {{{"name", "game"}, {"image", "game:1"}}}}}}};
    const ApiAnswer made = api.Post(
        GameServers(), {{"apiVersion", "agones.dev/v1"},
                        {"kind", "GameServer"},
                        {"metadata", {{"name", name}, {"labels", {{"region", "us-east-1"}}}}},
                        {"spec", {{"template", pod}}},
                        {"status",
                         {{"state", state},
                          {"address", "192.0.2.1"},
                          {"nodeName", "node-1"},
                          {"ports", {{{"name", "default"}, {"port", 7256}}}}}}});
    ASSERT_EQ(made.code, 201) << made.body;
  }
  std::vector<std::string> NamesIn(Api& api) const {
    std::vector<std::string> names;
    const nlohmann::json items = api.Get(GameServers()).body.at("items");
    for (const nlohmann::json& item : items) names.push_back(item.at("metadata").at("name"));
    return names;
  }

  Api& first_ = Admin();
  Api second_ = AdminOf(SparseApiServer());
  const std::string ns_ = NewNamespace() + "-games";
  const testing::TemporaryDirectory directory_;
  const std::string kubeconfig_ = directory_.File("config");
};

}  // namespace gsh::kubernetes_test

#endif  // GSH_TESTS_INTEGRATION_KUBERNETES_ALLOCATOR_PROBE_FIXTURE_H_
