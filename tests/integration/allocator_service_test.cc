// gsh-allocator-service as people run it: the program, its files, TLS, the sandbox's allocator.
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <signal.h>

#include <algorithm>
#include <chrono>
#include <fstream>
#include <functional>
#include <future>
#include <memory>
#include <string>
#include <thread>
#include <vector>

#include "gsh/testing/matchers.h"
#include "gsh/testing/sandbox.h"
#include "src/testing/certificates.h"
#include "src/testing/temporary_directory.h"
#include "tests/integration/https_client.h"
#include "tests/support/running_program.h"

namespace gsh {
namespace {

using std::chrono::seconds;
using ::testing::AllOf;
using testing::BasicLogin;
using ::testing::HasSubstr;
using testing::HttpsAnswer;
using testing::HttpsGet;
using testing::IsOk;
using ::testing::MatchesRegex;
using ::testing::Not;
using testing::ProgramOptions;
using testing::RunningProgram;
using testing::RunToEnd;
using testing::SandboxGameServer;

constexpr char kProgram[] = "gsh-allocator-service";
constexpr char kUser[] = "v1GameClientKey";
constexpr char kPassword[] = "EAEC945C371B2EC361DE399C2F11E";
const std::string kLogin = BasicLogin(kUser, kPassword);

// What --hash-password prints for a password on stdin.
std::string UserLine(const std::string& name, const std::string& password) {
  RunningProgram program({.program = kProgram, .args = {"--hash-password", name}});
  program.Type(password + "\n");
  program.CloseInput();
  EXPECT_EQ(program.Wait(), 0) << program.Output();
  return program.Output();
}

bool Until(const std::function<bool()>& holds) {
  const auto deadline = std::chrono::steady_clock::now() + RunningProgram::kPatience;
  while (!holds()) {
    if (std::chrono::steady_clock::now() > deadline) return false;
    std::this_thread::yield();
  }
  return true;
}

class AllocatorServiceTest : public ::testing::Test {
 protected:
  testing::SandboxOptions Options() const {
    return {.dir = dir_.File("sandbox"),
            .regions = {"eu", "us"},
            .replicas = 4,
            .allocation_batch_wait = Duration::zero(),
            .fleet = {.side_cars = false}};
  }
  // Until all game servers are Ready.
  void StartSandbox(const testing::SandboxOptions& options) {
    auto sandbox = testing::Sandbox::Start(options);
    ASSERT_THAT(sandbox, IsOk());
    sandbox_ = *std::move(sandbox);
    const auto all = static_cast<std::ptrdiff_t>(options.regions.size()) * options.replicas;
    ASSERT_TRUE(sandbox_->WaitForGameServers(
        [all](const std::vector<SandboxGameServer>& servers) {
          return std::count_if(servers.begin(), servers.end(), [](const SandboxGameServer& one) {
                   return one.state == "Ready";
                 }) == all;
        },
        RunningProgram::kPatience));
  }
  void WriteTls(const std::string& name) {
    ASSERT_THAT(authority_->IssueServer({name})->Write(cert_, key_), IsOk());
  }
  void WriteUsers(const std::string& text) { std::ofstream(users_) << text; }

  // What every service of these tests is started with: loopback, TLS and users.
  std::vector<std::string> ServiceArgs() const {
    return {"--listen",  "127.0.0.1:0", "--tls-cert",   cert_,
            "--tls-key", key_,          "--users-file", users_};
  }
  std::vector<std::string> Args(const std::vector<std::string>& more) {
    const std::string& endpoint = sandbox_->endpoints().allocators.at("eu");
    const std::size_t colon = endpoint.rfind(':');
    std::vector<std::string> args = ServiceArgs();
    args.insert(args.end(), {"-allocatorAddr", endpoint.substr(0, colon), "-allocatorPort",
                             endpoint.substr(colon + 1), "--allocator-tls-dir",
                             dir_.File("sandbox/agones-tls")});
    args.insert(args.end(), more.begin(), more.end());
    return args;
  }
  void StartService(const std::vector<std::string>& more = {}) { StartWith(Args(more)); }
  void StartWith(const std::vector<std::string>& args) {
    service_ = std::make_unique<RunningProgram>(ProgramOptions{.program = kProgram, .args = args});
    const std::string line = "HTTPS server is running on port ";
    ASSERT_TRUE(service_->WaitForText(line)) << service_->Output();
    const std::string output = service_->Output();
    port_ = std::stoi(output.substr(output.find(line) + line.size()));
  }
  void Start(const std::vector<std::string>& more = {}) {
    StartSandbox(Options());
    WriteTls("first");
    WriteUsers(UserLine(kUser, kPassword));
    StartService(more);
  }
  HttpsAnswer Get(const std::string& target, const std::string& login = kLogin) {
    return HttpsGet(port_, target, login);
  }

  const testing::TemporaryDirectory dir_;
  const std::string cert_ = dir_.File("tls.crt");
  const std::string key_ = dir_.File("tls.key");
  const std::string users_ = dir_.File("users");
  const StatusOr<testing::CertificateAuthority> authority_ =
      testing::CertificateAuthority::Make("test");
  std::unique_ptr<testing::Sandbox> sandbox_;
  std::unique_ptr<RunningProgram> service_;
  int port_ = 0;
};

TEST_F(AllocatorServiceTest, AnswersAsTheTutorialShows) {
  Start({"--region", "eu"});
  EXPECT_EQ(Get("/", "").body, "Healthy");
  EXPECT_EQ(Get("/healthz", "").code, 200);
  const HttpsAnswer answer = Get("/address");
  EXPECT_EQ(answer.code, 200);
  EXPECT_THAT(answer.head, HasSubstr("Content-Type: application/json"));
  EXPECT_THAT(
      answer.body,
      MatchesRegex(
          R"(\{"status":\{"state":"Allocated","ports":\[\{"name":"default","port":[0-9]+\}\],)"
          R"("address":"127\.0\.0\.1","nodeName":"[a-z0-9-]+"\}\})"));
  const auto servers = sandbox_->game_servers();
  const auto taken = std::find_if(servers.begin(), servers.end(), [](const SandboxGameServer& one) {
    return one.state == "Allocated";
  });
  ASSERT_NE(taken, servers.end());
  EXPECT_THAT(answer.body, HasSubstr("\"port\":" + std::to_string(taken->port) + "}"));
  EXPECT_EQ(taken->labels.at("region"), "eu");
  EXPECT_TRUE(taken->labels.contains("gsh.dev/allocation"));
  EXPECT_EQ(Get("/address?region=us").code, 200);
  EXPECT_EQ(Get("/address?region=nowhere").code, 503);
  EXPECT_EQ(Get("/address?regoin=us").code, 400);
  EXPECT_THAT(Get("/metrics").body,
              HasSubstr("gsh_allocator_service_requests_total{code=\"200\",path=\"/address\"} 2"));
  EXPECT_EQ(Get("/metrics", "").code, 401);
}

TEST_F(AllocatorServiceTest, SeparateClustersAreAskedOneAfterTheOther) {
  testing::SandboxOptions options = Options();
  options.replicas = 3;
  options.clusters = true;
  options.policies = false;
  options.insecure = true;
  StartSandbox(options);
  WriteTls("first");
  WriteUsers(UserLine(kUser, kPassword));
  const auto& allocators = sandbox_->endpoints().allocators;
  std::vector<std::string> args = ServiceArgs();
  args.insert(args.end(), {"--allocator-addr", allocators.at("eu") + "," + allocators.at("us"),
                           "--allocator-insecure", "--separate-clusters"});
  StartWith(args);
  for (int i = 0; i < 6; ++i) EXPECT_EQ(Get("/address").code, 200) << i;
  EXPECT_EQ(Get("/address").code, 503) << "both clusters are out of game servers";
}

TEST_F(AllocatorServiceTest, WrongCredentialsCostTheGuesserOnly) {
  Start({"--max-failures", "5", "--rate-limit", "0"});
  EXPECT_EQ(Get("/address").code, 200);
  for (int i = 0; i < 5; ++i) {
    const HttpsAnswer answer = Get("/address", BasicLogin(kUser, std::to_string(i)));
    EXPECT_EQ(answer.code, 401);
    EXPECT_THAT(answer.head, HasSubstr("WWW-Authenticate: Basic realm="));
  }
  const HttpsAnswer limited = Get("/address", BasicLogin(kUser, "once more"));
  EXPECT_EQ(limited.code, 429);
  EXPECT_THAT(limited.head, HasSubstr("Retry-After: "));
  EXPECT_EQ(Get("/address").code, 200) << "who is known is served, from the same address too";
  EXPECT_THAT(service_->Output(), AllOf(HasSubstr("client refused client=127.0.0.1"),
                                        Not(HasSubstr(kPassword)), Not(HasSubstr("once more"))));
}

TEST_F(AllocatorServiceTest, FilesChangeWithoutARestart) {
  Start({"--rate-limit", "0", "--max-failures", "10000"});
  EXPECT_EQ(Get("/address").server, "first");
  WriteTls("second");
  EXPECT_TRUE(Until([&] { return Get("/").server == "second"; }));

  WriteUsers("broken\n");
  EXPECT_TRUE(Until([&] {
    Get("/address");
    return service_->Output().find("line 1: wanted: name:hash") != std::string::npos;
  }));
  EXPECT_NE(Get("/address").code, 401) << "a bad file keeps the old users";
  WriteUsers(UserLine(kUser, "another"));
  EXPECT_TRUE(Until([&] { return Get("/address", BasicLogin(kUser, "another")).code != 401; }));
  EXPECT_EQ(Get("/address").code, 401) << "the old password is out, known or not";
}

TEST_F(AllocatorServiceTest, RateLimitOfAClient) {
  Start({"--rate-limit", "0.01"});
  EXPECT_EQ(Get("/address").code, 200);
  EXPECT_EQ(Get("/address").code, 429);
  EXPECT_EQ(Get("/healthz").code, 200);
}

TEST_F(AllocatorServiceTest, SigtermFinishesWhatIsUnderWay) {
  testing::SandboxOptions options = Options();
  options.allocation_batch_wait = seconds(3);  // so long the allocator lets it wait at most
  StartSandbox(options);
  WriteTls("first");
  WriteUsers(UserLine(kUser, kPassword));
  StartService();
  auto slow = std::async(std::launch::async, [&] { return Get("/address"); });
  ASSERT_TRUE(Until([&] {
    return Get("/metrics").body.find("gsh_allocator_service_in_flight 1") != std::string::npos;
  }));
  service_->Signal(SIGTERM);
  EXPECT_EQ(service_->Wait(), 0) << service_->Output();
  EXPECT_EQ(slow.get().code, 200);
}

TEST_F(AllocatorServiceTest, StopDelayKeepsServingButNotHealthy) {
  Start({"--stop-delay", "600"});
  service_->Signal(SIGTERM);
  EXPECT_TRUE(Until([&] { return Get("/healthz").code == 503; }));
  EXPECT_EQ(Get("/address").code, 200);
}

TEST_F(AllocatorServiceTest, TheAllocatorMayBeAway) {
  Start({"--timeout", "1"});
  sandbox_.reset();
  const HttpsAnswer answer = Get("/address");
  EXPECT_THAT(answer.code, ::testing::AnyOf(502, 504));
  EXPECT_THAT(answer.body,
              AllOf(HasSubstr("{\"error\":\"the allocat"), Not(HasSubstr("127.0.0.1"))));
  EXPECT_EQ(Get("/healthz").code, 200);
}

TEST_F(AllocatorServiceTest, BadFilesAndFlagsAreNamed) {
  StartSandbox(Options());
  const auto fails = [&](const std::vector<std::string>& more, const std::string& message) {
    const testing::Outcome outcome = RunToEnd({.program = kProgram, .args = Args(more)});
    EXPECT_EQ(outcome.exit_code, 2) << outcome.output;
    EXPECT_THAT(outcome.output, HasSubstr(message));
  };
  fails({}, users_ + ": No such file");
  WriteUsers("# only a comment\nalice:secret\n\nbob\n");
  fails({}, "line 2: this is no hash of crypt(3); line 4: wanted: name:hash");
  fails({"--users-file", ""}, "GSH_USERS holds such entries");
  WriteUsers(UserLine(kUser, kPassword));
  fails({}, "--tls-cert, --tls-key: tls: " + cert_ + ": No such file");
  WriteTls("first");
  fails({"--label", "a b=c"}, "--label a b=c: this is no label's key");
  fails({"--trusted-proxy", "10.0.0.0/99"}, "--trusted-proxy: '10.0.0.0/99' is no network");
  fails({"--region", "a b"}, "--region: is no label's value");
  fails({"--hash-password", "name"}, "the password is empty");
  fails({"--listen", "nonsense"}, "'nonsense' is not host:port");
}

}  // namespace
}  // namespace gsh
