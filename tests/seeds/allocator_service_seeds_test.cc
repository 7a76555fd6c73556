// The tutorial of the allocator service (002), step by step: certificates by its command, its user
// and key, its answer, and the names of its objects. And the player of SuperTuxKart (000).
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <fstream>
#include <iterator>
#include <memory>
#include <string>

#include "gsh/testing/sandbox.h"
#include "src/testing/temporary_directory.h"
#include "tests/integration/https_client.h"
#include "tests/support/running_program.h"

namespace gsh::seeds {
namespace {

using ::testing::HasSubstr;
using testing::HttpsGet;
using ::testing::MatchesRegex;
using testing::RunningProgram;
using testing::RunToEnd;

constexpr char kUser[] = "v1GameClientKey";
constexpr char kKey[] = "EAEC945C371B2EC361DE399C2F11E";

// The service as the tutorial's reader has it in the end.
class Tutorial {
 public:
  static Tutorial& Instance() {
    static Tutorial tutorial;
    return tutorial;
  }
  int port() const { return port_; }
  std::string login() const { return testing::BasicLogin(kUser, kKey); }

 private:
  Tutorial() {
    EXPECT_EQ(RunToEnd({.program = "/usr/bin/openssl",
                        .args = {"req", "-x509", "-nodes", "-days", "365", "-newkey", "rsa:2048",
                                 "-keyout", dir_.File("tls.key"), "-out", dir_.File("tls.crt"),
                                 "-subj", "/CN=my-allocator-w3/O=my-allocator-w3"}})
                  .exit_code,
              0);
    RunningProgram hash({.program = "gsh-allocator-service", .args = {"--hash-password", kUser}});
    hash.Type(std::string(kKey) + "\n");
    EXPECT_EQ(hash.Wait(), 0);
    std::ofstream(dir_.File("users")) << hash.Output();
    auto sandbox = testing::Sandbox::Start({.dir = dir_.File("sandbox"),
                                            .regions = {"us-east-1"},
                                            .allocation_batch_wait = Duration::zero(),
                                            .fleet = {.side_cars = false}});
    EXPECT_TRUE(sandbox.ok()) << sandbox.status();
    if (!sandbox.ok()) return;
    sandbox_ = *std::move(sandbox);
    StartService(sandbox_->endpoints().allocators.at("us-east-1"));
  }
  void StartService(const std::string& allocator) {
    const std::size_t colon = allocator.rfind(':');
    service_ = std::make_unique<RunningProgram>(testing::ProgramOptions{
        .program = "gsh-allocator-service",
        .args = {"--listen", "127.0.0.1:0", "--tls-cert", "tls.crt", "--tls-key", "tls.key",
                 "--users-file", "users", "-allocatorAddr", allocator.substr(0, colon),
                 "-allocatorPort", allocator.substr(colon + 1), "--allocator-tls-dir",
                 "sandbox/agones-tls", "--fleet", "ncat-pool1"},
        .directory = dir_.string()});
    const std::string line = "HTTPS server is running on port ";
    EXPECT_TRUE(service_->WaitForText(line)) << service_->Output();
    const std::string output = service_->Output();
    const std::size_t at = output.find(line);
    if (at != std::string::npos) port_ = std::stoi(output.substr(at + line.size()));
  }

  const testing::TemporaryDirectory dir_;
  std::unique_ptr<testing::Sandbox> sandbox_;
  std::unique_ptr<RunningProgram> service_;
  int port_ = 0;
};

TEST(TutorialSeedTest, Seed002Line112_ItsCertificateServes) {
  EXPECT_EQ(HttpsGet(Tutorial::Instance().port(), "/").server, "my-allocator-w3");
}

TEST(TutorialSeedTest, Seed002Line291_TheAnswerByteForByte) {
  const auto answer =
      HttpsGet(Tutorial::Instance().port(), "/address", Tutorial::Instance().login());
  EXPECT_EQ(answer.code, 200);
  EXPECT_THAT(
      answer.body,
      MatchesRegex(
          R"(\{"status":\{"state":"Allocated","ports":\[\{"name":"default","port":[0-9]+\}\],)"
          R"("address":"[^"]+","nodeName":"[^"]+"\}\})"));
}

TEST(TutorialSeedTest, Seed002Line282_BasicAuthenticationSaysWhoMayAllocate) {
  EXPECT_EQ(HttpsGet(Tutorial::Instance().port(), "/address").code, 401);
}

TEST(TutorialSeedTest, Seed002Line235_HealthyForTheLoadBalancer) {
  EXPECT_EQ(HttpsGet(Tutorial::Instance().port(), "/healthz").code, 200);
}

std::string Manifest(const std::string& name) {
  std::ifstream file(GSH_SOURCE_DIR "/deploy/kubernetes/" + name);
  return {std::istreambuf_iterator<char>(file), {}};
}

TEST(TutorialSeedTest, Seed002Line175_RoleAccountAndBinding) {
  const std::string text = Manifest("allocator-service/service-account.yaml") +
                           Manifest("allocator-service-via-kubernetes/role.yaml");
  for (const char* kind : {"ServiceAccount", "Role", "RoleBinding"}) {
    EXPECT_THAT(text,
                HasSubstr(std::string("kind: ") + kind + "\nmetadata:\n  name: fleet-allocator\n"));
  }
}

TEST(TutorialSeedTest, Seed002Line191_ServiceAndDeployment) {
  EXPECT_THAT(Manifest("allocator-service/service.yaml"),
              HasSubstr("kind: Service\nmetadata:\n  name: fleet-allocator-backend\n"));
  EXPECT_THAT(Manifest("allocator-service/service.yaml"), HasSubstr("type: NodePort"));
  EXPECT_THAT(Manifest("allocator-service/deployment.yaml"),
              HasSubstr("kind: Deployment\nmetadata:\n  name: fleet-allocator\n"));
  EXPECT_THAT(Manifest("allocator-service/deployment.yaml"),
              HasSubstr("secretName: allocatorw3secret"));
}

TEST(TutorialSeedTest, Seed002Line244_IngressWithoutPlainHttp) {
  const std::string text = Manifest("allocator-service/ingress.yaml");
  EXPECT_THAT(text, HasSubstr("kind: Ingress\nmetadata:\n  name: fleet-allocator-ingress\n"));
  EXPECT_THAT(text, HasSubstr("kubernetes.io/ingress.allow-http: \"false\""));
  EXPECT_THAT(text, HasSubstr("secretName: allocatorsecret"));
  EXPECT_THAT(text, HasSubstr("number: 8000"));
}

TEST(StkSeedTest, Seed000Line414_TheClientHasTheFlags) {
  const std::string help = RunToEnd({.program = "gsh-stk-client", .args = {"--help"}}).output;
  EXPECT_THAT(help, HasSubstr("--path"));
  EXPECT_THAT(help, HasSubstr("--frontend"));
  EXPECT_THAT(help, HasSubstr("-latencyUsEast1 10 -latencyUsEast2 30"));
}

}  // namespace
}  // namespace gsh::seeds
