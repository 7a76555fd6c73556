#include "gsh/testing/sandbox.h"

#include <gmock/gmock.h>
#include <grpcpp/generic/generic_stub.h>
#include <gtest/gtest.h>
#include <signal.h>

#include <filesystem>
#include <future>
#include <nlohmann/json.hpp>
#include <sstream>

#include "src/proto/agones.h"
#include "src/rpc/tls_credentials.h"
#include "src/testing/certificates.h"
#include "src/testing/temporary_directory.h"

namespace gsh::sandbox {
namespace {

using ::testing::HasSubstr;
using testing::Sandbox;
using testing::SandboxFault;
using testing::SandboxGameServer;
using testing::SandboxOptions;

constexpr auto kLong = std::chrono::seconds(20);

class SandboxTest : public ::testing::Test {
 protected:
  SandboxOptions Options() const {
    SandboxOptions options{.dir = dir_.string()};
    options.allocation_batch_wait = Duration::zero();
    return options;
  }

  void Start(SandboxOptions options) {
    auto sandbox = Sandbox::Start(std::move(options));
    ASSERT_TRUE(sandbox.ok()) << sandbox.status();
    sandbox_ = std::move(*sandbox);
  }

  static int CountIn(const std::vector<SandboxGameServer>& servers, const std::string& state) {
    return static_cast<int>(std::count_if(
        servers.begin(), servers.end(), [&](const auto& server) { return server.state == state; }));
  }

  bool AwaitCount(const std::string& state, int count) {
    return sandbox_->WaitForGameServers(
        [&](const auto& servers) { return CountIn(servers, state) == count; }, kLong);
  }

  grpc::Status Allocate(const std::string& region, const TlsOptions& tls,
                        wire_allocation::AllocationResponse* response) {
    const auto credentials = rpc::LoadClientCredentials(tls);
    if (!credentials.ok()) return {grpc::StatusCode::INTERNAL, credentials.status().message()};
    const auto stub = wire_allocation::AllocationService::NewStub(
        grpc::CreateChannel(sandbox_->endpoints().allocators.at(region), credentials->credentials));
    wire_allocation::AllocationRequest request;
    request.set_namespace_("default");
    (*request.add_gameserverselectors()->mutable_matchlabels())["region"] = region;
    grpc::ClientContext context;
    context.set_deadline(std::chrono::system_clock::now() + kLong);
    return stub->Allocate(&context, request, response);
  }

  std::string Read(const std::string& file) const { return temporary_.Read("sandbox/" + file); }

  const testing::TemporaryDirectory temporary_;
  const std::filesystem::path dir_ = temporary_.path() / "sandbox";  // which the sandbox makes
  std::unique_ptr<Sandbox> sandbox_;
};

TEST_F(SandboxTest, NamesEveryWrongOption) {
  const auto sandbox = Sandbox::Start({.dir = "",
                                       .bind = "localhost",
                                       .regions = {"a", "a"},
                                       .replicas = -1,
                                       .game_server = "sh 'open"});
  EXPECT_EQ(sandbox.status().code(), StatusCode::kInvalidArgument);
  for (const char* name : {"dir", "bind", "regions", "replicas", "game_server"}) {
    EXPECT_THAT(sandbox.status().message(), HasSubstr(name));
  }
}

TEST_F(SandboxTest, RegionsAreLabelValuesAndWindowsNotNegative) {
  const auto sandbox = Sandbox::Start(
      {.dir = dir_.string(),
       .regions = {"us east"},
       .open_match = {.registration_interval = -kLong, .proposal_collection_interval = -kLong}});
  EXPECT_EQ(sandbox.status().code(), StatusCode::kInvalidArgument);
  for (const char* name : {"\"us east\"", "registration_interval", "proposal_collection"}) {
    EXPECT_THAT(sandbox.status().message(), HasSubstr(name));
  }
}

TEST_F(SandboxTest, WritesItsFiles) {
  Start(Options());
  for (const char* file :
       {"openmatch-tls/tls.crt", "openmatch-tls/tls.key", "openmatch-tls/ca.crt",
        "agones-tls/tls.crt", "agones-tls/tls.key", "agones-tls/ca.crt", "agones-tls/client.crt",
        "agones-tls/client.key", "client-tls/public.cert", "client-tls/private.key",
        "client-tls/publicCA.cert"}) {
    EXPECT_NE(Read(file), "") << file;
  }
  const auto json = nlohmann::json::parse(Read("endpoints.json"));
  EXPECT_EQ(json.at("frontend"), sandbox_->endpoints().frontend);
  EXPECT_EQ(json.at("backend"), sandbox_->endpoints().backend);
  EXPECT_EQ(json.at("query"), sandbox_->endpoints().query);
  EXPECT_EQ(json.at("allocators").size(), 2u);
  EXPECT_EQ(json.at("allocators").at("us-east-2"),
            sandbox_->endpoints().allocators.at("us-east-2"));
}

TEST_F(SandboxTest, OneFleetForEachRegion) {
  Start(Options());
  ASSERT_TRUE(AwaitCount("Ready", 4));
  std::map<std::string, int> count;
  for (const SandboxGameServer& server : sandbox_->game_servers()) {
    ++count[server.fleet + " " + server.labels.at("region") + " " + server.labels.at("pool")];
    EXPECT_GT(server.sdk_port, 0);
  }
  EXPECT_EQ(count, (std::map<std::string, int>{{"ncat-pool1 us-east-1 ONE", 2},
                                               {"ncat-pool2 us-east-2 TWO", 2}}));
}

TEST_F(SandboxTest, AllocatesOverMutualTls) {
  Start(Options());
  ASSERT_TRUE(AwaitCount("Ready", 4));
  wire_allocation::AllocationResponse response;
  const grpc::Status status = Allocate("us-east-2", sandbox_->allocator_tls(), &response);
  ASSERT_TRUE(status.ok()) << status.error_message();
  EXPECT_THAT(response.gameservername(), HasSubstr("ncat-pool2-"));
  EXPECT_EQ(response.nodename(), "gsh-sandbox-us-east-2");
  EXPECT_TRUE(AwaitCount("Allocated", 1));
  EXPECT_TRUE(Allocate("us-east-2", sandbox_->allocator_tls(), &response).ok());
  EXPECT_EQ(Allocate("us-east-2", sandbox_->allocator_tls(), &response).error_code(),
            grpc::StatusCode::RESOURCE_EXHAUSTED)
      << "Allocated servers are not replaced";
}

TEST_F(SandboxTest, RefusesWrongClientCertificates) {
  Start(Options());
  const TlsOptions good = sandbox_->allocator_tls();
  wire_allocation::AllocationResponse response;
  TlsOptions none = good;
  none.cert_file.clear();
  none.key_file.clear();
  EXPECT_EQ(Allocate("us-east-1", none, &response).error_code(), grpc::StatusCode::UNAVAILABLE);

  const auto stranger = testing::CertificateAuthority::Make("stranger");
  ASSERT_TRUE(stranger.ok());
  const auto pair = stranger->IssueClient("stranger");
  ASSERT_TRUE(pair.ok());
  TlsOptions wrong = good;
  wrong.cert_file = dir_ / "stranger.crt";
  wrong.key_file = dir_ / "stranger.key";
  ASSERT_TRUE(pair->Write(wrong.cert_file, wrong.key_file).ok());
  EXPECT_EQ(Allocate("us-east-1", wrong, &response).error_code(), grpc::StatusCode::UNAVAILABLE);

  // Open Match's authority is not the allocator's.
  TlsOptions other = good;
  other.ca_file = sandbox_->open_match_tls().ca_file;
  EXPECT_EQ(Allocate("us-east-1", other, &response).error_code(), grpc::StatusCode::UNAVAILABLE);
}

TEST_F(SandboxTest, ServesHealthOnTheAllocator) {
  auto options = Options();
  options.insecure = true;
  Start(std::move(options));
  // grpc.health.v1's messages, by their fields: an empty request asks for the whole server, and 1
  // is SERVING.
  using Reply = wire_sdk::alpha::Count;
  grpc::TemplatedGenericStub<wire_sdk::Empty, Reply> stub(grpc::CreateChannel(
      sandbox_->endpoints().allocators.at("us-east-1"), grpc::InsecureChannelCredentials()));
  grpc::ClientContext context;
  const wire_sdk::Empty request;
  Reply reply;
  std::promise<grpc::Status> ended;
  stub.UnaryCall(&context, "/grpc.health.v1.Health/Check", {}, &request, &reply,
                 [&](grpc::Status status) { ended.set_value(std::move(status)); });
  const grpc::Status status = ended.get_future().get();
  ASSERT_TRUE(status.ok()) << status.error_message();
  EXPECT_EQ(reply.count(), 1);
  EXPECT_FALSE(std::filesystem::exists(dir_ / "agones-tls")) << "plaintext needs no certificates";
}

TEST_F(SandboxTest, FaultsBeforeAndAfterAllocate) {
  Start(Options());
  ASSERT_TRUE(AwaitCount("Ready", 4));
  wire_allocation::AllocationResponse response;
  sandbox_->InjectFault({.method = "Allocate", .status = UnavailableError("before")});
  EXPECT_EQ(Allocate("us-east-1", sandbox_->allocator_tls(), &response).error_message(), "before");
  EXPECT_EQ(CountIn(sandbox_->game_servers(), "Allocated"), 0);
  sandbox_->InjectFault({.method = "Allocate",
                         .when = SandboxFault::When::kAfter,
                         .status = UnavailableError("after"),
                         .delay = std::chrono::milliseconds(1)});
  EXPECT_EQ(Allocate("us-east-1", sandbox_->allocator_tls(), &response).error_message(), "after");
  EXPECT_EQ(CountIn(sandbox_->game_servers(), "Allocated"), 1);
  sandbox_->InjectFault({.method = "Allocate", .status = UnavailableError("never"), .times = -1});
  sandbox_->ClearFaults();
  EXPECT_TRUE(Allocate("us-east-1", sandbox_->allocator_tls(), &response).ok());
}

TEST_F(SandboxTest, ScalesAFleet) {
  Start(Options());
  sandbox_->ScaleFleet("us-east-2", 5);
  EXPECT_TRUE(AwaitCount("Ready", 7));
  sandbox_->ScaleFleet("us-east-2", 0);
  sandbox_->ScaleFleet("nowhere", 9);
  EXPECT_TRUE(
      sandbox_->WaitForGameServers([](const auto& servers) { return servers.size() == 2; }, kLong));
  EXPECT_FALSE(sandbox_->WaitForGameServers([](const auto&) { return false; },
                                            std::chrono::milliseconds(1)));
}

TEST_F(SandboxTest, LeavesNoChildProcesses) {
  auto options = Options();
  options.game_server = "sh -c 'echo $$ {port}; exec sleep 1000'";
  Start(std::move(options));
  std::vector<pid_t> children;
  ASSERT_TRUE(sandbox_->WaitForGameServers(
      [](const auto& servers) { return CountIn(servers, "Scheduled") == 4; }, kLong));
  for (const SandboxGameServer& server : sandbox_->game_servers()) {
    // The script writes its line before it becomes sleep.
    std::string line;
    while (line.empty()) line = Read("logs/" + server.name + ".log");
    std::istringstream words(line);
    pid_t pid = 0;
    int port = 0;
    ASSERT_TRUE(words >> pid >> port);
    EXPECT_EQ(port, server.port);
    children.push_back(pid);
  }
  ASSERT_EQ(children.size(), 4u);
  for (const pid_t child : children) EXPECT_EQ(kill(child, 0), 0);
  sandbox_.reset();
  for (const pid_t child : children) EXPECT_EQ(kill(child, 0), -1);
}

TEST_F(SandboxTest, TwoAtOnce) {
  Start(Options());
  auto options = Options();
  options.dir += "/second";
  auto second = Sandbox::Start(std::move(options));
  ASSERT_TRUE(second.ok()) << second.status();
  EXPECT_NE((*second)->endpoints().frontend, sandbox_->endpoints().frontend);
}

}  // namespace
}  // namespace gsh::sandbox
