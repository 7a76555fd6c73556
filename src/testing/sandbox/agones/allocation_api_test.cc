#include "src/testing/sandbox/agones/allocation_api.h"

#include <nlohmann/json.hpp>

#include "gsh/testing/sandbox.h"
#include "src/http/client/client_fixture.h"
#include "src/testing/temporary_directory.h"

namespace gsh::sandbox {
namespace {

using Json = nlohmann::json;
using testing::Sandbox;

constexpr char kVersion[] = "/apis/allocation.agones.dev/v1";
constexpr char kAllocations[] =
    "/apis/allocation.agones.dev/v1/namespaces/default/gameserverallocations";

class AllocationApiTest : public ::testing::Test {
 protected:
  void SetUp() override {
    auto sandbox = Sandbox::Start({.dir = directory_.string(),
                                   .insecure = true,
                                   .regions = {"us-east-1"},
                                   .replicas = 1,
                                   .allocation_batch_wait = Duration(0),
                                   .fleet = {.counters = {{"rooms", 10}}, .side_cars = false}});
    ASSERT_THAT(sandbox, testing::IsOk());
    sandbox_ = *std::move(sandbox);
    ASSERT_TRUE(sandbox_->WaitForGameServers(
        [](const auto& servers) { return servers.size() == 1 && servers[0].state == "Ready"; },
        std::chrono::seconds(20)));
    auto options = http::OptionsFor(sandbox_->endpoints().allocation_api);
    options.retry.max_attempts = 1;
    client_ = http::Make(std::move(options));
  }

  http::ClientResponse Send(const std::string& method, const std::string& path,
                            const std::string& body = {}) {
    return http::Send(*client_, {.method = method, .target = path, .body = body}).response;
  }
  Json Allocate(const Json& spec) {
    const Json resource = {{"apiVersion", "allocation.agones.dev/v1"},
                           {"kind", "GameServerAllocation"},
                           {"spec", spec}};
    const auto response = Send("POST", kAllocations, resource.dump());
    EXPECT_EQ(response.code, 201) << response.body;
    return Json::parse(response.body);
  }

  const testing::TemporaryDirectory directory_;
  std::unique_ptr<Sandbox> sandbox_;
  std::unique_ptr<http::Client> client_;
};

TEST_F(AllocationApiTest, SaysWhatIsServed) {
  const Json resources = Json::parse(Send("GET", kVersion).body);
  EXPECT_EQ(resources["kind"], "APIResourceList");
  EXPECT_EQ(resources["groupVersion"], "allocation.agones.dev/v1");
  EXPECT_EQ(resources["resources"][0]["name"], "gameserverallocations");
  EXPECT_EQ(Json::parse(Send("GET", "/apis").body)["groups"][0]["name"], "allocation.agones.dev");
  EXPECT_EQ(Send("GET", "/apis/apps/v1").code, 404);
  EXPECT_EQ(Send("GET", kAllocations).code, 405);
  EXPECT_EQ(
      Send("POST", std::string(kVersion) + "/namespaces/a/b/gameserverallocations", "{}").code,
      404);
}

TEST_F(AllocationApiTest, SelectsByExpressions) {
  const auto by = [](const char* key, const char* op, const Json& values) {
    return Json{{"matchExpressions", {{{"key", key}, {"operator", op}, {"values", values}}}}};
  };
  const Json none = Json::array();
  for (const Json& selector :
       {by("region", "In", {"elsewhere"}), by("region", "NotIn", {"us-east-1"}),
        by("region", "DoesNotExist", none), by("mode", "Exists", none)}) {
    EXPECT_EQ(Allocate({{"selectors", {selector}}})["status"]["state"], "UnAllocated") << selector;
    EXPECT_EQ(Allocate({{"required", selector}})["status"]["state"], "UnAllocated") << selector;
  }
  const Json spec = {
      {"selectors", {by("mode", "Exists", none), by("region", "In", {"us-east-1", "us-east-2"})}}};
  EXPECT_EQ(Allocate(spec)["status"]["state"], "Allocated") << "the second one fits";
}

TEST_F(AllocationApiTest, RefusesExpressionsThatMakeNoSense) {
  Json resource = {
      {"kind", "GameServerAllocation"},
      {"spec", {{"selectors", {{{"matchExpressions", {{{"key", "a"}, {"operator", "In"}}}}}}}}}};
  const auto invalid = Send("POST", kAllocations, resource.dump());
  EXPECT_EQ(invalid.code, 422) << invalid.body;
  EXPECT_EQ(Json::parse(invalid.body)["reason"], "Invalid");
  resource["spec"]["selectors"][0]["matchExpressions"] = 7;
  EXPECT_EQ(Send("POST", kAllocations, resource.dump()).code, 400);
}

TEST_F(AllocationApiTest, AnswersWithTheResourceAndItsStatus) {
  const Json spec = {
      {"selectors", {{{"matchLabels", {{"region", "us-east-1"}}}, {"gameServerState", "Ready"}}}},
      {"counters", {{"rooms", {{"action", "Increment"}, {"amount", 3}}}}},
      {"metadata", {{"annotations", {{"map", "garden"}}}}}};
  const Json resource = Allocate(spec);
  EXPECT_EQ(resource["spec"], spec);
  const Json& status = resource["status"];
  EXPECT_EQ(status["state"], "Allocated");
  EXPECT_EQ(status["gameServerName"], resource["metadata"]["name"]);
  EXPECT_EQ(resource["metadata"]["namespace"], "default");
  EXPECT_EQ(status["counters"]["rooms"]["count"], 3);
  EXPECT_EQ(status["counters"]["rooms"]["capacity"], 10);
  EXPECT_EQ(status["metadata"]["annotations"]["map"], "garden");
  EXPECT_EQ(status["source"], "local");
}

TEST_F(AllocationApiTest, SaysThatThereIsNoneOrThatOthersWereFaster) {
  const Json spec = {{"required", {{"matchLabels", {{"region", "mars"}}}}}};
  EXPECT_EQ(Allocate(spec)["status"]["state"], "UnAllocated");
  sandbox_->InjectFault({.method = "Allocate", .status = AbortedError("too many at once")});
  EXPECT_EQ(Allocate(spec)["status"]["state"], "Contention");
}

TEST_F(AllocationApiTest, RefusesAsTheKubernetesApiDoes) {
  const auto send = [&](const std::string& body) { return Send("POST", kAllocations, body); };
  EXPECT_EQ(send("{").code, 400);
  EXPECT_EQ(send("[]").code, 400);
  EXPECT_EQ(send(R"({"kind": 7})").code, 400);
  EXPECT_EQ(send(R"({"kind": "GameServerAllocation", "spec": 7})").code, 400);
  EXPECT_EQ(send(R"({"kind": "GameServerAllocation", "spec": {"selectors": [7]}})").code, 400);
  EXPECT_EQ(send(R"({"kind": "GameServerAllocation", "metadata": 7})").code, 400);
  const auto invalid = send(
      R"({"kind": "GameServerAllocation", "spec": {"selectors": [{"matchLabels": {"a": "/"}}]}})");
  EXPECT_EQ(invalid.code, 422);
  EXPECT_EQ(Json::parse(invalid.body)["reason"], "Invalid");
  sandbox_->InjectFault({.method = "Allocate", .status = InternalError("broken")});
  const auto broken = send(R"({"kind": "GameServerAllocation"})");
  EXPECT_EQ(broken.code, 500);
  EXPECT_EQ(Json::parse(broken.body)["kind"], "Status");
}

}  // namespace
}  // namespace gsh::sandbox
