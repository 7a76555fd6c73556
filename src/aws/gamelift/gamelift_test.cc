#include "gsh/aws/gamelift.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <chrono>
#include <nlohmann/json.hpp>
#include <string>
#include <utility>

#include "src/aws/client/service_fixture.h"

namespace gsh::aws {
namespace {

using namespace gamelift;
using nlohmann::json;
using ::testing::AllOf;
using ::testing::HasSubstr;
using testing::IsOk;
using ::testing::Not;
using testing::StatusIs;

class GameLiftTest : public ::testing::Test {
 protected:
  GameLiftTest() {
    auto client = MakeGameLift(service_.options());
    EXPECT_THAT(client, IsOk());
    if (client.ok()) client_ = *std::move(client);
  }
  json Sent() const { return json::parse(service_.last().body); }
  std::string Target() const { return *service_.last().FindHeader("X-Amz-Target"); }

  FakeService service_;
  std::unique_ptr<GameLift> client_;
};

constexpr char kServerJson[] = R"({"GameServer":{"GameServerGroupName":"g",
  "GameServerGroupArn":"arn:aws:gamelift:eu-west-1:1:gameservergroup/g","GameServerId":"srv-1",
  "InstanceId":"i-0123456789abcdef0","ConnectionInfo":"192.0.2.1:7000","GameServerData":"d",
  "ClaimStatus":"CLAIMED","UtilizationStatus":"BRAND_NEW","RegistrationTime":1764000000.125,
  "LastClaimTime":1.764000001E9,"LastHealthCheckTime":1764000002,"Future":[1]}})";
constexpr char kGroupJson[] = R"({"GameServerGroup":{"GameServerGroupName":"g",
  "GameServerGroupArn":"arn:aws:gamelift:eu-west-1:1:gameservergroup/g","RoleArn":"arn:r",
  "InstanceDefinitions":[{"InstanceType":"c5.large","WeightedCapacity":"2"},
  {"InstanceType":"c9.new"}],"BalancingStrategy":"SPOT_ONLY",
  "GameServerProtectionPolicy":"FULL_PROTECTION","AutoScalingGroupArn":"arn:asg","Status":"ACTIVE",
  "StatusReason":"why","SuspendedActions":["REPLACE_INSTANCE_TYPES"],"CreationTime":1764000000,
  "LastUpdatedTime":null}})";

WallTime At(std::int64_t ms) { return WallTime(std::chrono::milliseconds(ms)); }

TEST_F(GameLiftTest, ClaimsAServer) {
  service_.Reply(200, kServerJson);
  const auto server = client_->ClaimGameServer(
      {.game_server_group_name = "g",
       .game_server_id = "srv-1",
       .game_server_data = "d\xC3\xA9",
       .filter_option = ClaimFilterOption{.instance_statuses = {std::string(kActive)}}});
  ASSERT_THAT(server, IsOk());
  EXPECT_EQ(Target(), "GameLift.ClaimGameServer");
  EXPECT_EQ(Sent(), json::parse(R"({"GameServerGroupName":"g","GameServerId":"srv-1",
    "GameServerData":"d\u00e9","FilterOption":{"InstanceStatuses":["ACTIVE"]}})"));
  EXPECT_EQ(server->game_server_group_name, "g");
  EXPECT_EQ(server->game_server_group_arn, "arn:aws:gamelift:eu-west-1:1:gameservergroup/g");
  EXPECT_EQ(server->game_server_id, "srv-1");
  EXPECT_EQ(server->instance_id, "i-0123456789abcdef0");
  EXPECT_EQ(server->connection_info, "192.0.2.1:7000");
  EXPECT_EQ(server->game_server_data, "d");
  EXPECT_EQ(server->claim_status, kClaimed);
  EXPECT_EQ(server->utilization_status, "BRAND_NEW");
  EXPECT_EQ(server->registration_time, At(1764000000125));
  EXPECT_EQ(server->last_claim_time, At(1764000001000));
  EXPECT_EQ(server->last_health_check_time, At(1764000002000));
}

TEST_F(GameLiftTest, AClaimMayNameTheGroupAlone) {
  service_.Reply(200, kServerJson);
  ASSERT_THAT(client_->ClaimGameServer({.game_server_group_name = "g"}), IsOk());
  EXPECT_EQ(Sent(), json::parse(R"({"GameServerGroupName":"g"})"));
}

TEST_F(GameLiftTest, Registers) {
  service_.Reply(200, kServerJson);
  ASSERT_THAT(client_->RegisterGameServer({.game_server_group_name = "g",
                                           .game_server_id = "srv-1",
                                           .instance_id = "i-0123456789abcdef0",
                                           .connection_info = "192.0.2.1:7000",
                                           .game_server_data = "{}"}),
              IsOk());
  EXPECT_EQ(Target(), "GameLift.RegisterGameServer");
  EXPECT_EQ(Sent(), json::parse(R"({"GameServerGroupName":"g","GameServerId":"srv-1",
    "InstanceId":"i-0123456789abcdef0","ConnectionInfo":"192.0.2.1:7000","GameServerData":"{}"})"));
}

TEST_F(GameLiftTest, UpdatesDescribesAndDeregisters) {
  service_.Reply(200, kServerJson);
  ASSERT_THAT(client_->UpdateGameServer({.game_server_group_name = "g",
                                         .game_server_id = "srv-1",
                                         .utilization_status = std::string(kUtilized),
                                         .health_check = std::string(kHealthy)}),
              IsOk());
  EXPECT_EQ(Target(), "GameLift.UpdateGameServer");
  EXPECT_EQ(Sent(), json::parse(R"({"GameServerGroupName":"g","GameServerId":"srv-1",
    "UtilizationStatus":"UTILIZED","HealthCheck":"HEALTHY"})"));
  const json server = json::parse(R"({"GameServerGroupName":"g","GameServerId":"srv-1"})");
  service_.Reply(200, kServerJson);
  ASSERT_THAT(
      client_->DescribeGameServer({.game_server_group_name = "g", .game_server_id = "srv-1"}),
      IsOk());
  EXPECT_EQ(Target(), "GameLift.DescribeGameServer");
  EXPECT_EQ(Sent(), server);
  service_.Reply(200, "");
  ASSERT_THAT(
      client_->DeregisterGameServer({.game_server_group_name = "g", .game_server_id = "srv-1"}),
      IsOk());
  EXPECT_EQ(Target(), "GameLift.DeregisterGameServer");
  EXPECT_EQ(Sent(), server);
}

CreateGameServerGroupRequest GoodGroup() {
  return {.game_server_group_name = "g",
          .role_arn = "arn:aws:iam::1:role/r",
          .min_size = 0,
          .max_size = 3,
          .launch_template = {.launch_template_name = "template", .version = "1"},
          .instance_definitions = {{.instance_type = "c5.large", .weighted_capacity = "2"},
                                   {.instance_type = "c5.xlarge"}},
          .auto_scaling_policy =
              AutoScalingPolicy{.estimated_instance_warmup = 60,
                                .target_tracking_configuration = {.target_value = 20.5}},
          .balancing_strategy = "SPOT_PREFERRED",
          .game_server_protection_policy = "NO_PROTECTION",
          .vpc_subnets = {"subnet-0123abcd"},
          .tags = {{.key = "k", .value = ""}}};
}

TEST_F(GameLiftTest, CreatesAGroup) {
  service_.Reply(200, kGroupJson);
  const auto group = client_->CreateGameServerGroup(GoodGroup());
  ASSERT_THAT(group, IsOk());
  EXPECT_EQ(Target(), "GameLift.CreateGameServerGroup");
  EXPECT_EQ(Sent(), json::parse(R"({"GameServerGroupName":"g","RoleArn":"arn:aws:iam::1:role/r",
    "MinSize":0,"MaxSize":3,"LaunchTemplate":{"LaunchTemplateName":"template","Version":"1"},
    "InstanceDefinitions":[{"InstanceType":"c5.large","WeightedCapacity":"2"},
    {"InstanceType":"c5.xlarge"}],"AutoScalingPolicy":{"EstimatedInstanceWarmup":60,
    "TargetTrackingConfiguration":{"TargetValue":20.5}},"BalancingStrategy":"SPOT_PREFERRED",
    "GameServerProtectionPolicy":"NO_PROTECTION","VpcSubnets":["subnet-0123abcd"],
    "Tags":[{"Key":"k","Value":""}]})"));
  ASSERT_EQ(group->instance_definitions.size(), 2u);
  EXPECT_EQ(group->instance_definitions[0].weighted_capacity, "2");
  EXPECT_EQ(group->instance_definitions[1].instance_type, "c9.new");
  EXPECT_EQ(group->status, "ACTIVE");
  EXPECT_EQ(group->status_reason, "why");
  EXPECT_EQ(group->suspended_actions, std::vector<std::string>{"REPLACE_INSTANCE_TYPES"});
  EXPECT_EQ(group->creation_time, At(1764000000000));
  EXPECT_FALSE(group->last_updated_time.has_value());
}

TEST_F(GameLiftTest, OtherCallsOnGroups) {
  const std::vector<std::string> actions = {std::string(kReplaceInstanceTypes)};
  for (int i = 0; i < 5; ++i) service_.Reply(200, kGroupJson);
  ASSERT_THAT(client_->DescribeGameServerGroup({.game_server_group_name = "g"}), IsOk());
  EXPECT_EQ(Target(), "GameLift.DescribeGameServerGroup");
  ASSERT_THAT(client_->UpdateGameServerGroup(
                  {.game_server_group_name = "g", .balancing_strategy = "ON_DEMAND_ONLY"}),
              IsOk());
  EXPECT_EQ(Target(), "GameLift.UpdateGameServerGroup");
  EXPECT_EQ(Sent(),
            json::parse(R"({"GameServerGroupName":"g","BalancingStrategy":"ON_DEMAND_ONLY"})"));
  ASSERT_THAT(
      client_->DeleteGameServerGroup({.game_server_group_name = "g", .delete_option = "RETAIN"}),
      IsOk());
  EXPECT_EQ(Sent(), json::parse(R"({"GameServerGroupName":"g","DeleteOption":"RETAIN"})"));
  ASSERT_THAT(
      client_->SuspendGameServerGroup({.game_server_group_name = "g", .suspend_actions = actions}),
      IsOk());
  EXPECT_EQ(
      Sent(),
      json::parse(R"({"GameServerGroupName":"g","SuspendActions":["REPLACE_INSTANCE_TYPES"]})"));
  ASSERT_THAT(
      client_->ResumeGameServerGroup({.game_server_group_name = "g", .resume_actions = actions}),
      IsOk());
  EXPECT_EQ(
      Sent(),
      json::parse(R"({"GameServerGroupName":"g","ResumeActions":["REPLACE_INSTANCE_TYPES"]})"));
  EXPECT_EQ(Target(), "GameLift.ResumeGameServerGroup");
}

TEST_F(GameLiftTest, GoesThroughAllPages) {
  service_.Reply(200,
                 R"({"GameServers":[{"GameServerId":"a"},{"GameServerId":"b"}],"NextToken":"t"})");
  service_.Reply(200, R"({"GameServers":[],"NextToken":"u"})");
  service_.Reply(200, R"({"GameServers":[{"GameServerId":"c"}]})");
  std::string ids;
  for (const auto& server : client_->AllGameServers(
           {.game_server_group_name = "g", .sort_order = "DESCENDING", .limit = 2})) {
    ASSERT_THAT(server, IsOk());
    ids += server->game_server_id;
  }
  EXPECT_EQ(ids, "abc");
  ASSERT_EQ(service_.requests().size(), 3u);
  EXPECT_EQ(json::parse(service_.requests()[0].body),
            json::parse(R"({"GameServerGroupName":"g","SortOrder":"DESCENDING","Limit":2})"));
  EXPECT_EQ(json::parse(service_.requests()[1].body)["NextToken"], "t");
  EXPECT_EQ(Sent()["NextToken"], "u");
}

TEST_F(GameLiftTest, AnErrorEndsTheRange) {
  service_.Reply(200, R"({"GameServerGroups":[{"Status":"NEW"}],"NextToken":"t"})");
  service_.Reply(400, R"({"__type":"InvalidRequestException"})");
  std::vector<StatusCode> codes;
  for (const auto& group : client_->AllGameServerGroups()) codes.push_back(group.status().code());
  EXPECT_THAT(codes, ::testing::ElementsAre(StatusCode::kOk, StatusCode::kInvalidArgument));
}

TEST_F(GameLiftTest, ATokenThatRepeatsEndsTheRange) {
  for (int i = 0; i < 5; ++i) {
    service_.Reply(200, R"({"GameServerInstances":[{"InstanceStatus":"ACTIVE"}],"NextToken":"t"})");
  }
  int good = 0;
  Status last;
  for (const auto& instance : client_->AllGameServerInstances({.game_server_group_name = "g"})) {
    good += instance.ok();
    last = instance.status();
  }
  EXPECT_EQ(good, 1);
  EXPECT_THAT(last, StatusIs(StatusCode::kInternal, HasSubstr("token")));
  EXPECT_EQ(service_.requests().size(), 2u);
}

TEST_F(GameLiftTest, NamesEachBrokenConstraintAndSendsNothing) {
  CreateGameServerGroupRequest bad = GoodGroup();
  bad.game_server_group_name = "no blanks";
  bad.role_arn = "";
  bad.min_size = -1;
  bad.max_size = 0;
  bad.launch_template.launch_template_name = "ab";
  bad.instance_definitions = {{.instance_type = "c5.huge", .weighted_capacity = "01"}};
  bad.auto_scaling_policy->estimated_instance_warmup = 0;
  bad.auto_scaling_policy->target_tracking_configuration.target_value = -1;
  bad.balancing_strategy = "CHEAP";
  bad.vpc_subnets = {"subnet-0123abcd", "net"};
  bad.tags = {{.key = "", .value = std::string(257, 'x')}};
  EXPECT_THAT(
      client_->CreateGameServerGroup(bad),
      StatusIs(
          StatusCode::kInvalidArgument,
          "CreateGameServerGroup: GameServerGroupName must match ^[a-zA-Z0-9-\\.]+$; RoleArn is "
          "required; MinSize must be at least 0; MaxSize must be at least 1; "
          "LaunchTemplate.LaunchTemplateName must have 3 to 128 characters, but has 2; "
          "InstanceDefinitions must have 2 to 20 elements, but has 1; "
          "InstanceDefinitions[0].InstanceType must be one of c4.large, c4.xlarge, c4.2xlarge, "
          "c4.4xlarge, c4.8xlarge, c5.large, c5.xlarge, c5.2xlarge and 80 more; "
          "InstanceDefinitions[0].WeightedCapacity must match "
          "^[\\u0031-\\u0039][\\u0030-\\u0039]{0,2}$; AutoScalingPolicy.EstimatedInstanceWarmup "
          "must be at least 1; AutoScalingPolicy.TargetTrackingConfiguration.TargetValue must be "
          "a number of at least 0; BalancingStrategy must be one of SPOT_ONLY, SPOT_PREFERRED, "
          "ON_DEMAND_ONLY; VpcSubnets[1] must have 15 to 24 characters, but has 3; VpcSubnets[1] "
          "must match ^subnet-[0-9a-z]+$; Tags[0].Key is required; Tags[0].Value must have 0 to "
          "256 characters, but has 257"));
  EXPECT_TRUE(service_.requests().empty());
}

TEST_F(GameLiftTest, LengthsAreInCharactersAndDataIsSecret) {
  std::string data;
  for (int i = 0; i < 1024; ++i) data += "\xC3\xA9";
  service_.Reply(200, kServerJson);
  EXPECT_THAT(client_->ClaimGameServer({.game_server_group_name = "g", .game_server_data = data}),
              IsOk());
  EXPECT_THAT(client_->ClaimGameServer(
                  {.game_server_group_name = "g", .game_server_data = data + "secret"}),
              StatusIs(StatusCode::kInvalidArgument,
                       AllOf(HasSubstr("1 to 1024"), Not(HasSubstr("secret")))));
  EXPECT_THAT(client_->ClaimGameServer({.game_server_group_name = "g", .game_server_data = "\xff"}),
              StatusIs(StatusCode::kInvalidArgument, HasSubstr("UTF-8")));
  EXPECT_THAT(client_->SuspendGameServerGroup({.game_server_group_name = "g"}),
              StatusIs(StatusCode::kInvalidArgument, HasSubstr("SuspendActions is required")));
}

TEST_F(GameLiftTest, ErrorsAreTyped) {
  const auto claim = [&](const char* name) {
    service_.Reply(400, std::string(R"({"__type":")") + name + R"(","Message":"m"})");
    return client_->ClaimGameServer({.game_server_group_name = "g"}).status();
  };
  for (const auto& [name, code] :
       {std::pair("InvalidRequestException", StatusCode::kInvalidArgument),
        {"NotFoundException", StatusCode::kNotFound},
        {"ConflictException", StatusCode::kAborted},
        {"OutOfCapacityException", StatusCode::kResourceExhausted},
        {"LimitExceededException", StatusCode::kResourceExhausted},
        {"UnauthorizedException", StatusCode::kPermissionDenied},
        {"InternalServiceException", StatusCode::kInternal}}) {
    const Status status = claim(name);
    EXPECT_THAT(status, StatusIs(code, std::string(name) + ": m"));
    EXPECT_EQ(status.info()->name, name);
    EXPECT_EQ(status.info()->attempts, 1);
  }
  service_.Reply(400, R"({"__type":"ConflictException","Message":"there"})");
  const Status conflict = client_
                              ->RegisterGameServer({.game_server_group_name = "g",
                                                    .game_server_id = "srv-1",
                                                    .instance_id = "i-0123456789abcdef0"})
                              .status();
  EXPECT_THAT(conflict, StatusIs(StatusCode::kAlreadyExists));
  EXPECT_EQ(conflict.info()->name, "ConflictException");
  service_.Reply(400, R"({"__type":"ConflictException"})");
  EXPECT_THAT(client_->CreateGameServerGroup(GoodGroup()), StatusIs(StatusCode::kAlreadyExists));
}

TEST_F(GameLiftTest, AnswersThatAreNoneAreErrors) {
  for (const char* body :
       {"", "{}", "[]", "<x/>", R"({"GameServer":null})", R"({"GameServer":[]})",
        R"({"GameServer":{"GameServerId":7}})", R"({"GameServer":{"RegistrationTime":"now"}})",
        R"({"GameServer":{"RegistrationTime":1e300}})", R"({"GameServer":{}} x)"}) {
    service_.Reply(200, body);
    EXPECT_THAT(client_->ClaimGameServer({.game_server_group_name = "g"}),
                StatusIs(StatusCode::kInternal, HasSubstr("the service's answer")))
        << body;
  }
  service_.Reply(200, R"({"GameServers":[1]})");
  EXPECT_THAT(client_->ListGameServers({.game_server_group_name = "g"}),
              StatusIs(StatusCode::kInternal));
}

}  // namespace
}  // namespace gsh::aws
