#include "gsh/aws/autoscaling.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>
#include <utility>

#include "src/aws/client/service_fixture.h"

namespace gsh::aws {
namespace {

using namespace autoscaling;
using ::testing::AllOf;
using ::testing::HasSubstr;
using testing::IsOk;
using testing::StatusIs;

class AutoScalingTest : public ::testing::Test {
 protected:
  AutoScalingTest() {
    auto client = MakeAutoScaling(service_.options());
    EXPECT_THAT(client, IsOk());
    if (client.ok()) client_ = *std::move(client);
  }
  void ReplyWith(const std::string& instances, const std::string& token = "") {
    service_.Reply(200, R"(<DescribeAutoScalingInstancesResponse xmlns="http://x/"><Describe)"
                        R"(AutoScalingInstancesResult><AutoScalingInstances>)" +
                            instances + "</AutoScalingInstances>" +
                            (token.empty() ? "" : "<NextToken>" + token + "</NextToken>") +
                            "</DescribeAutoScalingInstancesResult></"
                            "DescribeAutoScalingInstancesResponse>");
  }

  FakeService service_;
  std::unique_ptr<AutoScaling> client_;
};

TEST_F(AutoScalingTest, DescribesInstances) {
  ReplyWith(
      "<member><InstanceId>i-1</InstanceId><InstanceType>c5.large</InstanceType>"
      "<AutoScalingGroupName>g&amp;h</AutoScalingGroupName><AvailabilityZone>eu-west-1a"
      "</AvailabilityZone><LifecycleState>Terminating:Wait</LifecycleState><HealthStatus>HEALTHY"
      "</HealthStatus><ProtectedFromScaleIn>true</ProtectedFromScaleIn><WeightedCapacity>2"
      "</WeightedCapacity><LaunchTemplate><LaunchTemplateId>lt-1</LaunchTemplateId><Version>3"
      "</Version></LaunchTemplate></member><member><InstanceId>i-2</InstanceId></member>");
  const auto page = client_->DescribeInstances({.instance_ids = {"i-1", "i-2"}, .max_records = 50});
  ASSERT_THAT(page, IsOk());
  EXPECT_EQ(service_.last().body,
            "Action=DescribeAutoScalingInstances&Version=2011-01-01&InstanceIds.member.1=i-1&"
            "InstanceIds.member.2=i-2&MaxRecords=50");
  ASSERT_EQ(page->items.size(), 2u);
  const Instance& first = page->items[0];
  EXPECT_EQ(first.instance_id, "i-1");
  EXPECT_EQ(first.instance_type, "c5.large");
  EXPECT_EQ(first.group_name, "g&h");
  EXPECT_EQ(first.availability_zone, "eu-west-1a");
  EXPECT_EQ(first.lifecycle_state, "Terminating:Wait");
  EXPECT_EQ(first.health_status, "HEALTHY");
  EXPECT_TRUE(first.protected_from_scale_in);
  EXPECT_EQ(first.weighted_capacity, "2");
  EXPECT_EQ(first.launch_template_id, "lt-1");
  EXPECT_EQ(first.launch_template_version, "3");
  EXPECT_FALSE(page->items[1].protected_from_scale_in);
}

TEST_F(AutoScalingTest, GoesThroughAllPages) {
  ReplyWith("<member><InstanceId>i-1</InstanceId></member>", "t +");
  ReplyWith("<member><InstanceId>i-2</InstanceId></member>");
  std::string ids;
  for (const auto& instance : client_->AllInstances()) {
    ASSERT_THAT(instance, IsOk());
    ids += instance->instance_id;
  }
  EXPECT_EQ(ids, "i-1i-2");
  EXPECT_THAT(service_.last().body, HasSubstr("&NextToken=t+%2B"));
}

TEST_F(AutoScalingTest, LifecycleActions) {
  const LifecycleAction action{.hook_name = "drain", .group_name = "g", .instance_id = "i-1"};
  service_.Reply(200, "<RecordLifecycleActionHeartbeatResponse/>");
  ASSERT_THAT(client_->RecordLifecycleActionHeartbeat(action), IsOk());
  EXPECT_EQ(service_.last().body,
            "Action=RecordLifecycleActionHeartbeat&Version=2011-01-01&LifecycleHookName=drain&"
            "AutoScalingGroupName=g&InstanceId=i-1");
  ASSERT_THAT(client_->CompleteLifecycleAction(action), IsOk());
  EXPECT_THAT(service_.last().body, HasSubstr("&LifecycleActionResult=CONTINUE"));
}

TEST_F(AutoScalingTest, NamesEachMistakeAndSendsNothing) {
  EXPECT_THAT(client_->CompleteLifecycleAction({.token = "short"}, "MAYBE"),
              StatusIs(StatusCode::kInvalidArgument,
                       AllOf(HasSubstr("LifecycleHookName"), HasSubstr("AutoScalingGroupName"),
                             HasSubstr("36"), HasSubstr("CONTINUE or ABANDON"))));
  EXPECT_THAT(
      client_->RecordLifecycleActionHeartbeat({.hook_name = "h", .group_name = "g"}),
      StatusIs(StatusCode::kInvalidArgument, HasSubstr("LifecycleActionToken or InstanceId")));
  EXPECT_THAT(client_->DescribeInstances({.instance_ids = std::vector<std::string>(51, "i-1")}),
              StatusIs(StatusCode::kInvalidArgument));
  EXPECT_THAT(client_->DescribeInstances({.max_records = 0}),
              StatusIs(StatusCode::kInvalidArgument));
  EXPECT_TRUE(service_.requests().empty());
}

TEST_F(AutoScalingTest, ErrorsAndBadAnswers) {
  service_.Reply(400,
                 "<ErrorResponse><Error><Type>Sender</Type><Code>ValidationError</Code><Message>No "
                 "active Lifecycle Action found</Message></Error><RequestId>id-7</RequestId>"
                 "</ErrorResponse>");
  const auto failed = client_->DescribeInstances();
  EXPECT_THAT(failed, StatusIs(StatusCode::kInvalidArgument,
                               "ValidationError: No active Lifecycle Action found"));
  EXPECT_EQ(failed.status().info()->request_id, "id-7");
  for (const char* body : {"", "{}", "<a/>", "<!DOCTYPE a><a/>"}) {
    service_.Reply(200, body);
    EXPECT_THAT(client_->DescribeInstances(), StatusIs(StatusCode::kInternal)) << body;
  }
}

}  // namespace
}  // namespace gsh::aws
