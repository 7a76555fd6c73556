#include "gsh/aws/instance_metadata.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <atomic>
#include <chrono>
#include <latch>

#include "gsh/testing/manual_clock.h"
#include "gsh/testing/matchers.h"
#include "src/aws/imds/fake_service.h"
#include "src/http/client/raw_server.h"

namespace gsh::aws {
namespace {

using ::gsh::testing::FakeEnv;
using ::gsh::testing::IsOk;
using ::gsh::testing::ManualClock;
using ::gsh::testing::StatusIs;
using ::testing::AllOf;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::Not;

class InstanceMetadataTest : public ::testing::Test {
 protected:
  InstanceMetadataTest() { service_.Set("/latest/meta-data/instance-id", "i-0123456789abcdef0"); }

  std::unique_ptr<InstanceMetadata> Make(const InstanceMetadataOptions& options) {
    auto made = MakeInstanceMetadata(options);
    EXPECT_THAT(made, IsOk());
    return *std::move(made);
  }
  std::unique_ptr<InstanceMetadata> Make() { return Make(service_.Options()); }

  FakeService service_;
};

TEST_F(InstanceMetadataTest, AsksForATokenOnceAndKeepsIt) {
  auto imds = Make();
  EXPECT_THAT(service_.requests(), ElementsAre());
  for (int i = 0; i < 2; ++i) EXPECT_EQ(imds->InstanceId().value(), "i-0123456789abcdef0");
  EXPECT_THAT(service_.requests(),
              ElementsAre("PUT /latest/api/token", "GET /latest/meta-data/instance-id",
                          "GET /latest/meta-data/instance-id"));
}

TEST_F(InstanceMetadataTest, ManyCallsAtOnceWaitForOneToken) {
  auto imds = Make();
  constexpr int kCalls = 50;
  std::latch ended(kCalls);
  std::atomic<int> good = 0;
  for (int i = 0; i < kCalls; ++i) {
    imds->InstanceIdAsync({}, [&](const StatusOr<std::string>& id) {
      good += id.ok() ? 1 : 0;
      ended.count_down();
    });
  }
  ended.wait();
  EXPECT_EQ(good, kCalls);
  EXPECT_EQ(service_.tokens(), 1);
}

TEST_F(InstanceMetadataTest, ARefusedTokenIsRenewedOnce) {
  auto imds = Make();
  ASSERT_THAT(imds->InstanceId(), IsOk());
  service_.ForgetTokens();
  EXPECT_THAT(imds->InstanceId(), IsOk());
  EXPECT_EQ(service_.tokens(), 2);
  service_.FailNext({401, 401});
  const auto failed = imds->InstanceId();
  EXPECT_THAT(failed, StatusIs(StatusCode::kUnauthenticated, HasSubstr("instance-id")));
  EXPECT_THAT(imds->InstanceId(), IsOk());  // asks for a third one
}

TEST_F(InstanceMetadataTest, ATokenIsRenewedBeforeItEnds) {
  ManualClock clock;
  auto options = service_.Options();
  options.clock = &clock;
  options.token_ttl = std::chrono::seconds(100);
  auto imds = Make(options);
  ASSERT_THAT(imds->InstanceId(), IsOk());
  clock.Advance(std::chrono::seconds(89));
  ASSERT_THAT(imds->InstanceId(), IsOk());
  EXPECT_EQ(service_.tokens(), 1);
  clock.Advance(std::chrono::seconds(1));
  ASSERT_THAT(imds->InstanceId(), IsOk());
  EXPECT_EQ(service_.tokens(), 2);
}

TEST_F(InstanceMetadataTest, TheServiceMayGiveATokenAShorterLife) {
  ManualClock clock;
  auto options = service_.Options();
  options.clock = &clock;
  service_.SetTokenLife("10");
  auto imds = Make(options);
  ASSERT_THAT(imds->InstanceId(), IsOk());
  clock.Advance(std::chrono::seconds(9));
  ASSERT_THAT(imds->InstanceId(), IsOk());
  EXPECT_EQ(service_.tokens(), 2);
}

TEST_F(InstanceMetadataTest, TransientAnswersAreRepeated) {
  auto imds = Make();
  ASSERT_THAT(imds->InstanceId(), IsOk());
  for (const int code : {500, 503, 504, 429}) {
    service_.FailNext({code, code});
    EXPECT_THAT(imds->InstanceId(), IsOk()) << code;
  }
  service_.FailNext({503, 503, 503});
  const auto failed = imds->InstanceId();
  ASSERT_THAT(failed, StatusIs(StatusCode::kUnavailable, HasSubstr("503")));
  EXPECT_EQ(failed.status().info()->attempts, 3);
  EXPECT_EQ(failed.status().info()->service, "aws.InstanceMetadata");
}

TEST_F(InstanceMetadataTest, WhatIsNotThereIsToldApart) {
  EXPECT_THAT(Make()->Get("meta-data/spot/instance-action"),
              StatusIs(StatusCode::kNotFound, HasSubstr("spot/instance-action")));
  EXPECT_EQ(service_.requests().size(), 2u);  // not repeated
}

TEST_F(InstanceMetadataTest, ReadsTheRolesCredentials) {
  auto imds = Make();
  EXPECT_THAT(imds->IamCredentials(), StatusIs(StatusCode::kNotFound));
  service_.Set("/latest/meta-data/iam/security-credentials/", "game-node\n");
  service_.Set("/latest/meta-data/iam/security-credentials/game-node",
               R"({"Code":"Success","LastUpdated":"2026-11-22T02:00:00Z","Type":"AWS-HMAC",
                   "AccessKeyId":"ASIAEXAMPLE","SecretAccessKey":"secret/+","Token":"session",
                   "Expiration":"2026-11-22T08:00:00Z"})");
  const auto credentials = imds->IamCredentials();
  ASSERT_THAT(credentials, IsOk());
  EXPECT_EQ(credentials->access_key_id, "ASIAEXAMPLE");
  EXPECT_EQ(credentials->secret_access_key, "secret/+");
  EXPECT_EQ(credentials->session_token, "session");
  EXPECT_EQ(credentials->expiration, WallTime(std::chrono::seconds(1795334400)));
  service_.Set("/latest/meta-data/iam/security-credentials/game-node",
               R"({"Code":"AssumeRoleUnauthorizedAccess","Message":"EC2 cannot assume the role"})");
  EXPECT_THAT(imds->IamCredentials(),
              StatusIs(StatusCode::kFailedPrecondition, HasSubstr("EC2 cannot assume the role")));
}

}  // namespace
}  // namespace gsh::aws
