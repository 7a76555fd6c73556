#include "src/testing/sandbox/aws/fleetiq.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <chrono>

#include "gsh/testing/manual_clock.h"
#include "gsh/testing/matchers.h"
#include "src/testing/sandbox/aws/service_error.h"

namespace gsh::testing::aws {
namespace {

using std::chrono::milliseconds;
using std::chrono::minutes;
using std::chrono::seconds;
using ::testing::ElementsAre;

class FleetIqTest : public ::testing::Test {
 protected:
  FleetIqTest() {
    Must("CreateGameServerGroup",
         {{"GameServerGroupName", "live"},
          {"RoleArn", "arn:aws:iam::123456789012:role/fleetiq"},
          {"MinSize", 2},
          {"MaxSize", 4},
          {"LaunchTemplate", {{"LaunchTemplateName", "game-node"}}},
          {"InstanceDefinitions",
           {{{"InstanceType", "c5.large"}}, {{"InstanceType", "c5.xlarge"}}}}});
    const Json listed = Must("DescribeGameServerInstances", {{"GameServerGroupName", "live"}});
    for (const Json& one : listed["GameServerInstances"]) {
      instances_.push_back(one["InstanceId"]);
    }
  }

  StatusOr<Json> Call(const std::string& operation, Json input = Json::object()) {
    if (!input.contains("GameServerGroupName")) input["GameServerGroupName"] = "live";
    return fleetiq_.Call(operation, input);
  }
  Json Must(const std::string& operation, const Json& input) {
    auto result = Call(operation, input);
    EXPECT_THAT(result, IsOk()) << operation;
    return result.ok() ? *result : Json();
  }
  std::string ErrorOf(const std::string& operation, const Json& input = Json::object()) {
    const auto result = Call(operation, input);
    return result.ok() ? "OK" : NameOf(result.status());
  }
  void Register(const std::string& id, std::size_t instance = 0) {
    Must("RegisterGameServer", {{"GameServerId", id}, {"InstanceId", instances_.at(instance)}});
  }
  Json Server(const std::string& id) {
    return Must("DescribeGameServer", {{"GameServerId", id}})["GameServer"];
  }
  std::string Claim() {
    const auto claimed = Call("ClaimGameServer");
    return claimed.ok() ? (*claimed)["GameServer"]["GameServerId"].get<std::string>()
                        : NameOf(claimed.status());
  }

  ManualClock clock_;
  FleetIq fleetiq_{{.region = "us-east-1",
                    .account_id = "123456789012",
                    .healthy_for = minutes(3),
                    .forgotten_after = minutes(6),
                    .clock = &clock_}};
  std::vector<std::string> instances_;
};

TEST_F(FleetIqTest, AClaimLapsesAfterAMinute) {
  Register("server-1");
  EXPECT_EQ(Claim(), "server-1");
  EXPECT_EQ(Server("server-1")["ClaimStatus"], "CLAIMED");
  clock_.Advance(seconds(60) - milliseconds(1));
  EXPECT_EQ(Server("server-1")["ClaimStatus"], "CLAIMED");
  EXPECT_EQ(Claim(), "OutOfCapacityException");
  clock_.Advance(milliseconds(1));
  EXPECT_FALSE(Server("server-1").contains("ClaimStatus"));
  EXPECT_TRUE(Server("server-1").contains("LastClaimTime"));
  EXPECT_EQ(Claim(), "server-1");
}

TEST_F(FleetIqTest, AUtilizedServerStaysSo) {
  Register("server-1");
  EXPECT_EQ(Claim(), "server-1");
  Must("UpdateGameServer", {{"GameServerId", "server-1"},
                            {"UtilizationStatus", "UTILIZED"},
                            {"HealthCheck", "HEALTHY"}});
  clock_.Advance(seconds(61));
  EXPECT_EQ(Claim(), "OutOfCapacityException");
  EXPECT_EQ(ErrorOf("ClaimGameServer", {{"GameServerId", "server-1"}}), "ConflictException");
  EXPECT_EQ(ErrorOf("UpdateGameServer",
                    {{"GameServerId", "server-1"}, {"UtilizationStatus", "AVAILABLE"}}),
            "InvalidRequestException");
}

TEST_F(FleetIqTest, ClaimsGoToTheFullestActiveInstance) {
  Register("a-1", 0);
  Register("b-1", 1);
  Register("b-2", 1);
  EXPECT_EQ(Claim(), "a-1");  // all are idle: the oldest one
  Register("a-2", 0);
  EXPECT_EQ(Claim(), "a-2");  // beside the one that is busy
  fleetiq_.SetInstance("live", instances_[1], "DRAINING");
  Register("a-3", 0);
  EXPECT_EQ(Claim(), "a-3");
  EXPECT_EQ(Claim(), "b-1");  // nothing else is left
  fleetiq_.SetInstance("live", instances_[1], "SPOT_TERMINATING");
  EXPECT_EQ(Claim(), "OutOfCapacityException");
}

TEST_F(FleetIqTest, HealthRunsOut) {
  Register("server-1");
  clock_.Advance(minutes(3) - milliseconds(1));
  EXPECT_EQ(Claim(), "server-1");
  clock_.Advance(minutes(1));
  EXPECT_EQ(Claim(), "OutOfCapacityException");
  Must("UpdateGameServer", {{"GameServerId", "server-1"}, {"HealthCheck", "HEALTHY"}});
  EXPECT_EQ(Claim(), "server-1");
  clock_.Advance(minutes(6));
  EXPECT_EQ(ErrorOf("DescribeGameServer", {{"GameServerId", "server-1"}}), "NotFoundException");
}

TEST_F(FleetIqTest, ServersGoWithTheirInstance) {
  Register("a-1", 0);
  Register("b-1", 1);
  fleetiq_.RemoveInstance("live", instances_[0]);
  EXPECT_EQ(ErrorOf("DescribeGameServer", {{"GameServerId", "a-1"}}), "NotFoundException");
  EXPECT_EQ(Server("b-1")["InstanceId"], instances_[1]);
  EXPECT_EQ(ErrorOf("RegisterGameServer", {{"GameServerId", "a-2"}, {"InstanceId", instances_[0]}}),
            "InvalidRequestException");
}

TEST_F(FleetIqTest, WhatIsNotThere) {
  for (const char* operation : {"ClaimGameServer", "DescribeGameServerGroup",
                                "DescribeGameServerInstances", "DeleteGameServerGroup"}) {
    EXPECT_EQ(ErrorOf(operation, {{"GameServerGroupName", "other"}}), "NotFoundException");
  }
  EXPECT_EQ(ErrorOf("ListGameServers", {{"GameServerGroupName", "other"}}),
            "InvalidRequestException");  // its model has no NotFoundException
  EXPECT_EQ(ErrorOf("ClaimGameServer", {{"GameServerId", "nobody"}}), "NotFoundException");
  EXPECT_EQ(ErrorOf("DescribeFleet"), "UnknownOperationException");
  EXPECT_EQ(ErrorOf("DescribeGameServerGroup",
                    {{"GameServerGroupName",
                      "arn:aws:gamelift:eu-west-1:123456789012:gameservergroup/live"}}),
            "NotFoundException");  // another region's
}

TEST_F(FleetIqTest, OtherTypesThanTheModels) {
  EXPECT_EQ(ErrorOf("DescribeGameServer", {{"GameServerId", 7}}), "SerializationException");
  EXPECT_EQ(ErrorOf("ListGameServers", {{"Limit", "many"}}), "SerializationException");
  EXPECT_EQ(ErrorOf("ClaimGameServer", {{"FilterOption", Json::array()}}),
            "SerializationException");
}

}  // namespace
}  // namespace gsh::testing::aws
