#include "src/probe/cluster_commands.h"

#include <gmock/gmock.h>

#include <functional>
#include <map>
#include <nlohmann/json.hpp>
#include <utility>

#include "gsh/kubernetes/objects.h"
#include "gsh/testing/manual_clock.h"
#include "gsh/testing/matchers.h"
#include "src/probe/table.h"

namespace gsh::probe {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using testing::IsOk;
using testing::StatusIs;
using Json = nlohmann::json;
using kubernetes::Request;
using kubernetes::Verb;

// Objects by "plural/namespace/name", with resourceVersions.
class FakeCluster final : public kubernetes::Client {
 public:
  void CallAsync(Request request, CallOptions,
                 std::function<void(StatusOr<std::string>)> done) override {
    done(Answer(request));
  }
  void WatchAsync(kubernetes::WatchRequest, CallOptions,
                  std::function<bool(kubernetes::WatchEvent)>,
                  std::function<void(Status)> done) override {
    done(OkStatus());
  }
  void PauseAsync(Duration, CallOptions, std::function<void(Status)> done) override {
    done(OkStatus());
  }
  Clock& clock() const override { return clock_; }

  void Put(const std::string& plural, const std::string& json) {
    Json object = Json::parse(json);
    object["metadata"]["resourceVersion"] = std::to_string(++version_);
    const std::string ns = object["metadata"].value("namespace", "default");
    objects_[plural + "/" + ns + "/" + object["metadata"]["name"].get<std::string>()] = object;
  }
  Json Get(const std::string& key) const {
    const auto found = objects_.find(key);
    return found == objects_.end() ? Json() : found->second;
  }
  std::size_t page_size = 2;

 private:
  StatusOr<std::string> Answer(const Request& request) {
    const std::string folder = std::string(request.resource.plural) + "/" + request.ns + "/";
    switch (request.verb) {
      case Verb::kList:
        return ListPage(folder, request.continue_token);
      default:
        break;
    }
    const auto found = objects_.find(folder + request.name);
    if (found == objects_.end()) return NotFoundError(request.name + " not found");
    const std::string text = found->second.dump();
    if (request.verb == Verb::kDelete) objects_.erase(found);
    return text;
  }

  StatusOr<std::string> ListPage(const std::string& folder, const std::string& token) {
    Json items = Json::array();
    std::size_t at = 0;
    const std::size_t begin = token.empty() ? 0 : std::stoul(token);
    for (const auto& [key, object] : objects_) {
      if (!key.starts_with(folder) || at++ < begin) continue;
      if (items.size() < page_size) items.push_back(object);
    }
    Json metadata = {{"resourceVersion", std::to_string(version_)}};
    if (begin + items.size() < at) metadata["continue"] = std::to_string(begin + items.size());
    return Json{{"metadata", metadata}, {"items", items}}.dump();
  }

  mutable testing::ManualClock clock_;
  std::map<std::string, Json> objects_;
  int version_ = 0;
};

class ClusterCommandsTest : public ::testing::Test {
 protected:
  Print Printer() {
    return [this](const std::string& line) { lines_.push_back(line); };
  }
  void AddServer(const std::string& name, const std::string& state) {
    cluster_.Put("gameservers", R"({"metadata": {"name": ")" + name + R"(", "namespace": "games",
        "creationTimestamp": "2026-01-01T00:00:00Z", "labels": {"pool": "TWO", "region": "eu"}},
        "status": {"state": ")" + state +
                                    R"(", "address": "ec2.example", "nodeName": "node-1",
        "ports": [{"name": "default", "port": 7256}]}})");
  }
  GameServersOptions Options() const {
    using std::chrono::seconds;
    return {.ns = "games", .now = cluster_.clock().Now() + seconds(129)};
  }

  FakeCluster cluster_;
  std::vector<std::string> lines_;
};

TEST_F(ClusterCommandsTest, PoliciesAreListedAsTheyAreFollowed) {
  const auto add = [&](kubernetes::AllocationPolicy policy) {
    policy.ns = "games";
    cluster_.Put("gameserverallocationpolicies", ToJson(policy));
  };
  add({.name = "a",
       .priority = 2,
       .cluster_name = "two",
       .allocation_endpoints = {"h", "g:1"},
       .secret_name = "s",
       .server_ns = "default"});
  add({.name = "b", .cluster_name = "one", .server_ns = "gameservers"});
  add({.name = "c", .weight = 5, .server_ns = "default"});
  ASSERT_THAT(ListPolicies(cluster_, "games", Output::kText, Printer()), IsOk());
  EXPECT_THAT(lines_,
              ElementsAre("NAME   PRIORITY   WEIGHT   CLUSTER   NAMESPACE     ENDPOINTS   SECRET",
                          "b      1          100      one       gameservers   local       <none>",
                          "c      1          5        <none>    default       local       <none>",
                          "a      2          100      two       default       h,g:1       s"));
  lines_.clear();
  ASSERT_THAT(ListPolicies(cluster_, "games", Output::kJson, Printer()), IsOk());
  EXPECT_EQ(Json::parse(lines_.at(2))["spec"]["priority"], 2);
}

TEST_F(ClusterCommandsTest, TheAddressIsThatOfTheLoadBalancer) {
  const auto put = [&](const std::string& ingress, const std::string& ports = "[]") {
    cluster_.Put("services", R"({"metadata": {"name": "agones-allocator", "namespace": "system"},
        "spec": {"type": "LoadBalancer", "ports": )" +
                                 ports + R"(}, "status": {"loadBalancer": )" + ingress + "}}");
  };
  const auto address = [&] { return AddressOf(cluster_, "system", "agones-allocator"); };
  put(R"({"ingress": [{"hostname": "lb.example"}]})");
  EXPECT_EQ(*address(), "lb.example");
  const std::string ip = R"({"ingress": [{"ip": "192.0.2.7"}]})";
  put(ip, R"([{"port": 443}])");
  EXPECT_EQ(*address(), "192.0.2.7");
  put(ip, R"([{"port": 8443}, {"port": 9443}])");
  EXPECT_EQ(*address(), "192.0.2.7:8443");
  put(ip, R"([{"name": "http", "port": 8443}, {"name": "grpc", "port": 9443}])");
  EXPECT_EQ(*address(), "192.0.2.7:9443");
  put(ip, R"(["nonsense", {"port": "x"}])");
  EXPECT_EQ(*address(), "192.0.2.7");
  put("{}");
  EXPECT_THAT(address(), StatusIs(StatusCode::kNotFound, HasSubstr("LoadBalancer")));
  EXPECT_THAT(AddressOf(cluster_, "system", "other"), StatusIs(StatusCode::kNotFound));
}

TEST_F(ClusterCommandsTest, GameServersAreShownAsByKubectl) {
  AddServer("gs-1", "Ready");
  AddServer("gs-2", "Allocated");
  AddServer("gs-3", "Ready");
  ASSERT_THAT(ListGameServers(cluster_, Options(), Printer()), IsOk());
  ASSERT_EQ(lines_.size(), 4u);  // of two pages
  EXPECT_EQ(lines_[0], "NAME   STATE       ADDRESS       PORT   NODE     AGE    LABELS");
  EXPECT_EQ(lines_[2],
            "gs-2   Allocated   ec2.example   7256   node-1   2m9s   pool=TWO,region=eu");
  lines_.clear();
  GameServersOptions options = Options();
  options.state = "Allocated";
  options.output = Output::kJson;
  ASSERT_THAT(ListGameServers(cluster_, options, Printer()), IsOk());
  ASSERT_EQ(lines_.size(), 1u);
  EXPECT_EQ(Json::parse(lines_[0])["metadata"]["name"], "gs-2");
  EXPECT_FALSE(Json::parse(lines_[0]).contains("context"));
  options.context = "eu-cluster";
  ASSERT_THAT(ListGameServers(cluster_, options, Printer()), IsOk());
  EXPECT_EQ(Json::parse(lines_.at(1))["context"], "eu-cluster");
}

TEST_F(ClusterCommandsTest, DeletesThoseThatFit) {
  AddServer("gs-1", "Ready");
  AddServer("gs-2", "Allocated");
  GameServersOptions options = Options();
  options.state = "Allocated";
  ASSERT_THAT(DeleteGameServers(cluster_, options, Printer()), IsOk());
  EXPECT_THAT(lines_, ElementsAre("gameserver.agones.dev \"gs-2\" deleted"));
  EXPECT_TRUE(cluster_.Get("gameservers/games/gs-2").is_null());
  EXPECT_FALSE(cluster_.Get("gameservers/games/gs-1").is_null());
}

TEST(FormatAge, IsKubectls) {
  EXPECT_EQ(FormatAge(-5), "0s");
  EXPECT_EQ(FormatAge(115), "115s");
  EXPECT_EQ(FormatAge(129), "2m9s");
  EXPECT_EQ(FormatAge(382), "6m22s");
  EXPECT_EQ(FormatAge(3600), "60m");
  EXPECT_EQ(FormatAge(4 * 3600 + 60), "4h1m");
  EXPECT_EQ(FormatAge(30 * 3600), "30h");
  EXPECT_EQ(FormatAge(3 * 86400), "3d");
  EXPECT_EQ(FormatAge(100 * 86400), "100d");
}

}  // namespace
}  // namespace gsh::probe
