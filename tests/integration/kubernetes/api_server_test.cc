// That the harness of these tests is what it says: RBAC, tokens, certificates, the audit log.
#include "tests/integration/kubernetes/api_server.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/integration/kubernetes/api.h"
#include "tests/integration/kubernetes/audit.h"

namespace gsh::kubernetes_test {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;

constexpr char kRbac[] = "/apis/rbac.authorization.k8s.io/v1/namespaces/";

void Grant(const Account& account, const nlohmann::json& rule) {
  const std::string base = kRbac + account.ns;
  ASSERT_EQ(Admin()
                .Post(base + "/roles", {{"metadata", {{"name", account.name}}}, {"rules", {rule}}})
                .code,
            201);
  ASSERT_EQ(
      Admin()
          .Post(
              base + "/rolebindings",
              {{"metadata", {{"name", account.name}}},
               {"roleRef", {{"kind", "Role"}, {"name", account.name}}},
               {"subjects",
                {{{"kind", "ServiceAccount"}, {"name", account.name}, {"namespace", account.ns}}}}})
          .code,
      201);
}

TEST(ApiServerTest, KnowsNobodyWithoutACredential) {
  EXPECT_EQ(As("").Get("/api/v1/nodes").code, 403);
  EXPECT_EQ(As("made up").Get("/api/v1/nodes").code, 401);
  EXPECT_EQ(Admin().Get("/api/v1/nodes").code, 200);
}

TEST(ApiServerTest, AServiceAccountMayDoWhatItsRoleGrantsAndTheAuditLogSaysWhatItDid) {
  const std::string ns = NewNamespace();
  const Account account = NewAccount(ns, "reader");
  Grant(account,
        {{"apiGroups", {"coordination.k8s.io"}}, {"resources", {"leases"}}, {"verbs", {"list"}}});
  Api api = As(account.token);
  EXPECT_EQ(api.Get("/apis/coordination.k8s.io/v1/namespaces/" + ns + "/leases").code, 200);
  EXPECT_EQ(api.Get("/api/v1/namespaces/" + ns + "/pods").code, 403);

  const std::string user = "system:serviceaccount:" + ns + ":reader";
  const std::string list = "list leases.coordination.k8s.io in " + ns;
  EXPECT_TRUE(Eventually([&] { return RightsMissedBy(user).size() == 1; }));
  EXPECT_THAT(RightsUsedBy(user), ElementsAre(list));
  EXPECT_THAT(RightsMissedBy(user), ElementsAre("list pods in " + ns));
  EXPECT_THAT(RightsGrantedTo(ns, "reader"), ElementsAre(list));
  EXPECT_THAT(RightsGrantedTo(ns, "nobody"), IsEmpty());
}

}  // namespace
}  // namespace gsh::kubernetes_test
