// What gsh-allocator-probe may do and need: rights, contexts, kubeconfig files.
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <signal.h>

#include <nlohmann/json.hpp>
#include <string>

#include "gsh/testing/matchers.h"
#include "src/testing/certificates.h"
#include "tests/integration/kubernetes/allocator_probe_fixture.h"
#include "tests/integration/kubernetes/audit.h"

namespace gsh::kubernetes_test {
namespace {

using Json = nlohmann::json;
using ::testing::AllOf;
using ::testing::HasSubstr;
using testing::IsOk;
using testing::Outcome;
using testing::RunningProgram;
using ::testing::SizeIs;

using AllocatorProbeRightsTest = AllocatorProbeTest;

// docs/agones.md names these.
TEST_F(AllocatorProbeRightsTest, NeedsTheseRightsAndNoOthers) {
  const auto rule = [](const char* group, const char* resource, const Json& verbs) {
    return Json{{"apiGroups", {group}}, {"resources", {resource}}, {"verbs", verbs}};
  };
  const Account account = NewAccount(ns_, "prober");
  const std::string rbac = PathOf("/apis/rbac.authorization.k8s.io/v1", "");
  const Json rules = {
      rule("multicluster.agones.dev", "gameserverallocationpolicies", {"create", "patch", "list"}),
      rule("", "secrets", {"create", "patch"}), rule("", "services", {"get"}),
      rule("agones.dev", "gameservers", {"list", "watch", "delete"})};
  ASSERT_TRUE(
      first_.Post(rbac + "roles", {{"metadata", {{"name", "prober"}}}, {"rules", rules}}).ok());
  const Json subject = {{"kind", "ServiceAccount"}, {"name", "prober"}, {"namespace", ns_}};
  ASSERT_TRUE(first_
                  .Post(rbac + "rolebindings", {{"metadata", {{"name", "prober"}}},
                                                {"roleRef", {{"kind", "Role"}, {"name", "prober"}}},
                                                {"subjects", {subject}}})
                  .ok());
  WriteKubeconfig(kubeconfig_,
                  {{.name = kFirst, .server = &SharedApiServer(), .token = account.token}});
  const auto authority = testing::CertificateAuthority::Make("cluster-2");
  ASSERT_THAT(authority->WriteCert(directory_.File("ca.crt")), IsOk());
  ASSERT_THAT(authority->IssueClient("cluster-1")
                  ->Write(directory_.File("tls.crt"), directory_.File("tls.key")),
              IsOk());

  AddServer(first_, "gs-1", "Ready");
  RunningProgram watch(Probe({"gameservers", "--watch"}));
  EXPECT_TRUE(watch.WaitForText("gs-1")) << watch.Output();
  for (int i = 0; i < 2; ++i) {  // the second time it is there
    EXPECT_EQ(Run({"policy", "apply", "--name=local"}).exit_code, 0);
    EXPECT_EQ(Run({"trust", "--secret=trust", "--tls-dir", directory_.string()}).exit_code, 0);
  }
  EXPECT_EQ(Run({"policy", "list"}).exit_code, 0);
  EXPECT_EQ(Run({"address", "--service-namespace", ns_}).exit_code, 1);  // there is none
  EXPECT_EQ(Run({"gameservers", "--delete-all"}).exit_code, 0);
  EXPECT_TRUE(watch.WaitForText("Deleted")) << watch.Output();
  watch.Signal(SIGTERM);
  EXPECT_EQ(watch.Wait(), 0) << watch.Output();
  const std::string user = "system:serviceaccount:" + ns_ + ":prober";
  const auto granted = RightsGrantedTo(ns_, "prober");
  EXPECT_THAT(granted, SizeIs(9));
  EXPECT_TRUE(Eventually([&] { return RightsUsedBy(user) == granted; }))
      << ::testing::PrintToString(RightsUsedBy(user));
  EXPECT_THAT(RightsMissedBy(user), ::testing::IsEmpty());
}

TEST_F(AllocatorProbeRightsTest, SaysWhatIsWrongWithTheContextOrTheRights) {
  const Outcome unknown = Run({"gameservers", "--context", "agones-gameservers-9"});
  EXPECT_EQ(unknown.exit_code, 2);
  EXPECT_THAT(unknown.output, HasSubstr("agones-gameservers-9"));
  EXPECT_EQ(Run({"policy", "list", "--context", kFirst, "--context", kSecond}).exit_code, 2);
  EXPECT_EQ(Run({"gameservers", "--watch", "--context", kFirst, "--context", kSecond}).exit_code,
            2);

  const Account nobody = NewAccount(ns_, "nobody");
  WriteKubeconfig(kubeconfig_,
                  {{.name = kFirst, .server = &SharedApiServer(), .token = nobody.token},
                   {.name = kSecond, .server = &SharedApiServer(), .token = "made-up"}});
  const Outcome forbidden = Run({"gameservers"});
  EXPECT_EQ(forbidden.exit_code, 1);
  EXPECT_THAT(forbidden.output, AllOf(HasSubstr("cannot list resource \"gameservers\""),
                                      HasSubstr("system:serviceaccount:" + ns_ + ":nobody")));
  const Outcome stranger = Run({"gameservers", "--context", kSecond});
  EXPECT_EQ(stranger.exit_code, 1);
  EXPECT_THAT(stranger.output, HasSubstr("Unauthorized"));

  ASSERT_THAT(testing::WriteFileAtomically(kubeconfig_, "contexts: {", 0600), IsOk());
  EXPECT_EQ(Run({"gameservers"}).exit_code, 2);
}

}  // namespace
}  // namespace gsh::kubernetes_test
