// Two gsh-director processes with the rights that deploy/kubernetes gives them; one is killed.
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <signal.h>

#include <memory>
#include <string>

#include "gsh/testing/matchers.h"
#include "gsh/testing/sandbox.h"
#include "src/testing/temporary_directory.h"
#include "tests/integration/kubernetes/api.h"
#include "tests/integration/kubernetes/api_server.h"
#include "tests/integration/kubernetes/audit.h"
#include "tests/integration/kubernetes/manifests.h"
#include "tests/support/running_program.h"

namespace gsh::kubernetes_test {
namespace {

using ::testing::IsEmpty;
using testing::IsOk;
using testing::RunningProgram;
using testing::Sandbox;

constexpr char kNamespace[] = "agones-openmatch";
constexpr char kAccount[] = "agones-openmatch-director";

class DirectorTest : public ::testing::Test {
 protected:
  void SetUp() override {
    for (const char* const folder : {"setup", "matchmaking"}) {
      for (const auto& object :
           ReadKustomization(GSH_SOURCE_DIR "/deploy/kubernetes/" + std::string(folder))) {
        const std::string kind = object.at("kind");
        if (kind == "Deployment" || kind == "Service") continue;
        const int code = Admin().Post(CollectionOf(object), object).code;
        ASSERT_TRUE(code == 201 || code == 409) << NameOf(object) << ": " << code;
      }
    }
    auto sandbox = Sandbox::Start({.dir = directory_.string(),
                                   .insecure = true,
                                   .replicas = 0,
                                   .fleet = {.side_cars = false}});
    ASSERT_THAT(sandbox, IsOk());
    sandbox_ = *std::move(sandbox);
    kubeconfig_ = SharedApiServer().WriteKubeconfig(NewToken(kNamespace, kAccount));
  }

  std::unique_ptr<RunningProgram> StartDirector(const std::string& name) const {
    const std::string& backend = sandbox_->endpoints().backend;
    return std::make_unique<RunningProgram>(testing::ProgramOptions{
        .program = "gsh-director",
        .args = {"--leader-elect",
                 std::string("--leader-elect-lease=") + kNamespace + "/gsh-director",
                 "-backendAddr", "127.0.0.1", "-backendPort",
                 backend.substr(backend.rfind(':') + 1), "-functionAddr", "127.0.0.1",
                 "-functionPort", "1", "-allocatorAddr", "127.0.0.1", "-allocatorPort", "1",
                 "--openmatch-insecure", "--allocator-insecure"},
        .environment = {"POD_NAME=" + name, "KUBECONFIG=" + kubeconfig_}});
  }

  static std::string Holder() {
    const ApiAnswer lease =
        Admin().Get("/apis/coordination.k8s.io/v1/namespaces/agones-openmatch/leases/gsh-director");
    return lease.ok() ? lease.body.at("spec").value("holderIdentity", "") : "";
  }

  const testing::TemporaryDirectory directory_;
  std::unique_ptr<Sandbox> sandbox_;
  std::string kubeconfig_;
};

TEST_F(DirectorTest, AnotherOneTakesOverFromOneThatWasKilledWithTheRightsThatAreShipped) {
  const auto first = StartDirector("director-1");
  ASSERT_TRUE(Eventually([] { return Holder() == "director-1"; })) << first->Output();
  const auto second = StartDirector("director-2");
  first->Signal(SIGKILL);
  EXPECT_TRUE(Eventually([] { return Holder() == "director-2"; })) << second->Output();
  second->Signal(SIGTERM);
  EXPECT_EQ(second->Wait(), 0) << second->Output();
  EXPECT_EQ(Holder(), "");  // handed back, so that nobody need wait

  const std::string user = std::string("system:serviceaccount:") + kNamespace + ":" + kAccount;
  const auto granted = RightsGrantedTo(kNamespace, kAccount);
  EXPECT_FALSE(granted.empty());
  EXPECT_TRUE(Eventually([&] { return RightsUsedBy(user) == granted; }))
      << ::testing::PrintToString(RightsUsedBy(user));
  EXPECT_THAT(RightsMissedBy(user), IsEmpty());
}

}  // namespace
}  // namespace gsh::kubernetes_test
