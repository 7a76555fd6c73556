// Roles by the library's own client; boto3 is asked in tests/aws.
#include "gsh/aws/sts.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <chrono>
#include <string>

#include "gsh/aws/default_credentials.h"
#include "gsh/aws/gamelift.h"
#include "gsh/testing/aws_sandbox.h"
#include "gsh/testing/fakes.h"
#include "gsh/testing/manual_clock.h"
#include "gsh/testing/matchers.h"
#include "src/rpc/common/base64.h"
#include "src/testing/sandbox/aws/web_identity.h"

namespace gsh::testing::aws {
namespace {

using gsh::aws::AssumedRole;
using gsh::aws::Credentials;
using std::chrono::hours;
using std::chrono::seconds;
using ::testing::AllOf;
using ::testing::HasSubstr;
using ::testing::MatchesRegex;

constexpr char kRole[] = "arn:aws:iam::210987654321:role/games/director";

// In base64url, without padding.
std::string Token(const std::string& claims) {
  std::string text = rpc::Base64Encode(claims);
  std::ranges::replace(text, '+', '-');
  std::ranges::replace(text, '/', '_');
  text.resize(text.find_last_not_of('=') + 1);
  return "e30." + text + ".c2ln";
}

class StsTest : public ::testing::Test {
 protected:
  StsTest() : sandbox_(AwsSandbox::Start({.clock = &clock_}).value()), sts_(StsOf(kUser)) {}

  template <typename Client>
  std::unique_ptr<Client> Make(StatusOr<std::unique_ptr<Client>> (*make)(gsh::aws::AwsOptions),
                               const Credentials& credentials) {
    return make({.region = "us-east-1",
                 .endpoint_url = sandbox_->endpoints().services,
                 .credentials = gsh::aws::MakeStaticCredentials(credentials),
                 .retry = {.max_attempts = 1},
                 .timeout = seconds(60),
                 .attempt_timeout = seconds(60),
                 .clock = &clock_,
                 .env = &env_})
        .value();
  }
  std::unique_ptr<gsh::aws::Sts> StsOf(const Credentials& credentials) {
    return Make<gsh::aws::Sts>(gsh::aws::MakeSts, credentials);
  }
  // What FleetIQ says to these.
  Status List(const Credentials& credentials) {
    return Make<gsh::aws::GameLift>(gsh::aws::MakeGameLift, credentials)
        ->ListGameServerGroups()
        .status();
  }
  AssumedRole Assume(std::optional<seconds> duration = {}) {
    return sts_->AssumeRole({.role_arn = kRole, .session_name = "match-1", .duration = duration})
        .value();
  }

  const Credentials kUser{"AKIASANDBOX000000000", "sandbox-secret"};
  FakeEnv env_;
  ManualClock clock_;
  std::unique_ptr<AwsSandbox> sandbox_;
  std::unique_ptr<gsh::aws::Sts> sts_;
};

TEST_F(StsTest, ARoleIsWhoCallsFromThenOn) {
  const AssumedRole role = Assume();
  EXPECT_EQ(role.arn, "arn:aws:sts::210987654321:assumed-role/director/match-1");
  EXPECT_THAT(role.assumed_role_id, MatchesRegex("AROA[A-Z2-7]+:match-1"));
  EXPECT_THAT(role.credentials.access_key_id, MatchesRegex("ASIA[A-Z2-7]+"));
  EXPECT_EQ(role.credentials.expiration, clock_.Now() + hours(1));
  const auto caller = StsOf(role.credentials)->GetCallerIdentity().value();
  EXPECT_EQ(caller.arn, role.arn);
  EXPECT_EQ(caller.account, "210987654321");
  EXPECT_EQ(caller.user_id, role.assumed_role_id);
  EXPECT_EQ(sts_->GetCallerIdentity().value().arn, "arn:aws:iam::123456789012:user/sandbox");
  // The role is the same one each time, its credentials are not.
  const AssumedRole again = Assume();
  EXPECT_EQ(again.assumed_role_id, role.assumed_role_id);
  EXPECT_NE(again.credentials.access_key_id, role.credentials.access_key_id);
}

TEST_F(StsTest, CredentialsAreGoodWithTheirTokenUntilTheyEnd) {
  const Credentials good = Assume(seconds(900)).credentials;
  EXPECT_THAT(List(good), IsOk());
  const auto unknown =
      StatusIs(StatusCode::kUnauthenticated, HasSubstr("UnrecognizedClientException"));
  EXPECT_THAT(List({good.access_key_id, good.secret_access_key}), unknown);
  EXPECT_THAT(List({good.access_key_id, good.secret_access_key, "another-token"}), unknown);
  EXPECT_THAT(
      List({good.access_key_id, good.secret_access_key, Assume().credentials.session_token}),
      unknown);
  EXPECT_THAT(List({good.access_key_id, "another secret", good.session_token}),
              StatusIs(StatusCode::kUnauthenticated, HasSubstr("InvalidSignatureException")));
  clock_.Advance(seconds(899));
  EXPECT_THAT(List(good), IsOk());
  clock_.Advance(seconds(1));
  EXPECT_THAT(List(good),
              StatusIs(StatusCode::kUnauthenticated, HasSubstr("ExpiredTokenException")));
}

TEST_F(StsTest, AllOfThemEndByScript) {
  const Credentials credentials = Assume().credentials;
  sandbox_->ExpireCredentials();
  EXPECT_THAT(StsOf(credentials)->GetCallerIdentity(),
              StatusIs(StatusCode::kUnauthenticated, HasSubstr("ExpiredToken")));
  EXPECT_THAT(sts_->GetCallerIdentity(), IsOk());  // a user's key has no end
  EXPECT_THAT(List(Assume().credentials), IsOk());
}

TEST_F(StsTest, RolesOfRolesLastAnHour) {
  const auto of_role = StsOf(Assume().credentials);
  const gsh::aws::AssumeRoleRequest request{.role_arn = kRole, .session_name = "chained"};
  EXPECT_THAT(List(of_role->AssumeRole(request).value().credentials), IsOk());
  auto longer = request;
  longer.duration = hours(2);
  EXPECT_THAT(of_role->AssumeRole(longer),
              StatusIs(StatusCode::kInvalidArgument, HasSubstr("role chaining")));
  EXPECT_THAT(sts_->AssumeRole(longer), IsOk());
}

TEST_F(StsTest, WhatIsWrongIsRefused) {
  const auto refused = [&](gsh::aws::AssumeRoleRequest request, const char* name) {
    EXPECT_THAT(sts_->AssumeRole(std::move(request)),
                StatusIs(StatusCode::kInvalidArgument, HasSubstr(name)));
  };
  refused({.role_arn = "arn:aws:iam::123456789012:user/game", .session_name = "session"},
          "ValidationError: arn:aws:iam::123456789012:user/game is invalid");
  refused({.role_arn = "arn:aws:iam::1:role/game-server", .session_name = "session"},
          "ValidationError");
  refused({.role_arn = kRole, .session_name = "session", .policy = "{"}, "MalformedPolicyDocument");
  EXPECT_THAT(
      StsOf({"AKIANOBODY", "secret"})->AssumeRole({.role_arn = kRole, .session_name = "session"}),
      StatusIs(StatusCode::kUnauthenticated, HasSubstr("InvalidClientTokenId")));
}

TEST_F(StsTest, WebIdentity) {
  const auto now = std::chrono::floor<seconds>(clock_.Now().time_since_epoch()).count();
  const auto token = [&](long end) {
    return Token(R"({"iss":"https://oidc.example/id/1","sub":"system:serviceaccount:a:b",)"
                 R"("aud":["sts.amazonaws.com"],"exp":)" +
                 std::to_string(end) + "}");
  };
  const auto anonymous = StsOf(Credentials());
  const auto role = anonymous->AssumeRoleWithWebIdentity(
      {.role_arn = kRole, .session_name = "pod", .token = token(now + 60)});
  ASSERT_THAT(role, IsOk());
  EXPECT_EQ(StsOf(role->credentials)->GetCallerIdentity().value().arn,
            "arn:aws:sts::210987654321:assumed-role/director/pod");
  EXPECT_THAT(anonymous->AssumeRoleWithWebIdentity(
                  {.role_arn = kRole, .session_name = "pod", .token = token(now)}),
              StatusIs(StatusCode::kUnauthenticated, HasSubstr("ExpiredTokenException")));
  EXPECT_THAT(anonymous->AssumeRoleWithWebIdentity(
                  {.role_arn = kRole, .session_name = "pod", .token = "no token"}),
              StatusIs(StatusCode::kInvalidArgument, HasSubstr("InvalidIdentityToken")));
  // Nothing else comes unsigned.
  EXPECT_THAT(anonymous->GetCallerIdentity(),
              StatusIs(StatusCode::kUnauthenticated, HasSubstr("MissingAuthenticationToken")));
}

TEST(WebIdentityTest, ReadsClaims) {
  for (const char* issuer : {"i", "ii?>", "iii?>"}) {  // with '-' and '_' in base64url
    const auto identity = ReadWebIdentity(
        Token(std::string(R"({"iss":")") + issuer + R"(","sub":"s","aud":"a","exp":10})"),
        WallTime(seconds(9)));
    ASSERT_THAT(identity, IsOk());
    EXPECT_EQ(identity->issuer, issuer);
    EXPECT_EQ(identity->subject, "s");
    EXPECT_EQ(identity->audience, "a");
  }
}

TEST(WebIdentityTest, WhatIsNoTokenIsRefused) {
  for (const std::string& token :
       {std::string(), std::string("."), std::string("a.b"), std::string("e30.?.s"), Token("[]"),
        Token("{"), Token(R"({"iss":"i","sub":"s","aud":"a"})"),
        Token(R"({"iss":"i","sub":"s","aud":[],"exp":10})"),
        Token(R"({"iss":"i","sub":"s","aud":"a","exp":"10"})"),
        Token(R"({"iss":"i","sub":1,"aud":"a","exp":10})")}) {
    const auto identity = ReadWebIdentity(token, WallTime());
    ASSERT_FALSE(identity.ok()) << token;
    EXPECT_EQ(identity.status().info()->name, "InvalidIdentityToken") << token;
  }
}

}  // namespace
}  // namespace gsh::testing::aws
