#include "src/proto/json/agones_json.h"

#include <gmock/gmock.h>

#include "gsh/testing/matchers.h"
#include "src/proto/agones.h"

namespace gsh::wire_json {
namespace {

using ::testing::HasSubstr;
using testing::IsOk;
using testing::StatusIs;

wire_allocation::AllocationRequest Read(const std::string& json) {
  const auto bytes = FromJson(kAllocationRequest, json);
  EXPECT_THAT(bytes, IsOk());
  wire_allocation::AllocationRequest request;
  EXPECT_TRUE(request.ParseFromString(bytes.ok() ? *bytes : ""));
  return request;
}

TEST(AgonesJson, ReadsWhatTheDocumentsSend) {
  const auto request = Read(
      R"({"namespace":"gameservers","multiClusterSetting":{"enabled":true},
          "gameServerSelectors":[{"matchLabels":{"region":"us-east-1"},"gameServerState":"ALLOCATED"}],
          "scheduling":"Distributed","counters":{"rooms":{"action":"Increment","amount":"1"}},
          "somethingNew":[1,2]})");
  EXPECT_EQ(request.namespace_(), "gameservers");
  EXPECT_TRUE(request.multiclustersetting().enabled());
  EXPECT_EQ(request.gameserverselectors(0).matchlabels().at("region"), "us-east-1");
  EXPECT_EQ(request.gameserverselectors(0).gameserverstate(),
            wire_allocation::GameServerSelector::ALLOCATED);
  EXPECT_EQ(request.scheduling(), wire_allocation::AllocationRequest::Distributed);
  EXPECT_EQ(request.counters().at("rooms").amount().value(), 1);
}

TEST(AgonesJson, SaysWhatIsWrong) {
  EXPECT_THAT(FromJson(kAllocationRequest, "{\"namespace\":"),
              StatusIs(StatusCode::kInvalidArgument));
  EXPECT_THAT(FromJson(kAllocationRequest, "{\"namespace\":[]}"),
              StatusIs(StatusCode::kInvalidArgument));
  std::string deep;
  for (int i = 0; i < 100'000; ++i) deep += "{\"x\":";
  EXPECT_THAT(FromJson(kAllocationRequest, deep), StatusIs(StatusCode::kInvalidArgument));
}

TEST(AgonesJson, WritesAsTheGatewayDoes) {
  wire_allocation::AllocationResponse response;
  response.set_gameservername("gs");
  auto* port = response.add_ports();
  port->set_name("default");
  port->set_port(7256);
  (*response.mutable_counters())["rooms"].mutable_count()->set_value(3);
  const auto json = ToJson(kAllocationResponse, response.SerializeAsString(), Defaults::kWritten);
  ASSERT_THAT(json, IsOk());
  EXPECT_THAT(*json,
              HasSubstr(R"("gameServerName":"gs","ports":[{"name":"default","port":7256}])"));
  EXPECT_THAT(*json, HasSubstr(R"("addresses":[])"));
  EXPECT_THAT(*json, HasSubstr(R"("lists":{})"));
  EXPECT_THAT(*json, HasSubstr(R"("rooms":{"count":"3")"));
  const auto brief = ToJson(kAllocationResponse, response.SerializeAsString(), Defaults::kLeftOut);
  ASSERT_THAT(brief, IsOk());
  EXPECT_THAT(*brief, ::testing::Not(HasSubstr("lists")));
}

}  // namespace
}  // namespace gsh::wire_json
