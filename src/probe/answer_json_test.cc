#include "src/probe/answer_json.h"

#include <gmock/gmock.h>

namespace gsh::probe {
namespace {

using ::testing::HasSubstr;

const agones::Allocation kAllocation = {.game_server = "ncat-pool2-zr5xn-nc9cz",
                                        .ports = {{.name = "default", .port = 7256}},
                                        .address = "ec2.example",
                                        .node = "ip-192-168-7-36",
                                        .source = "local",
                                        .labels = {{"region", "eu"}},
                                        .counters = {{"rooms", {.count = 1, .capacity = 2}}}};

TEST(AnswerJson, IsTheDocumentsLine) {
  EXPECT_EQ(
      ToJson(kAllocation, Detail::kBrief),
      R"({"gameServerName":"ncat-pool2-zr5xn-nc9cz","ports":[{"name":"default","port":7256}],)"
      R"("address":"ec2.example","nodeName":"ip-192-168-7-36"})");
}

TEST(AnswerJson, CanHaveAll) {
  const std::string json = ToJson(kAllocation, Detail::kAll);
  EXPECT_THAT(json, HasSubstr(R"("source":"local")"));
  EXPECT_THAT(json, HasSubstr(R"("labels":{"region":"eu"})"));
  EXPECT_THAT(json, HasSubstr(R"("counters":{"rooms":{"count":1,"capacity":2}},"lists":{})"));
}

TEST(AnswerJson, RefusalsHaveTheServicesOwnCode) {
  EXPECT_EQ(ToJson(ResourceExhaustedError("there is no available GameServer to allocate")),
            R"({"code":8,"message":"there is no available GameServer to allocate","details":[]})");
  EXPECT_THAT(ToJson(Status(StatusCode::kInvalidArgument, "bad", ErrorInfo{.name = "422"})),
              HasSubstr(R"("code":422)"));
  EXPECT_THAT(ToJson(Status(StatusCode::kUnavailable, "\xff", ErrorInfo{.name = "NOT_SENT"})),
              HasSubstr(R"("code":14)"));
}

}  // namespace
}  // namespace gsh::probe
