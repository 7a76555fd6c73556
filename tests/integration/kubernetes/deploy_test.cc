// deploy/kubernetes, as the API server sees it: every object is valid, and every right that is
// granted is needed.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <filesystem>

#include "tests/integration/kubernetes/api.h"
#include "tests/integration/kubernetes/audit.h"
#include "tests/integration/kubernetes/manifests.h"

namespace gsh::kubernetes_test {
namespace {

using Json = nlohmann::json;
using ::testing::IsEmpty;

constexpr char kFolder[] = GSH_SOURCE_DIR "/deploy/kubernetes";
constexpr char kStrict[] = "?fieldValidation=Strict";

std::vector<Json> Objects(const std::string& name) {
  return ReadKustomization(std::string(kFolder) + "/" + name);
}

// Warnings that nothing of ours can prevent: the API server's own default, and the one way to name
// Google's controller.
bool IsExpected(const std::string& warning) {
  return warning.find("SessionAffinity is ignored for headless services") != warning.npos ||
         warning.find("kubernetes.io/ingress.class") != warning.npos;
}

void ExpectNoWarning(const ApiAnswer& answer, const Json& object) {
  for (const auto& [name, value] : answer.headers) {
    if (!http::SameFieldName(name, "Warning")) continue;
    EXPECT_TRUE(IsExpected(value)) << NameOf(object) << ": " << value;
  }
}

// As `kubectl apply` does: looks, then creates or patches.
void Apply(Api& api, const Json& object, const std::string& query) {
  const std::string collection = CollectionOf(object);
  const std::string path = collection + "/" + std::string(object.at("metadata").at("name"));
  const int found = api.Get(path).code;
  const ApiAnswer answer =
      found == 404 ? api.Post(collection + query, object) : api.Patch(path + query, object);
  EXPECT_TRUE(found == 404 || found == 200) << NameOf(object) << ": " << found;
  EXPECT_TRUE(answer.ok()) << NameOf(object) << ": " << answer.body;
  ExpectNoWarning(answer, object);
}

// An administrator has applied deploy/kubernetes/setup to a cluster with Open Match and Agones.
class DeployTest : public ::testing::Test {
 protected:
  static void SetUpTestSuite() {
    InstallAgonesResources();
    for (const char* const ns : {"open-match", "agones-system"}) EnsureNamespace(ns);
    for (const Json& object : Objects("setup")) Apply(Admin(), object, kStrict);
  }
};

TEST_F(DeployTest, EveryObjectOfEveryKustomizationIsValid) {
  int objects = 0;
  for (const auto& folder : std::filesystem::directory_iterator(kFolder)) {
    for (const Json& object : Objects(folder.path().filename())) {
      SCOPED_TRACE(folder.path().filename());
      Apply(Admin(), object, std::string(kStrict) + "&dryRun=All");
      ++objects;
    }
  }
  EXPECT_GE(objects, 20);
}

// A controller makes the pods, long after the answer to who applied the object.
TEST_F(DeployTest, TheirPodsAreValidAndKeepToTheirNamespacesSecurityLevel) {
  int pods = 0;
  for (const auto& folder : std::filesystem::directory_iterator(kFolder)) {
    for (const Json& object : Objects(folder.path().filename())) {
      const bool fleet = object.at("kind") == "Fleet";
      if (!fleet && object.at("kind") != "Deployment") continue;
      Json pod =
          fleet ? object["spec"]["template"]["spec"]["template"] : object["spec"]["template"];
      pod["metadata"]["generateName"] = "pod-";
      const std::string ns = object["metadata"]["namespace"];
      const ApiAnswer answer =
          Admin().Post("/api/v1/namespaces/" + ns + "/pods" + kStrict + "&dryRun=All", pod);
      EXPECT_EQ(answer.code, 201) << NameOf(object) << ": " << answer.body;
      ExpectNoWarning(answer, object);
      ++pods;
    }
  }
  EXPECT_GE(pods, 6);
}

TEST_F(DeployTest, ThePipelinesAccountMayApplyWhatIsItsOwnAndNothingElse) {
  const std::string ns = "agones-openmatch";
  Api deployer = As(NewToken(ns, "gsh-deployer"));
  for (const char* const part : {"matchmaking", "ncat"}) {
    for (const Json& object : Objects(part)) {
      Apply(deployer, object, std::string(kStrict) + "&dryRun=All");
      Apply(deployer, object, kStrict);  // creates it
      Apply(deployer, object, std::string(kStrict) + "&dryRun=All");
    }
  }
  const std::string user = "system:serviceaccount:" + ns + ":gsh-deployer";
  const auto granted = RightsGrantedTo(ns, "gsh-deployer");
  EXPECT_TRUE(Eventually([&] { return RightsUsedBy(user) == granted; }))
      << ::testing::PrintToString(RightsUsedBy(user))
      << "\n granted: " << ::testing::PrintToString(granted);
  EXPECT_THAT(RightsMissedBy(user), IsEmpty());
  EXPECT_EQ(deployer.Get("/api/v1/namespaces/" + ns + "/secrets").code, 403);
}

}  // namespace
}  // namespace gsh::kubernetes_test
