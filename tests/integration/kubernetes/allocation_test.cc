// Allocation through the Kubernetes API: an APIService sends allocation.agones.dev to the sandbox,
// as a cluster sends it to Agones.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <nlohmann/json.hpp>
#include <set>
#include <string>

#include "tests/integration/kubernetes/api.h"
#include "tests/integration/kubernetes/sandbox_allocation.h"

namespace gsh::kubernetes_test {
namespace {

using Json = nlohmann::json;

constexpr char kAllocations[] =
    "/apis/allocation.agones.dev/v1/namespaces/default/gameserverallocations";

// One that asks for a server of the region.
Json AllocationIn(const std::string& region) {
  return {{"apiVersion", "allocation.agones.dev/v1"},
          {"kind", "GameServerAllocation"},
          {"spec",
           {{"selectors", {{{"matchLabels", {{"region", region}}}}}},
            {"metadata", {{"labels", {{"mode", "deathmatch"}}}}}}}};
}

class AllocationTest : public ::testing::Test {
 protected:
  SandboxAllocation allocation_;
};

TEST_F(AllocationTest, GivesEachServerOnceAndThenSaysThatThereIsNone) {
  std::set<std::string> names;
  for (int i = 0; i < 2; ++i) {
    const ApiAnswer answer = Admin().Post(kAllocations, AllocationIn("us-east-1"));
    ASSERT_EQ(answer.code, 201) << answer.body;
    const Json& status = answer.body.at("status");
    EXPECT_EQ(status.at("state"), "Allocated");
    EXPECT_GT(status.at("ports").at(0).at("port"), 0);
    EXPECT_EQ(status.at("metadata").at("labels").at("mode"), "deathmatch");
    names.insert(status.at("gameServerName"));
  }
  EXPECT_EQ(names.size(), 2u);
  // The sandbox's fleet keeps two in all, as a Fleet does.
  const ApiAnswer none = Admin().Post(kAllocations, AllocationIn("us-east-1"));
  EXPECT_EQ(none.code, 201);
  EXPECT_EQ(none.body.at("status").at("state"), "UnAllocated");
}

TEST_F(AllocationTest, RefusesWhatAgonesRefuses) {
  Json bad_label = AllocationIn("not a label's value!");
  EXPECT_EQ(Admin().Post(kAllocations, bad_label).code, 422);
  Json bad_state = AllocationIn("us-east-1");
  bad_state["spec"]["selectors"][0]["gameServerState"] = "Asleep";
  EXPECT_EQ(Admin().Post(kAllocations, bad_state).code, 400);
  EXPECT_EQ(Admin().Call({.method = "POST", .path = kAllocations, .body = "{"}).code, 400);
  EXPECT_EQ(Admin().Get(kAllocations).code, 405);
}

}  // namespace
}  // namespace gsh::kubernetes_test
