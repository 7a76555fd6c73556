#include "gsh/aws/signer.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>
#include <thread>
#include <vector>

#include "src/aws/signer/amz_time.h"
#include "src/aws/signer/signing_key.h"

namespace gsh::aws {
namespace {

using ::testing::AllOf;
using ::testing::Contains;
using ::testing::ElementsAre;
using ::testing::EndsWith;
using ::testing::HasSubstr;
using ::testing::Key;
using ::testing::Not;
using ::testing::Pair;
using ::testing::StartsWith;

constexpr char kSecret[] = "wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY";

class SignerTest : public ::testing::Test {
 protected:
  using Headers = std::vector<std::pair<std::string, std::string>>;

  StatusOr<Headers> Sign(SigningOptions options = {}) {
    return Signer::Make("us-east-1", "service", options)
        .value()
        ->Sign(request_, credentials_, time_);
  }
  StatusOr<std::string> Presign(std::chrono::seconds lifetime, SigningOptions options = {}) {
    return Signer::Make("us-east-1", "service", options)
        .value()
        ->Presign(request_, credentials_, time_, lifetime);
  }

  static std::string SignedHeaders(const Headers& headers) {
    const std::string& text = headers.at(0).second;
    const std::size_t begin = text.find("SignedHeaders=") + 14;
    return text.substr(begin, text.find(',', begin) - begin);
  }

  SigningRequest request_ = {.method = "GET", .host = "example.amazonaws.com"};
  Credentials credentials_ = Credentials("AKIDEXAMPLE", kSecret);
  WallTime time_ = ParseAmzTime("20150830T123600Z").value();
};

TEST_F(SignerTest, GivesTheHeadersToAdd) {
  EXPECT_THAT(
      Sign().value(),
      ElementsAre(
          Pair("authorization",
               "AWS4-HMAC-SHA256 Credential=AKIDEXAMPLE/20150830/us-east-1/service/aws4_request, "
               "SignedHeaders=host;x-amz-date, "
               "Signature=5fa00fa31553b73ebf1942676e86291e8372ff2a2260956d9b8aae1d763fbf31"),
          Pair("x-amz-date", "20150830T123600Z")));
}

TEST_F(SignerTest, SessionTokenIsSignedOrOnlyAdded) {
  credentials_.session_token = "token";
  Headers headers = Sign().value();
  EXPECT_EQ(SignedHeaders(headers), "host;x-amz-date;x-amz-security-token");
  EXPECT_THAT(headers, Contains(Pair("x-amz-security-token", "token")));
  headers = Sign({.sign_session_token = false}).value();
  EXPECT_EQ(SignedHeaders(headers), "host;x-amz-date");
  EXPECT_THAT(headers, Contains(Pair("x-amz-security-token", "token")));
}

TEST_F(SignerTest, ServicesAreToldOfUnsignedPayloads) {
  request_.body = "body";
  const Headers headers = Sign({.unsigned_payload = true}).value();
  EXPECT_THAT(headers, Contains(Pair("x-amz-content-sha256", "UNSIGNED-PAYLOAD")));
  EXPECT_EQ(SignedHeaders(headers), "host;x-amz-content-sha256;x-amz-date");
  request_.body = "another";
  EXPECT_EQ(Sign({.unsigned_payload = true}).value(), headers);
}

TEST_F(SignerTest, ContentHashMayBeTheCallers) {
  request_.body = "body";
  const Headers headers = Sign({.content_sha256_header = true}).value();
  const auto hash = std::ranges::find(headers, "x-amz-content-sha256", &Headers::value_type::first);
  ASSERT_NE(hash, headers.end());
  EXPECT_EQ(hash->second, "230d8358dc8e8890b4c58deeb62912ee2f20357ae92a5cc861b98e68fe31acb5");
  // The same signature for a body that is elsewhere.
  request_.body.clear();
  request_.headers = {{"X-Amz-Content-SHA256", hash->second}};
  const Headers given = Sign({.content_sha256_header = true}).value();
  EXPECT_EQ(given.at(0), headers.at(0));
  EXPECT_THAT(given, Not(Contains(Key("x-amz-content-sha256"))));
  // Services read it as the hash of the body, which must be one.
  for (const std::string& bad : {hash->second + " ", std::string()}) {
    request_.headers = {{"X-Amz-Content-SHA256", bad}};
    EXPECT_EQ(Sign().status().code(), StatusCode::kInvalidArgument) << bad;
  }
}

TEST_F(SignerTest, LeavesOutWhatProxiesChange) {
  request_.headers = {{"User-Agent", "x"},
                      {"Expect", "x"},
                      {"X-Amzn-Trace-Id", "x"},
                      {"Connection", "x"},
                      {"Transfer-Encoding", "x"},
                      {"Authorization", "x"},
                      {"X-Kept", "x"}};
  EXPECT_EQ(SignedHeaders(Sign().value()), "host;x-amz-date;x-kept");
}

TEST_F(SignerTest, UrlHasTheWholeSignature) {
  request_.path = "/a%20b";
  request_.query = "Action=ListUsers";
  credentials_.session_token = "to/ken";
  EXPECT_THAT(
      Presign(std::chrono::hours(1)).value(),
      AllOf(StartsWith("https://example.amazonaws.com/a%20b?Action=ListUsers&"
                       "X-Amz-Algorithm=AWS4-HMAC-SHA256&X-Amz-Credential="
                       "AKIDEXAMPLE%2F20150830%2Fus-east-1%2Fservice%2Faws4_request&"
                       "X-Amz-Date=20150830T123600Z&X-Amz-Expires=3600&X-Amz-SignedHeaders=host&"
                       "X-Amz-Security-Token=to%2Fken&X-Amz-Signature="),
            Not(HasSubstr(kSecret))));
}

TEST_F(SignerTest, UrlLivesFromASecondToAWeek) {
  EXPECT_TRUE(Presign(std::chrono::seconds(1)).ok());
  EXPECT_TRUE(Presign(std::chrono::days(7)).ok());
  for (const std::chrono::seconds lifetime :
       {std::chrono::seconds(0), std::chrono::seconds(-1), std::chrono::seconds(604801)}) {
    EXPECT_EQ(Presign(lifetime).status().code(), StatusCode::kInvalidArgument) << lifetime.count();
  }
}

TEST_F(SignerTest, UrlTakesNothingThatClientsWouldEncode) {
  request_.path = "/a b";
  EXPECT_TRUE(Sign().ok());
  EXPECT_EQ(Presign(std::chrono::hours(1)).status().code(), StatusCode::kInvalidArgument);
  request_.path = "/";
  request_.query = "a=\xc3\xa9";
  EXPECT_EQ(Presign(std::chrono::hours(1)).status().code(), StatusCode::kInvalidArgument);
}

TEST(SignerMake, NamesWhatIsNoRegionOnOneLine) {
  EXPECT_EQ(Signer::Make("eu west\n1", "sqs").status().message(),
            "region \"eu west?1\" is no region");
  EXPECT_EQ(Signer::Make("eu-west-1", std::string(1000, '/')).status().message(),
            "service \"" + std::string(64, '/') + "...\" is no service's signing name");
}

TEST(SignerMake, RegionAndServiceGoIntoAHeader) {
  for (const char* bad : {"", "us east", "us-east-1\r\nx: y", "a/b", "a.b", "é"}) {
    EXPECT_EQ(Signer::Make(bad, "sqs").status().code(), StatusCode::kInvalidArgument) << bad;
    EXPECT_EQ(Signer::Make("us-east-1", bad).status().code(), StatusCode::kInvalidArgument) << bad;
  }
  EXPECT_TRUE(Signer::Make(std::string(128, 'a'), "sqs").ok());
  EXPECT_EQ(Signer::Make(std::string(129, 'a'), "sqs").status().code(),
            StatusCode::kInvalidArgument);
}

struct BadRequest {
  const char* name;
  void (*spoil)(SigningRequest&, Credentials&);
  const char* message;
};

class BadRequests : public SignerTest, public ::testing::WithParamInterface<BadRequest> {};

TEST_P(BadRequests, AreRefused) {
  GetParam().spoil(request_, credentials_);
  const Status status = Sign().status();
  EXPECT_EQ(status.code(), StatusCode::kInvalidArgument);
  EXPECT_THAT(status.message(), AllOf(HasSubstr(GetParam().message), Not(HasSubstr("hidden"))));
  EXPECT_EQ(Presign(std::chrono::hours(1)).status().code(), StatusCode::kInvalidArgument);
}

INSTANTIATE_TEST_SUITE_P(
    Signer, BadRequests,
    ::testing::Values(
        BadRequest{"Method", [](auto& r, auto&) { r.method = "GET / HTTP/1.1\r\n"; }, "method"},
        BadRequest{"NoMethod", [](auto& r, auto&) { r.method = ""; }, "method"},
        BadRequest{"NoHost", [](auto& r, auto&) { r.host = ""; }, "host"},
        BadRequest{"HostWithPath", [](auto& r, auto&) { r.host = "a/b"; }, "host"},
        BadRequest{"HostWithUser", [](auto& r, auto&) { r.host = "me@example.com"; }, "host"},
        BadRequest{"HostWithLine", [](auto& r, auto&) { r.host = "a\nb"; }, "host"},
        BadRequest{"RelativePath", [](auto& r, auto&) { r.path = "a"; }, "path"},
        BadRequest{"PathWithQuery", [](auto& r, auto&) { r.path = "/a?b"; }, "path"},
        BadRequest{"PathWithLine", [](auto& r, auto&) { r.path = "/a\r\nb"; }, "path"},
        BadRequest{"QueryWithFragment", [](auto& r, auto&) { r.query = "a#b"; }, "query"},
        BadRequest{"QueryWithPlus", [](auto& r, auto&) { r.query = "a=b+c"; }, "'+'"},
        BadRequest{"QueryWithBadEscape", [](auto& r, auto&) { r.query = "a=%2"; }, "'%'"},
        BadRequest{"OwnParameter", [](auto& r, auto&) { r.query = "a=b&X-Amz-Expires=9"; },
                   "X-Amz-Expires comes from the signer"},
        BadRequest{"OwnSignature", [](auto& r, auto&) { r.query = "X%2DAmz-Signature"; },
                   "X-Amz-Signature comes from the signer"},
        BadRequest{"HeaderName", [](auto& r, auto&) { r.headers = {{"a b", ""}}; }, "token"},
        BadRequest{"HeaderValue", [](auto& r, auto&) { r.headers = {{"a", "x\r\nhidden: y"}}; },
                   "header a"},
        BadRequest{"OwnHost", [](auto& r, auto&) { r.headers = {{"Host", "x"}}; }, "signer"},
        BadRequest{"OwnDate", [](auto& r, auto&) { r.headers = {{"X-Amz-Date", "x"}}; }, "signer"},
        BadRequest{"OwnToken", [](auto& r, auto&) { r.headers = {{"X-Amz-Security-Token", "x"}}; },
                   "signer"},
        BadRequest{"ManyHeaders",
                   [](auto& r, auto&) { r.headers.assign(257, std::pair("a", "b")); }, "many"},
        BadRequest{"NoKey", [](auto&, auto& c) { c.access_key_id = ""; }, "access key id"},
        BadRequest{"KeyWithSlash", [](auto&, auto& c) { c.access_key_id = "hidden/x"; },
                   "access key id"},
        BadRequest{"KeyWithLine", [](auto&, auto& c) { c.access_key_id = "hidden\nx"; },
                   "access key id"},
        BadRequest{"NoSecret", [](auto&, auto& c) { c.secret_access_key = ""; }, "secret"},
        BadRequest{"TokenWithLine", [](auto&, auto& c) { c.session_token = "hidden\r\nx: y"; },
                   "session token"}),
    [](const auto& bad) { return std::string(bad.param.name); });

TEST(SigningKeysTest, DeriveOncePerDaySecretRegionAndService) {
  SigningKeys keys(8);
  const CredentialScope scope{"20150830", "us-east-1", "iam"};
  const auto sign = [&](std::string_view secret, const CredentialScope& of) {
    return std::string(View(keys.Sign(secret, of, "text").value()));
  };
  const std::string first = sign(kSecret, scope);
  EXPECT_EQ(sign(kSecret, scope), first);
  EXPECT_EQ(keys.derived(), 1u);
  const std::vector<std::string> others = {sign("other", scope),
                                           sign(kSecret, {"20150831", "us-east-1", "iam"}),
                                           sign(kSecret, {"20150830", "us-east-2", "iam"}),
                                           sign(kSecret, {"20150830", "us-east-1", "sqs"})};
  EXPECT_THAT(others, Not(Contains(first)));
  EXPECT_EQ(keys.derived(), 5u);
  EXPECT_EQ(sign(kSecret, scope), first);
  EXPECT_EQ(keys.derived(), 5u);
}

TEST(SigningKeysTest, ForgetTheOneUsedLongestAgo) {
  SigningKeys keys(2);
  const auto sign = [&](std::string_view day) { (void)keys.Sign("s", {day, "r", "s"}, "text"); };
  sign("1"), sign("2"), sign("1"), sign("3");  // 2 goes
  EXPECT_EQ(keys.derived(), 3u);
  sign("1");
  EXPECT_EQ(keys.derived(), 3u);
  sign("2");
  EXPECT_EQ(keys.derived(), 4u);
}

TEST_F(SignerTest, ThreadsMayShareOne) {
  const auto signer = Signer::Make("us-east-1", "service").value();
  const Headers expected = Sign().value();
  std::vector<std::thread> threads;
  for (int i = 0; i < 4; ++i) {
    threads.emplace_back([&, i] {
      const Credentials other("AKIDOTHER", "another secret");
      for (int k = 0; k < 100; ++k) {
        if (i % 2 == 0) {
          EXPECT_EQ(signer->Sign(request_, credentials_, time_).value(), expected);
        } else {  // keeps the other's key from staying
          EXPECT_NE(signer->Sign(request_, other, time_).value(), expected);
        }
      }
    });
  }
  for (std::thread& thread : threads) thread.join();
}

TEST(AmzTimeTest, ReadsWhatItWrites) {
  for (const char* text : {"19700101T000000Z", "20000229T235959Z", "20261231T235959Z"}) {
    EXPECT_EQ(AmzTime::From(ParseAmzTime(text).value())->text(), text);
  }
  EXPECT_EQ(AmzTime::From(WallTime(std::chrono::milliseconds(-1)))->text(), "19691231T235959Z");
  for (const char* text : {"", "20010229T000000Z", "20000229T240000Z", "20000229T006000Z",
                           "20000229t000000Z", "20000229T000000z", "+0000229T000000Z",
                           "20000229T000000Z ", "16770101T000000Z", "22620101T000000Z"}) {
    EXPECT_FALSE(ParseAmzTime(text).has_value()) << text;
  }
}

}  // namespace
}  // namespace gsh::aws
