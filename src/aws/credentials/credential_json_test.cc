#include "src/aws/credentials/credential_json.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <chrono>
#include <string>

#include "gsh/testing/matchers.h"
#include "src/core/utc_time.h"

namespace gsh::aws {
namespace {

using ::testing::HasSubstr;
using testing::IsOk;
using ::testing::Not;
using testing::StatusIs;

TEST(CredentialJson, OfAProcess) {
  const auto all = ParseProcessCredentials(
      R"({"Version":1,"AccessKeyId":"AK","SecretAccessKey":"s","SessionToken":"t",
"Expiration":"2026-11-22T05:00:00+02:00","AccountId":"123456789012","more":[1]})");
  ASSERT_THAT(all, IsOk());
  EXPECT_EQ(all->access_key_id, "AK");
  EXPECT_EQ(all->secret_access_key, "s");
  EXPECT_EQ(all->session_token, "t");
  EXPECT_EQ(internal::FormatUtcTime(*all->expiration), "2026-11-22T03:00:00Z");
  EXPECT_EQ(all->account_id, "123456789012");
  const auto least = ParseProcessCredentials(
      R"({"Version":1,"AccessKeyId":"AK","SecretAccessKey":"s","SessionToken":null})");
  ASSERT_THAT(least, IsOk());
  EXPECT_EQ(least->session_token, "");
  EXPECT_FALSE(least->expiration);
}

TEST(CredentialJson, OfAContainer) {
  const std::string all =
      R"({"AccessKeyId":"AK","SecretAccessKey":"s","Token":"t","Expiration":"2026-11-22T05:00:00Z"})";
  ASSERT_THAT(ParseContainerCredentials(all), IsOk());
  EXPECT_EQ(ParseContainerCredentials(all)->session_token, "t");
  for (const char* name : {"AccessKeyId", "SecretAccessKey", "Token", "Expiration"}) {
    std::string without = all;
    without.replace(without.find(name), 1, "x");
    EXPECT_THAT(ParseContainerCredentials(without),
                StatusIs(StatusCode::kInvalidArgument, HasSubstr(std::string("has no ") + name)));
  }
}

TEST(CredentialJson, NonsenseIsRefusedAndNeverQuoted) {
  for (
      const char* text :
      {"", "topsecret", "[\"topsecret\"]", "{\"SecretAccessKey\":\"topsecret",
       R"({"Version":1,"AccessKeyId":"AK","SecretAccessKey":"topsecret","AccessKeyId":"B"})",
       R"({"Version":2,"AccessKeyId":"AK","SecretAccessKey":"topsecret"})",
       R"({"Version":"1","AccessKeyId":"AK","SecretAccessKey":"topsecret"})",
       R"({"Version":1,"AccessKeyId":"topsecret"})",
       R"({"Version":1,"AccessKeyId":"","SecretAccessKey":"topsecret"})",
       R"({"Version":1,"AccessKeyId":1,"SecretAccessKey":"topsecret"})",
       R"({"Version":1,"AccessKeyId":"AK","SecretAccessKey":"topsecret\nX: y"})",
       R"({"Version":1,"AccessKeyId":"A K","SecretAccessKey":"topsecret"})",
       R"({"Version":1,"AccessKeyId":"AK","SecretAccessKey":"topsecret","SessionToken":"é"})",
       R"({"Version":1,"AccessKeyId":"AK","SecretAccessKey":"topsecret","Expiration":"topsecret"})",
       R"({"Version":1,"AccessKeyId":"AK","SecretAccessKey":"topsecret","a":[[[[[[[[[1]]]]]]]]]})"}) {
    const auto refused = ParseProcessCredentials(text);
    EXPECT_THAT(refused, StatusIs(StatusCode::kInvalidArgument, Not(HasSubstr("topsecret"))))
        << text;
  }
  const std::string good = R"({"Version":1,"AccessKeyId":"AK","SecretAccessKey":"s"})";
  EXPECT_THAT(ParseProcessCredentials(good + std::string(60'000, ' ')), IsOk());
  EXPECT_THAT(ParseProcessCredentials(good + std::string(70'000, ' ')),
              StatusIs(StatusCode::kInvalidArgument, HasSubstr("too large")));
}

TEST(CredentialJson, Expirations) {
  const auto text = [](std::string_view expiration) -> std::string {
    const auto time = ParseExpiration(expiration);
    return time ? internal::FormatUtcTime(*time) : "none";
  };
  EXPECT_EQ(text("2026-11-22T05:00:00Z"), "2026-11-22T05:00:00Z");
  EXPECT_EQ(text("2026-11-22T05:00:00.123Z"), "2026-11-22T05:00:00Z");
  EXPECT_EQ(text("2026-11-22T05:00:00+00:00"), "2026-11-22T05:00:00Z");
  EXPECT_EQ(text("2026-01-01T00:30:00+01:00"), "2025-12-31T23:30:00Z");
  EXPECT_EQ(text("2026-11-22T05:00:00-09:30"), "2026-11-22T14:30:00Z");
  for (const char* bad : {"", "Z", "2026-11-22T05:00:00", "2026-11-22", "2026-11-22T05:00:00+1:00",
                          "2026-11-22T05:00:00+01:0x", "2026-11-22T05:00:00+24:00",
                          "2026-11-22T05:00:00-01:60", "2026-11-22T05:00:00Z+01:00", "+01:00"}) {
    EXPECT_EQ(text(bad), "none") << bad;
  }
}

}  // namespace
}  // namespace gsh::aws
