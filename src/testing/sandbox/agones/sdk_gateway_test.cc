// The HTTP side of the sandbox's SDK server, as Agones' grpc-gateway is (tried on its sdk-server).
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <nlohmann/json.hpp>

#include "gsh/testing/matchers.h"
#include "src/core/await.h"
#include "src/http/client/client.h"
#include "src/rpc/callback_thread_count.h"
#include "src/testing/sandbox/agones/sdk_server.h"
#include "src/testing/sandbox/agones/test_cluster.h"

namespace gsh::sandbox {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using Json = nlohmann::json;

constexpr rpc::Method kAny = {"test", "Any"};

class SdkGatewayTest : public ::testing::Test {
 protected:
  void SetUp() override {
    GameServer game_server;
    game_server.name = "gs";
    game_server.state = State::kScheduled;
    game_server.labels = {{"region", "us-east-1"}};
    game_server.ports = {{"default", 7000}};
    game_server.health = {
        .period_seconds = 60, .failure_threshold = 5, .initial_delay_seconds = 30};
    game_server.players.capacity = 4;
    game_server.counters["rooms"] = {.count = 1, .capacity = 3};
    game_server.lists["players"] = {.values = {"a"}, .capacity = 2};
    test_.cluster->Create(std::move(game_server));
    auto server = SdkServer::Start(test_.cluster, test_.clock, "gs");
    ASSERT_THAT(server, testing::IsOk());
    server_ = *std::move(server);
    http::ClientTraits traits;
    traits.status_of = [](const http::ClientResponse&) { return OkStatus(); };  // the tests look
    auto client =
        http::Client::Make({.endpoint = "127.0.0.1:" + std::to_string(server_->http_port()),
                            .tls = {.insecure = true}},
                           traits);
    ASSERT_THAT(client, testing::IsOk());
    client_ = *std::move(client);
  }

  // "200 {...}"
  std::string Ask(const std::string& method, const std::string& target,
                  const std::string& body = "") {
    const auto response = std::make_shared<http::ClientResponse>();
    const Status status =
        internal::Await<Status>({}, [&](CallOptions call, http::Client::DoneCallback done) {
          client_->Send(kAny, {.method = method, .target = target, .body = body}, response,
                        std::move(call), std::move(done));
        });
    EXPECT_THAT(status, testing::IsOk());
    return std::to_string(response->code) + " " + response->body;
  }
  State state() const { return test_.StateOf("gs"); }

  TestCluster test_;
  std::unique_ptr<SdkServer> server_;
  std::unique_ptr<http::Client> client_;
};

TEST_F(SdkGatewayTest, States) {
  EXPECT_EQ(Ask("POST", "/ready", "{}"), "200 {}");
  EXPECT_EQ(state(), State::kRequestReady);
  EXPECT_EQ(Ask("POST", "/allocate"), "200 {}") << "no body is an empty message";
  EXPECT_EQ(state(), State::kAllocated);
  EXPECT_EQ(Ask("POST", "/reserve", R"({"seconds":"5"})"), "200 {}");
  EXPECT_EQ(state(), State::kReserved);
  EXPECT_EQ(Ask("POST", "/shutdown", R"({"unknown":1})"), "200 {}");
  EXPECT_EQ(state(), State::kShutdown);
}

TEST_F(SdkGatewayTest, TheGameServerWithEmptyFieldsAndNumbersAsTexts) {
  const std::string answer = Ask("GET", "/gameserver");
  ASSERT_THAT(answer, ::testing::StartsWith("200 "));
  const Json json = Json::parse(answer.substr(4));
  EXPECT_EQ(json["object_meta"]["name"], "gs");
  EXPECT_EQ(json["object_meta"]["creation_timestamp"], "1767225600");
  EXPECT_EQ(json["object_meta"]["deletion_timestamp"], "0");
  EXPECT_EQ(json["object_meta"]["labels"]["region"], "us-east-1");
  EXPECT_EQ(json["spec"]["health"]["period_seconds"], 60);
  EXPECT_EQ(json["spec"]["health"]["disabled"], false);
  EXPECT_EQ(json["status"]["addresses"], Json::array());
  EXPECT_EQ(json["status"]["ports"][0]["port"], 7000);
  EXPECT_EQ(json["status"]["counters"]["rooms"]["capacity"], "3");
  EXPECT_EQ(json["status"]["lists"]["players"]["values"], Json::array({"a"}));
}

TEST_F(SdkGatewayTest, Health) {
  server_->StartHealthChecks();
  test_.clock.Advance(std::chrono::seconds(300));  // four looks in vain
  EXPECT_EQ(Ask("POST", "/health", "{}"), "200 {}");
  test_.clock.Advance(std::chrono::seconds(60));
  EXPECT_NE(state(), State::kUnhealthy);
  EXPECT_EQ(Ask("POST", "/health"), "400 ");
  EXPECT_EQ(Ask("POST", "/health", "{}{} {}\n"), "200 {}");
  EXPECT_THAT(Ask("POST", "/health", "xx"), HasSubstr(R"(400 {"code":3,)"));
  EXPECT_THAT(Ask("POST", "/health", "{"), HasSubstr(R"(400 {"code":3,)"));
}

TEST_F(SdkGatewayTest, Metadata) {
  EXPECT_EQ(Ask("PUT", "/metadata/label", R"({"key":"map","value":"de"})"), "200 {}");
  EXPECT_EQ(Ask("PUT", "/metadata/annotation", R"({"key":"note","value":"any text"})"), "200 {}");
  EXPECT_EQ(test_.cluster->Get("gs")->labels.at("agones.dev/sdk-map"), "de");
  EXPECT_EQ(test_.cluster->Get("gs")->annotations.at("agones.dev/sdk-note"), "any text");
}

TEST_F(SdkGatewayTest, Counters) {
  EXPECT_EQ(Ask("GET", "/v1beta1/counters/rooms"),
            R"(200 {"name":"rooms","count":"1","capacity":"3"})");
  EXPECT_EQ(Ask("PATCH", "/v1beta1/counters/rooms", R"({"countDiff":"2"})"),
            R"(200 {"name":"rooms","count":"3","capacity":"3"})");
  EXPECT_EQ(Ask("PATCH", "/v1beta1/counters/rooms", R"({"count":"7","capacity":20})"),
            R"(200 {"name":"rooms","count":"7","capacity":"20"})");
  EXPECT_THAT(Ask("PATCH", "/v1beta1/counters/rooms", R"({"count":"99"})"),
              HasSubstr(R"(500 {"code":2,"message":"out of range. )"));
  EXPECT_THAT(Ask("GET", "/v1beta1/counters/nope"), HasSubstr(R"(500 {"code":2,)"));
}

TEST_F(SdkGatewayTest, Lists) {
  EXPECT_EQ(Ask("GET", "/v1beta1/lists/players"),
            R"(200 {"name":"players","capacity":"2","values":["a"]})");
  EXPECT_EQ(Ask("POST", "/v1beta1/lists/players:addValue", R"({"value":"b"})"),
            R"(200 {"name":"players","capacity":"2","values":["a","b"]})");
  EXPECT_EQ(Ask("POST", "/v1beta1/lists/players:removeValue", R"({"value":"a"})"),
            R"(200 {"name":"players","capacity":"2","values":["b"]})");
  const auto list = [this] { return test_.cluster->Get("gs")->lists.at("players"); };
  EXPECT_THAT(Ask("PATCH", "/v1beta1/lists/players?updateMask=capacity",
                  R"({"capacity":"9","values":["no"]})"),
              ::testing::StartsWith("200 "));
  EXPECT_EQ(list().capacity, 9);
  EXPECT_THAT(list().values, ElementsAre("b"));
  EXPECT_THAT(Ask("PATCH", "/v1beta1/lists/players", R"({"capacity":"8","values":["c"]})"),
              ::testing::StartsWith("200 "));
  EXPECT_EQ(list().capacity, 8) << "without a mask the body's fields count";
  EXPECT_THAT(list().values, ElementsAre("c"));
  EXPECT_THAT(Ask("PATCH", "/v1beta1/lists/players?update_mask=bogus", R"({"capacity":"8"})"),
              HasSubstr(R"(500 {"code":2,"message":"invalid argument.)"));
}

TEST_F(SdkGatewayTest, Players) {
  EXPECT_EQ(Ask("PUT", "/alpha/player/capacity", R"({"count":5})"), "200 {}");
  EXPECT_EQ(Ask("GET", "/alpha/player/capacity"), R"(200 {"count":"5"})");
  EXPECT_EQ(Ask("POST", "/alpha/player/connect", R"({"playerID":"p 1"})"), R"(200 {"bool":true})");
  EXPECT_EQ(Ask("POST", "/alpha/player/connect", R"({"playerID":"p 1"})"), R"(200 {"bool":false})");
  EXPECT_EQ(Ask("GET", "/alpha/player/connected"), R"(200 {"list":["p 1"]})");
  EXPECT_EQ(Ask("GET", "/alpha/player/connected/p%201"), R"(200 {"bool":true})");
  EXPECT_EQ(Ask("GET", "/alpha/player/count"), R"(200 {"count":"1"})");
  EXPECT_EQ(Ask("POST", "/alpha/player/disconnect", R"({"playerID":"p 1"})"),
            R"(200 {"bool":true})");
}

TEST_F(SdkGatewayTest, WhatIsNotThere) {
  const std::string not_found = R"(404 {"code":5,"message":"Not Found","details":[]})";
  const std::string not_allowed = R"(501 {"code":12,"message":"Method Not Allowed","details":[]})";
  EXPECT_EQ(Ask("GET", "/nope"), not_found);
  EXPECT_EQ(Ask("POST", "/ready/now"), not_found);
  EXPECT_EQ(Ask("GET", "/alpha/player/connected/a%2Fb"), not_found);
  EXPECT_EQ(Ask("GET", "/ready"), not_allowed);
  EXPECT_EQ(Ask("POST", "/v1beta1/lists/players"), not_allowed);
  for (const std::string body : {"{", "[]", "7", R"({"seconds":"zz"})", R"({"seconds":{}})"}) {
    EXPECT_THAT(Ask("POST", "/reserve", body), HasSubstr(R"(400 {"code":3,"message":")")) << body;
  }
}

TEST_F(SdkGatewayTest, WatchSendsLinesUntilTheServerGoes) {
  std::mutex mutex;
  std::condition_variable changed;
  std::string body;
  bool ended = false;
  client_->Stream(
      kAny, {.target = "/watch/gameserver"}, std::make_shared<http::ClientResponse>(),
      [&](std::string_view chunk) {
        std::lock_guard lock(mutex);
        body.append(chunk);
        changed.notify_all();
        return true;
      },
      {},
      [&](const Status&) {
        std::lock_guard lock(mutex);
        ended = true;
        changed.notify_all();
      });
  const auto wait = [&](const std::function<bool()>& condition) {
    std::unique_lock lock(mutex);
    return changed.wait_for(lock, std::chrono::seconds(10), condition);
  };
  EXPECT_TRUE(wait([&] { return body.find(R"("state":"Scheduled")") != body.npos; }));
  test_.SetState("gs", State::kReady);
  EXPECT_TRUE(wait([&] { return body.find(R"("state":"Ready")") != body.npos; }));
  EXPECT_TRUE(body.starts_with(R"({"result":{"object_meta":{)"));
  EXPECT_EQ(std::count(body.begin(), body.end(), '\n'), 2);
  server_ = nullptr;
  EXPECT_TRUE(wait([&] { return ended; }));
}

// Its calls keep their channel until their callbacks have returned, on one of these threads.
TEST_F(SdkGatewayTest, GrpcsThreadsOutliveIt) {
  EXPECT_EQ(Ask("POST", "/ready"), "200 {}");
  server_ = nullptr;
  EXPECT_GT(rpc::CallbackThreadCount(), 0);
}

}  // namespace
}  // namespace gsh::sandbox
