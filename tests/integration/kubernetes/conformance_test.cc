// What tests/conformance/kubernetes asks of the sandbox's API server is what the real one does.
#include <gtest/gtest.h>

#include <algorithm>
#include <chrono>
#include <string>

#include "tests/integration/kubernetes/api.h"
#include "tests/integration/kubernetes/api_server.h"
#include "tests/integration/kubernetes/manifests.h"
#include "tests/support/running_program.h"

namespace gsh::kubernetes_test {
namespace {

TEST(ConformanceTest, HoldsOnTheRealApiServer) {
  InstallAgonesResources();
  const ApiServer& server = SharedApiServer();
  testing::RunningProgram suite({.program = "gsh_kubernetes_conformance_test",
                                 .environment = {"GSH_CONFORMANCE_KUBERNETES=" +
                                                 server.WriteKubeconfig(server.admin_token())}});
  suite.CloseInput();
  EXPECT_EQ(suite.Wait(std::chrono::minutes(5)), 0) << suite.Output();
  EXPECT_TRUE(suite.WaitForText("[  PASSED  ]")) << suite.Output();
  // It spoke to this server: its cases have left their namespaces.
  const auto namespaces = Admin().Get("/api/v1/namespaces").body.at("items");
  const auto left = std::ranges::count_if(namespaces, [](const nlohmann::json& object) {
    return std::string(object.at("metadata").at("name")).starts_with("gsh-");
  });
  EXPECT_GE(left, 10);
}

}  // namespace
}  // namespace gsh::kubernetes_test
