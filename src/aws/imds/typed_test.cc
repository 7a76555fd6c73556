#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "gsh/aws/instance_metadata.h"
#include "gsh/testing/matchers.h"
#include "src/aws/imds/fake_service.h"
#include "src/core/utc_time.h"

namespace gsh::aws {
namespace {

using ::gsh::testing::IsOk;
using ::gsh::testing::StatusIs;
using ::testing::Contains;
using ::testing::EndsWith;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::Not;
using ::testing::Pair;
using ::testing::UnorderedElementsAre;

class TypedMetadataTest : public ::testing::Test {
 protected:
  TypedMetadataTest() : imds_(MakeInstanceMetadata(service_.Options()).value()) {}
  void Set(const std::string& path, std::string text) {
    service_.Set("/latest/meta-data/" + path, std::move(text));
  }

  FakeService service_;
  std::unique_ptr<InstanceMetadata> imds_;
};

TEST_F(TypedMetadataTest, EachFactIsReadAtItsPath) {
  Set("instance-id", "i-0123456789abcdef0");
  Set("instance-type", "c6g.large");
  Set("placement/region", "eu-west-1");
  Set("placement/availability-zone", "eu-west-1a");
  Set("instance-life-cycle", "spot");
  Set("autoscaling/target-lifecycle-state", "InService");
  EXPECT_EQ(imds_->InstanceId().value(), "i-0123456789abcdef0");
  EXPECT_EQ(imds_->InstanceType().value(), "c6g.large");
  EXPECT_EQ(imds_->Region().value(), "eu-west-1");
  EXPECT_EQ(imds_->AvailabilityZone().value(), "eu-west-1a");
  EXPECT_EQ(imds_->LifeCycle().value(), "spot");
  EXPECT_EQ(imds_->AutoScalingTargetState().value(), "InService");
}

TEST_F(TypedMetadataTest, WhatHasNotHappenedIsEmpty) {
  EXPECT_EQ(imds_->SpotAction().value(), std::nullopt);
  EXPECT_EQ(imds_->SpotTerminationTime().value(), std::nullopt);
  EXPECT_EQ(imds_->RebalanceRecommendation().value(), std::nullopt);
  EXPECT_EQ(imds_->AutoScalingTargetState().value(), std::nullopt);
  EXPECT_EQ(imds_->Tags().value(), std::nullopt);
  EXPECT_THAT(imds_->ScheduledEvents().value(), IsEmpty());
}

TEST_F(TypedMetadataTest, ATroubledServiceIsNoAllClear) {
  ASSERT_THAT(imds_->SpotAction(), IsOk());
  service_.FailNext({503, 503, 503});
  EXPECT_THAT(imds_->SpotAction(), StatusIs(StatusCode::kUnavailable));
  service_.FailNext({500, 500, 500});
  EXPECT_THAT(imds_->ScheduledEvents(), StatusIs(StatusCode::kInternal));
  Set("spot/instance-action", "<html>busy</html>");
  EXPECT_THAT(imds_->SpotAction(),
              StatusIs(StatusCode::kInternal, HasSubstr("meta-data/spot/instance-action")));
}

TEST_F(TypedMetadataTest, ReadsNotices) {
  Set("spot/instance-action", R"({"action":"terminate","time":"2026-11-22T08:22:00Z"})");
  Set("spot/termination-time", "2026-11-22T08:22:00Z");
  Set("events/recommendations/rebalance", R"({"noticeTime":"2026-11-22T08:20:00Z"})");
  Set("events/maintenance/scheduled", R"([{"EventId":"e","Code":"system-reboot"}])");
  const auto action = imds_->SpotAction().value();
  ASSERT_TRUE(action.has_value());
  EXPECT_EQ(action->time, internal::ParseUtcTime("2026-11-22T08:22:00Z"));
  EXPECT_EQ(imds_->SpotTerminationTime().value(), action->time);
  EXPECT_EQ(imds_->RebalanceRecommendation().value(),
            internal::ParseUtcTime("2026-11-22T08:20:00Z"));
  EXPECT_EQ(imds_->ScheduledEvents().value().size(), 1u);
}

TEST_F(TypedMetadataTest, NetworkTakesWhatThereIs) {
  Set("local-ipv4", "10.0.0.7");
  Set("local-hostname", "ip-10-0-0-7.eu-west-1.compute.internal");
  Set("ipv6", "2a05:d018::7");
  const auto network = imds_->Network();
  ASSERT_THAT(network, IsOk());
  EXPECT_EQ(network->local_ipv4, "10.0.0.7");
  EXPECT_EQ(network->local_hostname, "ip-10-0-0-7.eu-west-1.compute.internal");
  EXPECT_EQ(network->ipv6, "2a05:d018::7");
  EXPECT_EQ(network->public_ipv4, "");
  EXPECT_EQ(network->public_hostname, "");
  service_.FailNext({403});  // any one of the five
  EXPECT_THAT(imds_->Network(), StatusIs(StatusCode::kPermissionDenied));
}

TEST_F(TypedMetadataTest, TagsAreReadOneByOne) {
  Set("tags/instance", "Name\naws:autoscaling:groupName\nEmpty\nGone");
  Set("tags/instance/Name", "game node 7");
  Set("tags/instance/aws:autoscaling:groupName", "spot-fleet");
  Set("tags/instance/Empty", "");
  EXPECT_THAT(imds_->Tags().value().value(),
              UnorderedElementsAre(Pair("Name", "game node 7"), Pair("Empty", ""),
                                   Pair("aws:autoscaling:groupName", "spot-fleet")));
  std::string many;
  for (int i = 0; i < 201; ++i) many += "key\n";
  Set("tags/instance", many);
  EXPECT_THAT(imds_->Tags(), StatusIs(StatusCode::kInternal, HasSubstr("too many")));
}

TEST_F(TypedMetadataTest, ARolesNameIsOneSegment) {
  for (const char* bad : {"../../user-data", "..", "role?x", "a b", "a%2fb"}) {
    Set("iam/security-credentials/", bad);
    EXPECT_THAT(imds_->IamCredentials(), StatusIs(StatusCode::kInternal)) << bad;
  }
  EXPECT_THAT(service_.requests(), Not(Contains(EndsWith("user-data"))));
  Set("iam/security-credentials/", "");
  EXPECT_THAT(imds_->IamRole(), StatusIs(StatusCode::kNotFound));
}

}  // namespace
}  // namespace gsh::aws
