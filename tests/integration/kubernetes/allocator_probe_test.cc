// gsh-allocator-probe's commands about clusters, as people run them: the program, a kubeconfig file
// with two contexts, and two real API servers.
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <signal.h>

#include <nlohmann/json.hpp>
#include <string>
#include <vector>

#include "gsh/testing/matchers.h"
#include "src/rpc/common/base64.h"
#include "src/testing/certificates.h"
#include "tests/integration/kubernetes/allocator_probe_fixture.h"

namespace gsh::kubernetes_test {
namespace {

using Json = nlohmann::json;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using testing::IsOk;
using ::testing::MatchesRegex;
using testing::Outcome;
using testing::RunningProgram;
using ::testing::SizeIs;

TEST_F(AllocatorProbeTest, PoliciesAreMadeChangedAndListed) {
  const std::vector<std::string> remote = {"policy",
                                           "apply",
                                           "--name=allocator-policy-to-cluster-2",
                                           "--cluster-name=agones-gameservers-2",
                                           "--target-namespace=gameservers",
                                           "--allocation-endpoint=192.0.2.7",
                                           "--secret=allocator-secret-to-cluster-2"};
  const std::string said =
      "gameserverallocationpolicy.multicluster.agones.dev/allocator-policy-to-cluster-2 ";
  Outcome outcome = Run(remote);
  EXPECT_EQ(outcome.exit_code, 0) << outcome.output;
  EXPECT_THAT(LinesOf(outcome.output), ElementsAre(said + "created"));
  // What somebody else has put there stays.
  const std::string path = Policies() + "/allocator-policy-to-cluster-2";
  ASSERT_TRUE(first_.Patch(path, {{"metadata", {{"annotations", {{"owner", "team-a"}}}}}}).ok());
  auto heavier = remote;
  heavier.push_back("--weight=50");
  outcome = Run(heavier);
  EXPECT_EQ(outcome.exit_code, 0) << outcome.output;
  EXPECT_THAT(LinesOf(outcome.output), ElementsAre(said + "configured"));
  outcome = Run({"policy", "apply", "--context", kFirst, "--name=local", "--priority=2",
                 "--target-namespace=gameservers"});
  EXPECT_EQ(outcome.exit_code, 0) << outcome.output;

  const Json policy = first_.Get(path).body;
  EXPECT_EQ(policy.at("metadata").at("annotations").at("owner"), "team-a");
  EXPECT_EQ(policy.at("spec"), Json::parse(R"({
      "priority": 1, "weight": 50,
      "connectionInfo": {"clusterName": "agones-gameservers-2", "namespace": "gameservers",
                         "secretName": "allocator-secret-to-cluster-2",
                         "allocationEndpoints": ["192.0.2.7"]}})"));

  outcome = Run({"policy", "list"});
  EXPECT_THAT(
      LinesOf(outcome.output),
      ElementsAre(MatchesRegex("NAME +PRIORITY +WEIGHT +CLUSTER +NAMESPACE +ENDPOINTS +SECRET"),
                  MatchesRegex("allocator-policy-to-cluster-2 +1 +50 +agones-gameservers-2 "
                               "+gameservers +192.0.2.7 +allocator-secret-to-cluster-2"),
                  MatchesRegex("local +2 +100 +<none> +gameservers +local +<none>")));
  const auto lines = LinesOf(Run({"policy", "list", "--output=json"}).output);
  ASSERT_THAT(lines, SizeIs(2));
  EXPECT_EQ(Json::parse(lines[0]).at("spec"), policy.at("spec"));
  EXPECT_EQ(Json::parse(lines[1]).at("metadata").at("name"), "local");
  // The other cluster has none.
  EXPECT_THAT(LinesOf(Run({"policy", "list", "--context", kSecond}).output), SizeIs(1));
}

TEST_F(AllocatorProbeTest, APolicyThatIsWrongIsNotSent) {
  const Outcome outcome =
      Run({"policy", "apply", "--name=to-2", "--allocation-endpoint=192.0.2.7"});
  EXPECT_EQ(outcome.exit_code, 2);
  EXPECT_THAT(outcome.output, HasSubstr("needs a secret"));
  const Outcome bad_name = Run({"policy", "apply", "--name=Not_A_Name"});
  EXPECT_NE(bad_name.exit_code, 0);
  EXPECT_THAT(bad_name.output, HasSubstr("metadata.name"));  // the API server says so
  EXPECT_THAT(first_.Get(Policies()).body.at("items"), SizeIs(0));
  // What --dry-run prints is taken as it is.
  const Outcome dry = Run({"policy", "apply", "--name=to-1", "--dry-run"});
  EXPECT_EQ(dry.exit_code, 0) << dry.output;
  EXPECT_THAT(first_.Get(Policies()).body.at("items"), SizeIs(0));
  EXPECT_EQ(first_.Post(Policies() + "?fieldValidation=Strict", Json::parse(dry.output)).code, 201);
}

TEST_F(AllocatorProbeTest, TrustIsASecretWithTheFiles) {
  const auto authority = testing::CertificateAuthority::Make("cluster-2");
  ASSERT_THAT(authority, IsOk());
  ASSERT_THAT(authority->WriteCert(directory_.File("ca.crt")), IsOk());
  const std::vector<std::string> trust = {"trust", "--secret=allocator-secret-to-cluster-2",
                                          "--tls-dir", directory_.string()};
  const auto issue = [&] {
    ASSERT_THAT(authority->IssueClient("cluster-1")
                    ->Write(directory_.File("tls.crt"), directory_.File("tls.key")),
                IsOk());
  };
  for (const char* const word : {"created", "configured"}) {
    issue();  // the second time others than before
    const Outcome outcome = Run(trust);
    EXPECT_EQ(outcome.exit_code, 0) << outcome.output;
    EXPECT_THAT(LinesOf(outcome.output),
                ElementsAre(std::string("secret/allocator-secret-to-cluster-2 ") + word));
    const Json secret = first_.Get(Secrets() + "/allocator-secret-to-cluster-2").body;
    EXPECT_EQ(secret.at("type"), "Opaque");
    for (const char* const file : {"ca.crt", "tls.crt", "tls.key"}) {
      EXPECT_EQ(rpc::Base64Decode(std::string(secret.at("data").at(file))), directory_.Read(file))
          << file;
    }
  }
  ASSERT_THAT(testing::WriteFileAtomically(directory_.File("tls.key"),
                                           authority->IssueClient("other")->key, 0600),
              IsOk());
  const Outcome refused = Run({"trust", "--secret=second", "--tls-dir", directory_.string()});
  EXPECT_EQ(refused.exit_code, 2);
  EXPECT_THAT(refused.output, HasSubstr("tls.key"));
  EXPECT_EQ(first_.Get(Secrets() + "/second").code, 404);
}

TEST_F(AllocatorProbeTest, TheAddressIsTheLoadBalancers) {
  const std::string services = PathOf("/api/v1", "services");
  const Json ports = {{{"port", 443}}};
  ASSERT_TRUE(second_
                  .Post(services, {{"metadata", {{"name", "agones-allocator"}}},
                                   {"spec", {{"type", "LoadBalancer"}, {"ports", ports}}}})
                  .ok());
  const std::vector<std::string> address = {"address", "--context", kSecond, "--service-namespace",
                                            ns_};
  const Outcome none = Run(address);
  EXPECT_EQ(none.exit_code, 1);
  EXPECT_THAT(none.output, HasSubstr("has no load balancer's address (type LoadBalancer)"));
  for (const auto& [field, value] : std::vector<std::pair<std::string, std::string>>{
           {"ip", "192.0.2.7"}, {"hostname", "lb.example"}}) {
    const Json status = {{"loadBalancer", {{"ingress", Json::array({{{field, value}}})}}}};
    ASSERT_TRUE(second_.Patch(services + "/agones-allocator/status", {{"status", status}}).ok());
    const Outcome outcome = Run(address);
    EXPECT_EQ(outcome.exit_code, 0);
    EXPECT_EQ(LinesOf(outcome.output), std::vector<std::string>{value});
  }
  const Outcome elsewhere = Run({"address", "--service-namespace", ns_});
  EXPECT_EQ(elsewhere.exit_code, 1);
  EXPECT_THAT(elsewhere.output, HasSubstr("not found"));
}

TEST_F(AllocatorProbeTest, GameServersOfSeveralClustersAreListedAndDeleted) {
  AddServer(first_, "gs-1", "Ready");
  AddServer(first_, "gs-2", "Allocated");
  AddServer(second_, "gs-3", "Allocated");
  const std::vector<std::string> both = {"gameservers", "--context", kFirst, "--context", kSecond};
  const auto with = [&](const std::vector<std::string>& more) {
    std::vector<std::string> args = both;
    args.insert(args.end(), more.begin(), more.end());
    return Run(args);
  };
  const auto row = [](const char* name, const char* state) {
    return MatchesRegex(std::string(name) + " +" + state +
                        " +192.0.2.1 +7256 +node-1 +[0-9]+s +region=us-east-1");
  };
  const auto header = MatchesRegex("NAME +STATE +ADDRESS +PORT +NODE +AGE +LABELS");
  EXPECT_THAT(LinesOf(with({}).output),
              ElementsAre("- agones-gameservers-1 -", header, row("gs-1", "Ready"),
                          row("gs-2", "Allocated"), "- agones-gameservers-2 -", header,
                          row("gs-3", "Allocated")));
  const auto lines = LinesOf(with({"--state=Allocated", "--output=json"}).output);
  ASSERT_THAT(lines, SizeIs(2));
  EXPECT_EQ(Json::parse(lines[0]).at("metadata").at("name"), "gs-2");
  EXPECT_EQ(Json::parse(lines[1]).at("metadata").at("name"), "gs-3");

  const Outcome deleted = with({"--state=Allocated", "--delete-all"});
  EXPECT_EQ(deleted.exit_code, 0);
  EXPECT_THAT(LinesOf(deleted.output),
              ElementsAre("- agones-gameservers-1 -", "gameserver.agones.dev \"gs-2\" deleted",
                          "- agones-gameservers-2 -", "gameserver.agones.dev \"gs-3\" deleted"));
  EXPECT_THAT(NamesIn(first_), ElementsAre("gs-1"));
  EXPECT_THAT(NamesIn(second_), ElementsAre());
}

TEST_F(AllocatorProbeTest, AWatchShowsEveryChangeUntilItIsStopped) {
  AddServer(second_, "gs-1", "Ready");
  RunningProgram watch(Probe({"gameservers", "--context", kSecond, "--watch"}));
  ASSERT_TRUE(watch.WaitForText("gs-1")) << watch.Output();
  ASSERT_TRUE(second_.Patch(GameServers() + "/gs-1", {{"status", {{"state", "Allocated"}}}}).ok());
  ASSERT_TRUE(watch.WaitForText("Allocated")) << watch.Output();
  AddServer(second_, "gs-2", "Ready");
  ASSERT_TRUE(watch.WaitForText("gs-2")) << watch.Output();
  ASSERT_TRUE(second_.Delete(GameServers() + "/gs-1").ok());
  ASSERT_TRUE(watch.WaitForText("Deleted")) << watch.Output();
  watch.Signal(SIGTERM);
  EXPECT_EQ(watch.Wait(), 0) << watch.Output();
  const auto row = [](const char* name, const char* state) {
    return ::testing::ContainsRegex(std::string("^") + name + " +" + state + " ");
  };
  EXPECT_THAT(watch.Lines(),
              ::testing::IsSupersetOf({row("gs-1", "Ready"), row("gs-1", "Allocated"),
                                       row("gs-2", "Ready"), row("gs-1", "Deleted")}));
}

}  // namespace
}  // namespace gsh::kubernetes_test
