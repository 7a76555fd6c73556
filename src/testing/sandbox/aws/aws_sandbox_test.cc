#include "gsh/testing/aws_sandbox.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <chrono>

#include "gsh/aws/instance_metadata.h"
#include "gsh/aws/signer.h"
#include "gsh/testing/fakes.h"
#include "gsh/testing/manual_clock.h"
#include "gsh/testing/matchers.h"
#include "src/http/client/client_fixture.h"

namespace gsh::testing {
namespace {

using std::chrono::minutes;
using std::chrono::seconds;
using ::testing::Contains;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::Pair;

class AwsSandboxTest : public ::testing::Test {
 protected:
  AwsSandboxTest() {
    auto sandbox = AwsSandbox::Start({.instance = {.public_ipv4 = "203.0.113.7",
                                                   .auto_scaling_group = "spot-fleet",
                                                   .tags = {{"Name", "node"}}},
                                      .clock = &clock_});
    EXPECT_THAT(sandbox, IsOk());
    sandbox_ = *std::move(sandbox);
    imds_ = aws::MakeInstanceMetadata({.endpoint_url = sandbox_->endpoints().imds,
                                       .attempt_timeout = seconds(20),
                                       .retry = {.max_attempts = 1},
                                       .clock = &clock_,
                                       .env = &env_})
                .value();
  }

  // What the services answer to ListGameServerGroups, signed with these.
  http::Answer List(const aws::Credentials& credentials, const std::string& body = "{}",
                    Duration skew = Duration(0)) {
    const std::string host = sandbox_->endpoints().services.substr(7);
    auto signer = aws::Signer::Make("us-east-1", "gamelift").value();
    http::ClientRequest request{.method = "POST",
                                .headers = {{"X-Amz-Target", "GameLift.ListGameServerGroups"},
                                            {"Content-Type", "application/x-amz-json-1.1"}},
                                .body = body};
    const auto headers =
        signer->Sign({.host = host, .headers = request.headers, .body = "{}"}, credentials,
                     clock_.Now() + std::chrono::duration_cast<WallTime::duration>(skew));
    for (const auto& header : headers.value()) request.headers.push_back(header);
    return http::Send(*http::Make(http::OptionsFor(host)), std::move(request));
  }

  FakeEnv env_;
  ManualClock clock_;
  std::unique_ptr<AwsSandbox> sandbox_;
  std::unique_ptr<aws::InstanceMetadata> imds_;
  const aws::Credentials good_{"AKIASANDBOX000000000", "sandbox-secret"};
};

TEST_F(AwsSandboxTest, OurClientReadsAllFacts) {
  EXPECT_EQ(imds_->InstanceId().value(), "i-0123456789abcdef0");
  EXPECT_EQ(imds_->InstanceType().value(), "c6g.large");
  EXPECT_EQ(imds_->Region().value(), "us-east-1");
  EXPECT_EQ(imds_->AvailabilityZone().value(), "us-east-1a");
  EXPECT_EQ(imds_->LifeCycle().value(), "spot");
  EXPECT_EQ(imds_->Network().value().public_ipv4, "203.0.113.7");
  EXPECT_EQ(imds_->Network().value().ipv6, "");
  EXPECT_EQ(imds_->Identity().value().account_id, "123456789012");
  EXPECT_EQ(imds_->Identity().value().architecture, "arm64");
  EXPECT_THAT(imds_->Tags().value().value(), ElementsAre(Pair("Name", "node")));
  EXPECT_EQ(imds_->AutoScalingTargetState().value(), "InService");
}

TEST_F(AwsSandboxTest, NoticesComeByScript) {
  EXPECT_EQ(imds_->SpotAction().value(), std::nullopt);
  EXPECT_THAT(imds_->ScheduledEvents().value(), IsEmpty());
  sandbox_->InterruptSpot();
  sandbox_->RecommendRebalance();
  sandbox_->ScheduleEvent("event-1", "system-reboot", "active", minutes(30));
  const auto action = imds_->SpotAction().value();
  ASSERT_TRUE(action.has_value());
  EXPECT_EQ(action->action, "terminate");
  EXPECT_EQ(action->time, clock_.Now() + minutes(2));
  EXPECT_EQ(imds_->SpotTerminationTime().value(), action->time);
  EXPECT_EQ(imds_->RebalanceRecommendation().value(), clock_.Now());
  const auto events = imds_->ScheduledEvents().value();
  ASSERT_EQ(events.size(), 1u);
  EXPECT_EQ(events[0].not_before, clock_.Now() + minutes(30));
  sandbox_->ScheduleEvent("event-1", "system-reboot", "canceled", minutes(30));
  EXPECT_EQ(imds_->ScheduledEvents().value().at(0).state, "canceled");
  sandbox_->InterruptSpot("hibernate");
  EXPECT_EQ(imds_->SpotTerminationTime().value(), std::nullopt);
  sandbox_->ClearEvents();
  EXPECT_EQ(imds_->SpotAction().value(), std::nullopt);
}

TEST_F(AwsSandboxTest, TokensEndAndAreRenewed) {
  ASSERT_THAT(imds_->InstanceId(), IsOk());
  sandbox_->ForgetImdsTokens();
  EXPECT_THAT(imds_->InstanceId(), IsOk());
  sandbox_->TakeRequests();
  clock_.Advance(seconds(21600 - 120));
  EXPECT_THAT(imds_->InstanceId(), IsOk());
  EXPECT_THAT(sandbox_->TakeRequests(),
              ElementsAre("PUT /latest/api/token", "GET /latest/meta-data/instance-id"));
}

TEST_F(AwsSandboxTest, TheRolesCredentialsAreGoodUntilTheyEnd) {
  const auto role = imds_->IamCredentials().value();
  EXPECT_EQ(role.expiration, clock_.Now() + std::chrono::hours(6));
  EXPECT_EQ(List(role).response.code, 200);
  clock_.Advance(std::chrono::hours(5) + minutes(50));
  EXPECT_NE(imds_->IamCredentials().value().access_key_id, role.access_key_id);
  EXPECT_EQ(List(role).response.code, 200);
  clock_.Advance(minutes(10));
  const auto late = List(role);
  EXPECT_EQ(late.response.code, 400);
  EXPECT_THAT(late.response.body, HasSubstr("ExpiredTokenException"));
}

TEST_F(AwsSandboxTest, SignaturesAreChecked) {
  EXPECT_EQ(List(good_).response.code, 200);
  EXPECT_THAT(List({"AKIASANDBOX000000000", "wrong"}).response.body,
              HasSubstr("InvalidSignatureException"));
  EXPECT_THAT(List({"AKIANOBODY", "wrong"}).response.body,
              HasSubstr("UnrecognizedClientException"));
  EXPECT_THAT(List(good_, R"({"Limit":1})").response.body, HasSubstr("InvalidSignatureException"));
  EXPECT_EQ(List(good_, "{}", minutes(4)).response.code, 200);
  EXPECT_EQ(List(good_, "{}", minutes(6)).response.code, 400);
  EXPECT_EQ(List(good_, "{}", -minutes(6)).response.code, 400);
}

TEST_F(AwsSandboxTest, FaultsEnd) {
  sandbox_->InjectFault({.operation = "ListGameServerGroups", .times = 2});
  sandbox_->InjectFault({.operation = "Imds", .http_status = 503, .times = 1});
  EXPECT_THAT(List(good_).response.body, HasSubstr("ThrottlingException"));
  EXPECT_THAT(List(good_).response.body, HasSubstr("ThrottlingException"));
  EXPECT_EQ(List(good_).response.code, 200);
  EXPECT_THAT(imds_->InstanceId(), StatusIs(StatusCode::kUnavailable));
  EXPECT_THAT(imds_->InstanceId(), IsOk());
  EXPECT_THAT(sandbox_->TakeRequests(), Contains("ListGameServerGroups").Times(3));
}

TEST(AwsSandboxOptionsTest, EveryMistakeIsNamed) {
  EXPECT_THAT(
      AwsSandbox::Start({.bind = "localhost", .port = 70000, .region = ""}),
      StatusIs(StatusCode::kInvalidArgument,
               ::testing::AllOf(HasSubstr("bind"), HasSubstr("70000"), HasSubstr("region"))));
}

}  // namespace
}  // namespace gsh::testing
