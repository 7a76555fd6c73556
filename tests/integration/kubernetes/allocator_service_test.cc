// gsh-allocator-service --via kubernetes: the program against the real API server, with the rights
// of deploy/kubernetes and none besides.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <nlohmann/json.hpp>
#include <set>
#include <string>
#include <vector>

#include "gsh/testing/matchers.h"
#include "src/testing/certificates.h"
#include "src/testing/temporary_directory.h"
#include "tests/integration/https_client.h"
#include "tests/integration/kubernetes/api.h"
#include "tests/integration/kubernetes/api_server.h"
#include "tests/integration/kubernetes/audit.h"
#include "tests/integration/kubernetes/manifests.h"
#include "tests/integration/kubernetes/sandbox_allocation.h"
#include "tests/support/running_program.h"

namespace gsh::kubernetes_test {
namespace {

using Json = nlohmann::json;
using ::testing::Contains;
using testing::HttpsAnswer;
using ::testing::IsEmpty;
using testing::IsOk;
using ::testing::Not;
using testing::RunningProgram;

constexpr char kProgram[] = "gsh-allocator-service";
constexpr char kAccount[] = "fleet-allocator";
constexpr char kFolder[] = GSH_SOURCE_DIR "/deploy/kubernetes/";

class AllocatorServiceTest : public ::testing::Test {
 protected:
  void SetUp() override {
    const auto authority = testing::CertificateAuthority::Make("service");
    ASSERT_THAT(authority, IsOk());
    ASSERT_THAT(authority->IssueServer({"localhost"})->Write(cert_, key_), IsOk());
    RunningProgram hash({.program = kProgram, .args = {"--hash-password", "player"}});
    hash.Type("password\n");
    hash.CloseInput();
    ASSERT_EQ(hash.Wait(), 0) << hash.Output();
    ASSERT_THAT(testing::WriteFileAtomically(users_, hash.Output(), 0600), IsOk());
  }

  // The service with that kubeconfig file, at a port of the system's choice.
  testing::ProgramOptions Service(const std::string& kubeconfig) const {
    return {.program = kProgram,
            .args = {"--via=kubernetes", "--listen=127.0.0.1:0", "--tls-cert=" + cert_,
                     "--tls-key=" + key_, "--users-file=" + users_},
            .environment = {"KUBECONFIG=" + kubeconfig}};
  }
  static int PortOf(RunningProgram& service) {
    const std::string line = "HTTPS server is running on port ";
    if (!service.WaitForText(line)) return 0;
    const std::string output = service.Output();
    return std::stoi(output.substr(output.find(line) + line.size()));
  }
  static HttpsAnswer GetAddress(int port) {
    return testing::HttpsGet(port, "/address?region=us-east-1",
                             testing::BasicLogin("player", "password"));
  }

  const testing::TemporaryDirectory directory_;
  const std::string cert_ = directory_.File("tls.crt");
  const std::string key_ = directory_.File("tls.key");
  const std::string users_ = directory_.File("users");
};

// The roles and accounts among a kustomization's objects, or the rest of them.
std::vector<Json> Objects(const std::string& kustomization, const std::set<std::string>& kinds) {
  std::vector<Json> objects;
  for (const Json& object : ReadKustomization(kFolder + kustomization)) {
    if (kinds.contains(object.at("kind"))) objects.push_back(object);
  }
  return objects;
}

TEST_F(AllocatorServiceTest, AllocatesWithTheRightsThatAreShippedAndHasNoOthers) {
  SandboxAllocation allocation;
  for (const Json& object :
       Objects("allocator-service-via-kubernetes", {"ServiceAccount", "Role", "RoleBinding"})) {
    ASSERT_EQ(Admin().Post(CollectionOf(object), object).code, 201) << NameOf(object);
  }
  const std::string token = NewToken("default", kAccount);
  RunningProgram service(Service(SharedApiServer().WriteKubeconfig(token)));
  const int port = PortOf(service);
  ASSERT_NE(port, 0) << service.Output();

  std::set<std::string> ports;
  for (int i = 0; i < 2; ++i) {
    const HttpsAnswer answer = GetAddress(port);
    ASSERT_EQ(answer.code, 200) << answer.body << service.Output();
    const Json status = Json::parse(answer.body).at("status");
    EXPECT_EQ(status.at("state"), "Allocated");
    EXPECT_EQ(status.at("address"), "127.0.0.1");
    ports.insert(status.at("ports").dump());
  }
  EXPECT_EQ(ports.size(), 2u);
  for (const auto& server : allocation.sandbox().game_servers()) {
    EXPECT_EQ(server.state, "Allocated") << server.name;
  }
  EXPECT_EQ(GetAddress(port).code, 503);  // the fleet has no third one

  const std::string user = "system:serviceaccount:default:fleet-allocator";
  const auto granted = RightsGrantedTo("default", kAccount);
  EXPECT_FALSE(granted.empty());
  EXPECT_TRUE(Eventually([&] { return RightsUsedBy(user) == granted; }))
      << ::testing::PrintToString(RightsUsedBy(user));
  EXPECT_THAT(RightsMissedBy(user), IsEmpty());
  EXPECT_EQ(As(token).Get("/apis/agones.dev/v1/namespaces/default/gameservers").code, 403);
}

TEST_F(AllocatorServiceTest, SaysThatItMayNotAndGoesOn) {
  SandboxAllocation allocation;
  const Account nobody = NewAccount(NewNamespace(), "nobody");
  RunningProgram service(Service(SharedApiServer().WriteKubeconfig(nobody.token)));
  const int port = PortOf(service);
  ASSERT_NE(port, 0) << service.Output();
  const HttpsAnswer answer = GetAddress(port);
  EXPECT_EQ(answer.code, 502);
  EXPECT_THAT(answer.body, Not(::testing::HasSubstr("nobody")));  // that is for the log
  EXPECT_TRUE(service.WaitForText("gameserverallocations")) << service.Output();
  EXPECT_EQ(testing::HttpsGet(port, "/healthz").code, 200);
}

TEST_F(AllocatorServiceTest, WithoutAUsableKubeconfigItEndsAsAfterAWrongFlag) {
  const std::string broken = directory_.File("broken");
  ASSERT_THAT(testing::WriteFileAtomically(broken, "clusters: [", 0600), IsOk());
  const std::string stranger = directory_.File("stranger");
  ASSERT_THAT(testing::WriteFileAtomically(stranger,
                                           "contexts: [{name: a, context: {cluster: b, user: c}}]\n"
                                           "current-context: a\n",
                                           0600),
              IsOk());
  for (const std::string& file : {directory_.File("missing"), broken, stranger}) {
    const testing::Outcome outcome = RunToEnd(Service(file));
    EXPECT_EQ(outcome.exit_code, 2) << outcome.output;
    EXPECT_THAT(outcome.output, ::testing::HasSubstr("--via kubernetes"));
  }
}

TEST(AllocatorServiceManifestsTest, TheDefaultHasNoRightsAndTheOtherNoCertificates) {
  EXPECT_THAT(Objects("allocator-service", {"Role", "RoleBinding", "ClusterRole"}), IsEmpty());
  const auto pod_of = [](const char* kustomization) {
    return Objects(kustomization, {"Deployment"}).at(0).at("spec").at("template").at("spec");
  };
  EXPECT_EQ(pod_of("allocator-service").at("automountServiceAccountToken"), false);
  const Json pod = pod_of("allocator-service-via-kubernetes");
  EXPECT_EQ(pod.at("automountServiceAccountToken"), true);
  const Json& container = pod.at("containers").at(0);
  EXPECT_THAT(container.at("args"), Contains("--via=kubernetes"));
  EXPECT_EQ(pod.dump().find("allocator-client"), std::string::npos);
  EXPECT_EQ(container.dump().find("/home/service/allocator"), std::string::npos);
}

}  // namespace
}  // namespace gsh::kubernetes_test
