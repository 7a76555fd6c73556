#include "gsh/aws/sts.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <chrono>
#include <string>

#include "src/aws/client/service_fixture.h"
#include "src/aws/sts/sts_messages.h"
#include "src/core/utc_time.h"

namespace gsh::aws {
namespace {

using ::testing::AllOf;
using ::testing::HasSubstr;
using testing::IsOk;
using ::testing::Not;
using ::testing::StartsWith;
using testing::StatusIs;
using namespace std::chrono_literals;

constexpr char kRole[] = "arn:aws:iam::123456789012:role/game";

std::string AssumedRoleXml(const std::string& operation) {
  return "<" + operation + R"(Response xmlns="https://sts.amazonaws.com/doc/2011-06-15/"><)" +
         operation + R"(Result><AssumedRoleUser><AssumedRoleId>AROA:me</AssumedRoleId>
<Arn>arn:aws:sts::123456789012:assumed-role/game/me</Arn></AssumedRoleUser><Credentials>
<AccessKeyId>ASIA1</AccessKeyId><SecretAccessKey>topsecret</SecretAccessKey>
<SessionToken>t/+=</SessionToken><Expiration>2026-11-22T04:00:00Z</Expiration></Credentials></)" +
         operation + "Result><ResponseMetadata><RequestId>r</RequestId></ResponseMetadata></" +
         operation + "Response>";
}

class StsTest : public ::testing::Test {
 protected:
  StsTest() {
    auto sts = MakeSts(service_.options());
    EXPECT_THAT(sts, IsOk());
    sts_ = *std::move(sts);
  }
  void ReplyXml(int code, const std::string& body) {
    service_.Reply({.code = code, .content_type = "text/xml", .body = body});
  }

  FakeService service_;
  std::unique_ptr<Sts> sts_;
};

TEST_F(StsTest, GetCallerIdentity) {
  ReplyXml(200, R"(<GetCallerIdentityResponse><GetCallerIdentityResult>
<Arn>arn:aws:iam::123456789012:user/me</Arn><UserId>AIDA</UserId><Account>123456789012</Account>
</GetCallerIdentityResult></GetCallerIdentityResponse>)");
  const auto identity = sts_->GetCallerIdentity();
  ASSERT_THAT(identity, IsOk());
  EXPECT_EQ(identity->account, "123456789012");
  EXPECT_EQ(identity->arn, "arn:aws:iam::123456789012:user/me");
  EXPECT_EQ(identity->user_id, "AIDA");
  const http::Request request = service_.last();
  EXPECT_EQ(request.body, "Action=GetCallerIdentity&Version=2011-06-15");
  ASSERT_NE(request.FindHeader("authorization"), nullptr);
  EXPECT_THAT(*request.FindHeader("authorization"), HasSubstr("/eu-west-1/sts/aws4_request"));
}

TEST_F(StsTest, AssumeRole) {
  ReplyXml(200, AssumedRoleXml("AssumeRole"));
  const auto role = sts_->AssumeRole({.role_arn = kRole,
                                      .session_name = "me@host",
                                      .external_id = "a b&c",
                                      .policy = "{}",
                                      .duration = 900s});
  ASSERT_THAT(role, IsOk());
  EXPECT_EQ(role->credentials.access_key_id, "ASIA1");
  EXPECT_EQ(role->credentials.session_token, "t/+=");
  EXPECT_EQ(internal::FormatUtcTime(*role->credentials.expiration), "2026-11-22T04:00:00Z");
  EXPECT_EQ(role->credentials.account_id, "123456789012");
  EXPECT_EQ(role->arn, "arn:aws:sts::123456789012:assumed-role/game/me");
  EXPECT_EQ(service_.last().body,
            "Action=AssumeRole&Version=2011-06-15"
            "&RoleArn=arn%3Aaws%3Aiam%3A%3A123456789012%3Arole%2Fgame&RoleSessionName=me%40host"
            "&ExternalId=a+b%26c&Policy=%7B%7D&DurationSeconds=900");
}

TEST_F(StsTest, WebIdentityIsSentUnsigned) {
  ReplyXml(200, AssumedRoleXml("AssumeRoleWithWebIdentity"));
  const auto role =
      sts_->AssumeRoleWithWebIdentity({.role_arn = kRole, .session_name = "pod", .token = "a.b.c"});
  ASSERT_THAT(role, IsOk());
  EXPECT_EQ(service_.last().FindHeader("authorization"), nullptr);
  EXPECT_EQ(service_.last().FindHeader("x-amz-security-token"), nullptr);
  EXPECT_THAT(service_.last().body, HasSubstr("&WebIdentityToken=a.b.c"));
}

TEST_F(StsTest, WhatTheApiWouldRefuseIsNotSent) {
  EXPECT_THAT(sts_->AssumeRole({.role_arn = "short", .session_name = "a b", .duration = 1s}),
              StatusIs(StatusCode::kInvalidArgument,
                       AllOf(HasSubstr("RoleArn"), HasSubstr("RoleSessionName"),
                             HasSubstr("DurationSeconds"))));
  EXPECT_THAT(sts_->AssumeRole({.role_arn = kRole, .session_name = std::string(65, 'x')}),
              StatusIs(StatusCode::kInvalidArgument, HasSubstr("RoleSessionName")));
  EXPECT_THAT(sts_->AssumeRoleWithWebIdentity({.role_arn = kRole, .session_name = "me"}),
              StatusIs(StatusCode::kInvalidArgument, HasSubstr("WebIdentityToken")));
  EXPECT_TRUE(service_.requests().empty());
}

// AssumeRole's model has no bound for policies: the account's quota counts.
TEST_F(StsTest, PoliciesAreBoundedInCharactersWhereTheApiSaysSo) {
  ReplyXml(200, AssumedRoleXml("AssumeRole"));
  EXPECT_THAT(
      sts_->AssumeRole({.role_arn = kRole, .session_name = "me", .policy = std::string(4096, ' ')}),
      IsOk());
  std::string policy;
  for (int i = 0; i < 2048; ++i) policy += "\xc3\xa9";
  ReplyXml(200, AssumedRoleXml("AssumeRoleWithWebIdentity"));
  AssumeRoleWithWebIdentityRequest request{
      .role_arn = kRole, .session_name = "me", .token = "a.b.c", .policy = policy};
  EXPECT_THAT(sts_->AssumeRoleWithWebIdentity(request), IsOk());
  request.policy += ' ';
  EXPECT_THAT(sts_->AssumeRoleWithWebIdentity(request),
              StatusIs(StatusCode::kInvalidArgument, HasSubstr("Policy must have 1 to 2048")));
}

TEST_F(StsTest, AnIdentityProviderThatCannotBeReachedIsTriedAgain) {
  ReplyXml(400, R"(<ErrorResponse><Error><Type>Sender</Type><Code>IDPCommunicationError</Code>
<Message>not reached</Message></Error><RequestId>id-1</RequestId></ErrorResponse>)");
  ReplyXml(200, AssumedRoleXml("AssumeRoleWithWebIdentity"));
  EXPECT_THAT(
      sts_->AssumeRoleWithWebIdentity({.role_arn = kRole, .session_name = "me", .token = "a.b.c"}),
      IsOk());
  EXPECT_EQ(service_.requests().size(), 2u);
}

TEST_F(StsTest, ErrorsHaveTheirNames) {
  ReplyXml(403, R"(<ErrorResponse><Error><Type>Sender</Type><Code>AccessDenied</Code>
<Message>User: x is not authorized</Message></Error><RequestId>id-1</RequestId></ErrorResponse>)");
  const auto refused = sts_->AssumeRole({.role_arn = kRole, .session_name = "me"});
  EXPECT_THAT(refused, StatusIs(StatusCode::kPermissionDenied, HasSubstr("not authorized")));
  ASSERT_NE(refused.status().info(), nullptr);
  EXPECT_EQ(refused.status().info()->name, "AccessDenied");
  EXPECT_EQ(refused.status().info()->request_id, "id-1");
}

TEST(StsAnswers, NonsenseIsInternalAndNotQuoted) {
  const std::string good = AssumedRoleXml("AssumeRole");
  ASSERT_THAT(ParseAssumedRole(good, "AssumeRoleResult"), IsOk());
  for (const char* broken :
       {"<AccessKeyId>", "<SecretAccessKey>", "<SessionToken>", "2026-", "<Credentials>"}) {
    std::string text = good;
    const std::string with = broken[0] == '<' ? "<x" : "x";
    text.replace(text.find(broken), with.size(), with);
    if (broken[0] == '<') {  // the end tag, too
      const std::string end = "</" + std::string(broken + 1);
      text.replace(text.find(end), 3, "</x");
    }
    EXPECT_THAT(ParseAssumedRole(text, "AssumeRoleResult"),
                StatusIs(StatusCode::kInternal,
                         AllOf(StartsWith("the answer of STS"), Not(HasSubstr("topsecret")))))
        << text;
  }
  EXPECT_THAT(ParseAssumedRole(good, "Other"), StatusIs(StatusCode::kInternal));
  EXPECT_THAT(ParseAssumedRole("topsecret", "AssumeRoleResult"),
              StatusIs(StatusCode::kInternal, Not(HasSubstr("topsecret"))));
  EXPECT_THAT(ParseCallerIdentity("<a><GetCallerIdentityResult/></a>"),
              StatusIs(StatusCode::kInternal));
}

}  // namespace
}  // namespace gsh::aws
