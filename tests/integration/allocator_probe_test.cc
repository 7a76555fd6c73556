// The documents' walk through multi-cluster allocation with gsh-allocator-probe: two clusters,
// local, remote, equal weights, missing policy, missing trust; over gRPC and REST.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <chrono>
#include <filesystem>
#include <fstream>
#include <memory>
#include <nlohmann/json.hpp>
#include <set>
#include <string>
#include <vector>

#include "gsh/agones/match_annotation.h"
#include "gsh/testing/matchers.h"
#include "gsh/testing/sandbox.h"
#include "src/testing/temporary_directory.h"
#include "tests/support/running_program.h"

namespace gsh::testing {
namespace {

namespace fs = std::filesystem;
using ::testing::AllOf;
using ::testing::HasSubstr;
using ::testing::MatchesRegex;
using ::testing::Not;
using ::testing::StartsWith;
using Json = nlohmann::json;

constexpr char kFirst[] = "us-east-1";
constexpr char kSecond[] = "us-east-2";
constexpr char kNoServer[] =
    R"({"code":8,"message":"there is no available GameServer to allocate","details":[]})";
constexpr char kNoPolicy[] =
    R"({"code":2,"message":"no multi-cluster allocation policy is specified","details":[]})";

class AllocatorProbeTest : public ::testing::Test {
 protected:
  void Start(int replicas) {
    auto sandbox = Sandbox::Start({.dir = dir_.string(),
                                   .regions = {kFirst, kSecond},
                                   .replicas = replicas,
                                   .clusters = true,
                                   .policies = false,
                                   .kubernetes = true,
                                   .allocation_batch_wait = Duration::zero(),
                                   .fleet = {.side_cars = false}});
    ASSERT_THAT(sandbox, IsOk());
    sandbox_ = *std::move(sandbox);
    AwaitReady(2 * replicas);
  }
  void AwaitReady(int count) {
    ASSERT_TRUE(sandbox_->WaitForGameServers(
        [&](const auto& servers) { return Count(servers, "Ready") == count; },
        std::chrono::seconds(60)));
  }
  static int Count(const std::vector<SandboxGameServer>& servers, const std::string& state) {
    return static_cast<int>(std::count_if(
        servers.begin(), servers.end(), [&](const auto& server) { return server.state == state; }));
  }

  std::string ClusterDir(const std::string& region) const {
    return dir_.File("clusters/" + region);
  }

  // What the command says of `region`'s allocator, lines joined.
  Outcome Run(const std::string& region, std::vector<std::string> args, bool rest = false) {
    const SandboxEndpoints& at = sandbox_->endpoints();
    args.insert(args.end(), {"--endpoint", (rest ? at.allocators_rest : at.allocators).at(region),
                             "--tls-dir", ClusterDir(region) + "/agones-tls"});
    if (rest) args.push_back("--rest");
    return RunToEnd({.program = "gsh-allocator-probe", .args = std::move(args)});
  }

  // What it says of a cluster's objects.
  Outcome RunOn(const std::string& region, std::vector<std::string> args) {
    args.insert(args.end(), {"--kubeconfig", dir_.File("kubeconfig"), "--context", region});
    return RunToEnd({.program = "gsh-allocator-probe", .args = std::move(args)});
  }

  // As documents have it: from the first cluster to itself, and to the second.
  void PutPolicy(const std::string& name, const std::vector<std::string>& flags) {
    std::vector<std::string> args = {"policy", "apply", "--dry-run", "--name", name};
    args.insert(args.end(), flags.begin(), flags.end());
    const Outcome made = RunToEnd({.program = "gsh-allocator-probe", .args = args});
    ASSERT_EQ(made.exit_code, 0) << made.output;
    std::ofstream(ClusterDir(kFirst) + "/policies/" + name + ".json") << made.output;
  }
  void PutLocalPolicy() {
    PutPolicy("allocator-policy-to-local-cluster", {"--cluster-name", "agones-gameservers-1"});
  }
  void PutRemotePolicy(const std::string& priority = "1") {
    PutPolicy("allocator-policy-to-cluster-2",
              {"--cluster-name", "agones-gameservers-2", "--allocation-endpoint",
               sandbox_->endpoints().allocators.at(kSecond), "--secret",
               "allocator-secret-to-cluster-2", "--priority", priority});
  }
  // The first cluster gets what the second's callers need.
  void EstablishTrust() {
    const std::string secret =
        ClusterDir(kFirst) + "/secrets/default/allocator-secret-to-cluster-2";
    fs::create_directories(secret);
    for (const char* file : {"tls.crt", "tls.key", "ca.crt"}) {
      fs::copy_file(ClusterDir(kSecond) + "/agones-tls/" + file, secret + "/" + file);
    }
  }
  // The source of one allocation through the first cluster's policies.
  std::string SourceOf(const Outcome& outcome) {
    EXPECT_EQ(outcome.exit_code, 0) << outcome.output;
    const Json json = Json::parse(outcome.output, nullptr, false);
    return json.is_object() ? json.value("source", "") : outcome.output;
  }

  const TemporaryDirectory dir_;
  std::unique_ptr<Sandbox> sandbox_;
};

TEST_F(AllocatorProbeTest, MutualTlsWithoutAServer) {
  Start(0);
  for (const bool rest : {false, true}) {
    for (const char* region : {kFirst, kSecond}) {
      const Outcome outcome = Run(region, {"tls"}, rest);
      EXPECT_EQ(outcome.exit_code, 0) << outcome.output;
      EXPECT_THAT(outcome.output, HasSubstr(kNoServer));
    }
    const Outcome none = Run(kFirst, {"allocate"}, rest);
    EXPECT_EQ(none.exit_code, 1);
    EXPECT_THAT(none.output, HasSubstr(kNoServer));
  }
}

TEST_F(AllocatorProbeTest, AnAllocationPrintsTheServerThatIsAllocated) {
  Start(2);
  for (const bool rest : {false, true}) {
    const Outcome outcome = Run(kSecond, {"allocate", "--region", kSecond}, rest);
    ASSERT_EQ(outcome.exit_code, 0) << outcome.output;
    const Json json = Json::parse(outcome.output, nullptr, false);
    ASSERT_TRUE(json.is_object()) << outcome.output;
    const auto servers = sandbox_->game_servers();
    const auto found = std::find_if(servers.begin(), servers.end(), [&](const auto& server) {
      return server.name == json["gameServerName"];
    });
    ASSERT_NE(found, servers.end());
    EXPECT_EQ(found->state, "Allocated");
    EXPECT_THAT(outcome.output,
                StartsWith(R"({"gameServerName":")" + found->name +
                           R"(","ports":[{"name":"default","port":)" + std::to_string(found->port) +
                           R"(}],"address":")" + found->address + R"(","nodeName":")"));
  }
  EXPECT_EQ(Run(kSecond, {"allocate", "--region", "elsewhere"}).exit_code, 1);
}

TEST_F(AllocatorProbeTest, WithoutPolicyAndWithoutTrust) {
  Start(1);
  for (const bool rest : {false, true}) {
    const Outcome outcome = Run(kFirst, {"multicluster"}, rest);
    EXPECT_EQ(outcome.exit_code, 1);
    EXPECT_THAT(outcome.output, HasSubstr(kNoPolicy));
  }
  PutRemotePolicy();
  const Outcome outcome = Run(kFirst, {"multicluster"});
  EXPECT_EQ(outcome.exit_code, 1);
  EXPECT_THAT(outcome.output, HasSubstr(R"(secret \"allocator-secret-to-cluster-2\" not found)"));
  EstablishTrust();
  EXPECT_EQ(SourceOf(Run(kFirst, {"multicluster", "--output", "json"})),
            sandbox_->endpoints().allocators.at(kSecond));
}

TEST_F(AllocatorProbeTest, PoliciesTrustAndGameServersThroughTheKubernetesApi) {
  Start(1);
  const std::string remote = sandbox_->endpoints().allocators.at(kSecond);
  EXPECT_THAT(RunOn(kSecond, {"address"}).output, StartsWith(remote));
  const Outcome policy =
      RunOn(kFirst, {"policy", "apply", "--namespace", "default", "--target-namespace", "default",
                     "--name", "allocator-policy-to-cluster-2", "--cluster-name", kSecond,
                     "--allocation-endpoint", remote, "--secret", "allocator-secret-to-cluster-2"});
  ASSERT_EQ(policy.exit_code, 0) << policy.output;
  EXPECT_THAT(RunOn(kFirst, {"policy", "list", "--namespace", "default"}).output,
              AllOf(HasSubstr("allocator-policy-to-cluster-2"), HasSubstr(remote)));
  const Outcome trust =
      RunOn(kFirst, {"trust", "--namespace", "default", "--secret", "allocator-secret-to-cluster-2",
                     "--tls-dir", ClusterDir(kSecond) + "/agones-tls"});
  ASSERT_EQ(trust.exit_code, 0) << trust.output;
  EXPECT_EQ(SourceOf(Run(kFirst, {"multicluster", "--output", "json"})), remote);
  const auto allocated = [&](const std::string& region) {
    const Outcome listed =
        RunOn(region, {"gameservers", "--namespace", "default", "--state", "Allocated"});
    EXPECT_EQ(listed.exit_code, 0) << listed.output;
    return listed.output;
  };
  EXPECT_THAT(allocated(kFirst), Not(HasSubstr("ncat-pool")));
  EXPECT_THAT(allocated(kSecond), AllOf(HasSubstr("ncat-pool2"), HasSubstr("Allocated")));
  EXPECT_EQ(RunOn(kSecond, {"gameservers", "--namespace", "default", "--delete-all"}).exit_code, 0);
  AwaitReady(2);
}

TEST_F(AllocatorProbeTest, EqualWeightsReachBothClusters) {
  Start(100);
  PutLocalPolicy();
  PutRemotePolicy();
  EstablishTrust();
  const Outcome load =
      Run(kFirst, {"load", "--multicluster", "--count", "100", "--output", "json", "--keep"});
  ASSERT_EQ(load.exit_code, 0) << load.output;
  EXPECT_EQ(Json::parse(load.output)["allocated"], 100);
  const auto servers = sandbox_->game_servers();
  const auto local = std::count_if(servers.begin(), servers.end(), [](const auto& server) {
    return server.state == "Allocated" && server.labels.at("region") == kFirst;
  });
  EXPECT_EQ(Count(servers, "Allocated"), 100);
  EXPECT_NEAR(static_cast<double>(local), 50, 20);  // four standard deviations
  // The second cluster has no policies.
  EXPECT_THAT(Run(kSecond, {"multicluster"}).output, HasSubstr(kNoPolicy));
}

TEST_F(AllocatorProbeTest, ALowerPriorityNumberGoesFirst) {
  Start(2);
  PutLocalPolicy();
  PutRemotePolicy("2");
  EstablishTrust();
  const std::string remote = sandbox_->endpoints().allocators.at(kSecond);
  for (const std::string& source : {std::string("local"), std::string("local"), remote, remote}) {
    EXPECT_EQ(SourceOf(Run(kFirst, {"multicluster", "--output", "json"}, source == remote)),
              source);
  }
  EXPECT_THAT(Run(kFirst, {"multicluster"}).output, HasSubstr(kNoServer));
}

TEST_F(AllocatorProbeTest, ALoadIsHandedBack) {
  Start(30);
  const Outcome load = Run(kFirst, {"load", "--count", "40", "--rate", "500", "--output", "json"});
  ASSERT_EQ(load.exit_code, 0) << load.output;
  const Json report = Json::parse(load.output);
  EXPECT_EQ(report["allocated"], 30);
  EXPECT_EQ(report["refused"]["RESOURCE_EXHAUSTED"], 10);
  EXPECT_EQ(report["handed_back"], 30);
  EXPECT_GE(report["seconds"], 39.0 / 500);
  std::set<std::string> identities;
  for (const auto& server : sandbox_->game_servers()) {
    if (server.state != "Allocated") continue;
    EXPECT_EQ(server.annotations.at(agones::kReleaseAnnotation), "true");
    identities.insert(server.labels.at(agones::kAllocationLabel));
  }
  EXPECT_EQ(identities.size(), 30u);
  const Outcome text = Run(kSecond, {"load", "--count", "5"});
  EXPECT_EQ(text.exit_code, 0);
  EXPECT_THAT(text.output,
              AllOf(HasSubstr("5 allocated in "), HasSubstr("p99 "), HasSubstr("5 handed back")));
}

TEST_F(AllocatorProbeTest, SaysWhatIsWrong) {
  Start(0);
  const auto probe = [](std::vector<std::string> args) {
    return RunToEnd({.program = "gsh-allocator-probe", .args = std::move(args)});
  };
  EXPECT_EQ(probe({}).exit_code, 2);
  EXPECT_EQ(probe({"tls"}).exit_code, 2);
  EXPECT_EQ(probe({"tls", "--endpoint", "127.0.0.1:1", "--tls-dir", "/nowhere"}).exit_code, 2);
  EXPECT_EQ(probe({"policy", "apply", "--dry-run"}).exit_code, 2);
  EXPECT_EQ(probe({"allocate", "--insecure", "--endpoint", "h", "--label", "x"}).exit_code, 2);
  const Outcome dead = probe({"tls", "--insecure", "--endpoint", "127.0.0.1:1", "--timeout", "5"});
  EXPECT_EQ(dead.exit_code, 1);
  EXPECT_THAT(dead.output, HasSubstr("Connection refused"));
  // The second cluster does not believe the first one's clients.
  const Outcome stranger = probe({"tls", "--endpoint", sandbox_->endpoints().allocators.at(kSecond),
                                  "--tls-dir", ClusterDir(kFirst) + "/agones-tls", "--verbose"});
  EXPECT_EQ(stranger.exit_code, 1);
  EXPECT_THAT(stranger.output, HasSubstr("gsh-sandbox allocator client"));
}

TEST_F(AllocatorProbeTest, GoesOnToTheNextEndpoint) {
  Start(1);
  const Outcome outcome = Run(kFirst, {"allocate", "--endpoint", "127.0.0.1:1"});
  EXPECT_EQ(outcome.exit_code, 0) << outcome.output;
}

}  // namespace
}  // namespace gsh::testing
