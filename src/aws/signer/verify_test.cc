#include "src/aws/signer/verify.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <string>
#include <thread>
#include <vector>

#include "src/aws/signer/amz_time.h"
#include "src/http/client/headers.h"

namespace gsh::aws {
namespace {

using ::testing::HasSubstr;
using ::testing::StartsWith;

constexpr char kId[] = "AKIDEXAMPLE";
constexpr char kSecret[] = "wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY";

WallTime At(std::string_view text) { return ParseAmzTime(text).value(); }

// A request as a client would send it, and the server that checks it.
class Verify : public ::testing::Test {
 protected:
  void Sign() { Send(Signer::Make("eu-west-1", "sqs", signing_).value()); }

  void Send(const std::unique_ptr<Signer>& signer) {
    headers_ = request_.headers;
    headers_.emplace_back("Host", request_.host);
    const auto added = signer->Sign(request_, credentials_, signed_at_).value();
    headers_.insert(headers_.end(), added.begin(), added.end());
    path_ = request_.path;
    query_ = request_.query;
    body_ = request_.body;
  }

  void Presign(std::chrono::seconds lifetime = std::chrono::minutes(10)) {
    const std::string url = Signer::Make("eu-west-1", "sqs", signing_)
                                .value()
                                ->Presign(request_, credentials_, signed_at_, lifetime)
                                .value();
    const std::string target = url.substr(url.find('/', std::string_view("https://").size()));
    headers_ = request_.headers;
    headers_.emplace_back("Host", request_.host);
    path_ = target.substr(0, target.find('?'));
    query_ = target.substr(target.find('?') + 1);
    body_ = request_.body;
  }

  AuthVerdict Check() {
    RequestVerifier verifier({.service = "sqs",
                              .region = "eu-west-1",
                              .find_key =
                                  [this](std::string_view id) {
                                    return id == kId ? std::optional(known_) : std::nullopt;
                                  },
                              .signing = signing_});
    return verifier.Verify({request_.method, path_, query_, headers_, body_}, now_);
  }

  std::string& Header(std::string_view name) {
    return std::ranges::find_if(
               headers_,
               [name](const auto& header) { return http::SameFieldName(header.first, name); })
        ->second;
  }
  void Erase(std::string_view name) {
    std::erase_if(headers_,
                  [name](const auto& header) { return http::SameFieldName(header.first, name); });
  }
  static void Replace(std::string& text, std::string_view from, std::string_view to) {
    const std::size_t at = text.find(from);
    ASSERT_NE(at, text.npos) << from << " in " << text;
    text.replace(at, from.size(), to);
  }

  SigningOptions signing_ = {};
  SigningRequest request_ = {.method = "POST",
                             .host = "sqs.eu-west-1.amazonaws.com",
                             .path = "/000000000000/a%20queue",
                             .query = "b=2&a=1",
                             .headers = {{"Content-Type", "application/x-amz-json-1.0"},
                                         {"X-Amz-Target", "AmazonSQS.SendMessage"}},
                             .body = R"({"MessageBody":"hello"})"};
  Credentials credentials_ = Credentials(kId, kSecret);
  KnownKey known_ = {.secret_access_key = kSecret};
  WallTime signed_at_ = At("20261122T120000Z");
  WallTime now_ = At("20261122T120130Z");

  std::string path_, query_, body_;
  std::vector<std::pair<std::string, std::string>> headers_;
};

TEST_F(Verify, TakesWhatWasSigned) {
  Sign();
  const AuthVerdict verdict = Check();
  EXPECT_TRUE(verdict.ok()) << verdict.message;
  EXPECT_EQ(verdict.access_key_id, kId);
  EXPECT_EQ(verdict.region, "eu-west-1");
  EXPECT_FALSE(verdict.presigned);
}

TEST_F(Verify, TakesPresignedUrls) {
  Presign();
  const AuthVerdict verdict = Check();
  EXPECT_TRUE(verdict.ok()) << verdict.message;
  EXPECT_TRUE(verdict.presigned);
  EXPECT_EQ(verdict.access_key_id, kId);
}

TEST_F(Verify, TakesTemporaryCredentials) {
  credentials_.session_token = known_.session_token = "FwoGZXIvYXdz//+=";
  known_.expiration = now_ + std::chrono::seconds(1);
  Sign();
  EXPECT_TRUE(Check().ok());
  Presign();
  EXPECT_TRUE(Check().ok());
}

TEST_F(Verify, TakesSignedContentHashes) {
  signing_.content_sha256_header = true;
  Sign();
  EXPECT_TRUE(Check().ok());
}

TEST_F(Verify, UnsignedIsMissingAuthenticationToken) {
  Sign();
  Erase("authorization");
  EXPECT_EQ(Check().error, AuthError::kMissingAuthenticationToken);
}

TEST_F(Verify, NamesWhatTheHeaderMisses) {
  Sign();
  Header("authorization") = "AWS4-HMAC-SHA256 SignedHeaders=host";
  Erase("x-amz-date");
  const AuthVerdict verdict = Check();
  EXPECT_EQ(verdict.error, AuthError::kIncompleteSignature);
  EXPECT_EQ(verdict.message,
            "Authorization header requires 'Credential' parameter. Authorization header requires "
            "'Signature' parameter. Authorization header requires a 'X-Amz-Date' header.");
}

TEST_F(Verify, RefusesHeadersThatCannotBeRead) {
  Sign();
  const std::string good = Header("authorization");
  for (const char* bad :
       {"", "AWS4-HMAC-SHA256", "Bearer abc", "AWS4-HMAC-SHA512 Credential=a/b/c/d/e",
        "AWS4-HMAC-SHA256 nothing",
        "AWS4-HMAC-SHA256 Credential=a/b, SignedHeaders=host, Signature=c",
        "AWS4-HMAC-SHA256 Credential=a//c/d/e, SignedHeaders=host, Signature=c"}) {
    Header("authorization") = bad;
    EXPECT_EQ(Check().error, AuthError::kIncompleteSignature) << bad;
  }
  Header("authorization") = good + ", Signature=" + std::string(64, '0');
  EXPECT_EQ(Check().error, AuthError::kIncompleteSignature);
  Header("authorization") = good;
  headers_.emplace_back("Authorization", good);
  EXPECT_EQ(Check().error, AuthError::kIncompleteSignature);
}

TEST_F(Verify, RefusesTwoSignaturesAtOnce) {
  Presign();
  headers_.emplace_back("Authorization", "AWS4-HMAC-SHA256 Credential=x");
  EXPECT_EQ(Check().error, AuthError::kIncompleteSignature);
}

TEST_F(Verify, UnknownKeyIsInvalidToken) {
  credentials_.access_key_id = "AKIDOTHER";
  Sign();
  const AuthVerdict verdict = Check();
  EXPECT_EQ(verdict.error, AuthError::kUnknownKey);
  EXPECT_EQ(verdict.message, "The security token included in the request is invalid.");
}

TEST_F(Verify, SessionTokenMustBeTheKeys) {
  known_.session_token = "right";
  for (const char* token : {"", "wrong", "right "}) {
    credentials_.session_token.clear();
    request_.headers.resize(2);
    Sign();
    if (*token != '\0') headers_.emplace_back("x-amz-security-token", token);
    EXPECT_EQ(Check().error, AuthError::kUnknownKey) << token;
  }
  known_.session_token.clear();
  credentials_.session_token = "one-too-many";
  Sign();
  EXPECT_EQ(Check().error, AuthError::kUnknownKey);
}

TEST_F(Verify, ExpiredTokenIsSaidSo) {
  credentials_.session_token = known_.session_token = "token";
  known_.expiration = now_;
  Sign();
  EXPECT_EQ(Check().error, AuthError::kExpiredToken);
}

TEST_F(Verify, WrongSecretDoesNotMatch) {
  known_.secret_access_key.back() = 'z';
  Sign();
  EXPECT_EQ(Check().error, AuthError::kSignatureDoesNotMatch);
  Presign();
  EXPECT_EQ(Check().error, AuthError::kSignatureDoesNotMatch);
}

TEST_F(Verify, TamperedBodyDoesNotMatch) {
  Sign();
  body_ += ' ';
  EXPECT_EQ(Check().error, AuthError::kSignatureDoesNotMatch);
  signing_.content_sha256_header = true;
  Sign();
  body_ += ' ';
  EXPECT_THAT(Check().message, HasSubstr("x-amz-content-sha256"));
  EXPECT_EQ(Check().error, AuthError::kSignatureDoesNotMatch);
}

TEST_F(Verify, TamperedRequestDoesNotMatch) {
  const auto refused = [&] { return Check().error == AuthError::kSignatureDoesNotMatch; };
  Sign(), path_ += 'x';
  EXPECT_TRUE(refused());
  Sign(), query_ += "&c=3";
  EXPECT_TRUE(refused());
  Sign(), Header("X-Amz-Target") = "AmazonSQS.DeleteQueue";
  EXPECT_TRUE(refused());
  Sign(), Header("Host") = "example.com";
  EXPECT_TRUE(refused());
  Sign(), Erase("X-Amz-Target");
  EXPECT_TRUE(refused());
  Sign(), headers_.emplace_back("X-Amz-Target", "AmazonSQS.DeleteQueue");
  EXPECT_TRUE(refused());
  Sign(), request_.method = "PUT";
  EXPECT_TRUE(refused());
}

TEST_F(Verify, EveryAmzHeaderMustBeSigned) {
  Sign();
  headers_.emplace_back("X-Amz-Meta", "new");
  EXPECT_THAT(Check().message, StartsWith("'X-Amz-Meta' must be a 'SignedHeader'"));
  Erase("X-Amz-Meta");
  headers_.emplace_back("X-Amz-User-Agent", "aws-sdk-rust");
  headers_.emplace_back("X-Amzn-Trace-Id", "Root=1");
  EXPECT_TRUE(Check().ok());
}

TEST_F(Verify, HostMustBeSigned) {
  Sign();
  Replace(Header("authorization"), "host;", "");
  EXPECT_THAT(Check().message, StartsWith("'Host' or ':authority' must be"));
}

TEST_F(Verify, ListOfSignedHeadersIsPartOfTheSignature) {
  for (const char* list : {"content-type;host;x-amz-date;x-amz-target;x-more",
                           "host;content-type;x-amz-date;x-amz-target",
                           "content-type;host;host;x-amz-date;x-amz-target",
                           "Content-Type;host;x-amz-date;x-amz-target"}) {
    Sign();
    Replace(Header("authorization"), "content-type;host;x-amz-date;x-amz-target", list);
    EXPECT_EQ(Check().error, AuthError::kSignatureDoesNotMatch) << list;
  }
}

TEST_F(Verify, ListOfSignedHeadersIsBounded) {
  Sign();
  std::string list = "host";
  for (int i = 0; i < 256; ++i) list += ";x";
  Replace(Header("authorization"), "content-type;host;x-amz-date;x-amz-target", list);
  EXPECT_EQ(Check().message, "Too many headers are signed");
}

TEST_F(Verify, ScopeMustBeTheServices) {
  Send(Signer::Make("us-east-1", "sqs").value());
  EXPECT_EQ(Check().message, "Credential should be scoped to a valid region.");
  Send(Signer::Make("eu-west-1", "sns").value());
  EXPECT_EQ(Check().message, "Credential should be scoped to correct service: 'sqs'.");
  Sign();
  Replace(Header("authorization"), "aws4_request", "aws5_request");
  EXPECT_EQ(Check().message,
            "Credential should be scoped with a valid terminator: 'aws4_request'.");
  Sign();
  Replace(Header("authorization"), "20261122", "20261121");
  EXPECT_THAT(Check().message, StartsWith("Date in Credential scope does not match"));
}

TEST_F(Verify, ClocksMayBeFiveMinutesApart) {
  Sign();
  now_ = signed_at_ + std::chrono::minutes(5);
  EXPECT_TRUE(Check().ok());
  now_ += std::chrono::seconds(1);
  EXPECT_EQ(Check().error, AuthError::kSignatureDoesNotMatch);
  EXPECT_EQ(Check().message,
            "Signature expired: 20261122T120000Z is now earlier than 20261122T120001Z "
            "(20261122T120501Z - 5 min.)");
  now_ = signed_at_ - std::chrono::minutes(5);
  EXPECT_TRUE(Check().ok());
  now_ -= std::chrono::seconds(1);
  EXPECT_EQ(Check().message,
            "Signature not yet current: 20261122T120000Z is still later than 20261122T115959Z "
            "(20261122T115459Z + 5 min.)");
}

TEST_F(Verify, DateMustBeBasicFormat) {
  for (const char* date : {"", "2026-11-22T12:00:00Z", "20261122T120000", "20261322T120000Z",
                           "20261122T250000Z", "20261122T12000xZ"}) {
    Sign();
    Header("x-amz-date") = date;
    EXPECT_FALSE(Check().ok()) << date;
  }
  Sign();
  Header("x-amz-date") = "20261122T1200xxZ";
  EXPECT_EQ(Check().error, AuthError::kIncompleteSignature);
}

TEST_F(Verify, PresignedUrlsExpire) {
  Presign(std::chrono::minutes(10));
  now_ = signed_at_ + std::chrono::minutes(10) - std::chrono::seconds(1);
  EXPECT_TRUE(Check().ok());
  now_ += std::chrono::seconds(1);
  EXPECT_EQ(Check().error, AuthError::kRequestExpired);
  now_ = signed_at_ - std::chrono::minutes(6);
  EXPECT_EQ(Check().error, AuthError::kSignatureDoesNotMatch);
}

TEST_F(Verify, PresignedUrlsCannotBeProlonged) {
  Presign(std::chrono::minutes(10));
  Replace(query_, "X-Amz-Expires=600", "X-Amz-Expires=6000");
  EXPECT_EQ(Check().error, AuthError::kSignatureDoesNotMatch);
  for (const char* lifetime : {"0", "-1", "604801", "x", "", "600x", "99999999999999999999"}) {
    Presign(std::chrono::minutes(10));
    Replace(query_, "X-Amz-Expires=600", std::string("X-Amz-Expires=") + lifetime);
    EXPECT_EQ(Check().error, AuthError::kIncompleteSignature) << lifetime;
  }
}

TEST_F(Verify, NamesWhatTheUrlMisses) {
  for (const char* name : {"X-Amz-Credential", "X-Amz-Date", "X-Amz-Expires", "X-Amz-SignedHeaders",
                           "X-Amz-Signature", "X-Amz-Algorithm"}) {
    Presign();
    Replace(query_, std::string(name) + "=", "Y=");
    const AuthVerdict verdict = Check();
    EXPECT_EQ(verdict.error, AuthError::kIncompleteSignature) << name;
    EXPECT_THAT(verdict.message, HasSubstr(name));
  }
}

TEST_F(Verify, ParametersOfTheSignatureComeOnce) {
  Presign();
  query_ += "&X-Amz-Expires=604800";
  EXPECT_EQ(Check().error, AuthError::kIncompleteSignature);
  Presign();
  query_ += "&X%2DAmz-Signature=0";
  EXPECT_EQ(Check().error, AuthError::kIncompleteSignature);
}

TEST_F(Verify, PayloadsMayBeUnsignedWhereTheServiceSaysSo) {
  signing_.unsigned_payload = true;
  Sign();
  body_ = "anything";
  EXPECT_TRUE(Check().ok());
  Presign();
  body_ = "anything";
  EXPECT_TRUE(Check().ok());
  Sign();
  signing_.unsigned_payload = false;
  EXPECT_EQ(Check().error, AuthError::kSignatureDoesNotMatch);
}

TEST_F(Verify, ThreadsMayShareIt) {
  Sign();
  RequestVerifier verifier(
      {.service = "sqs", .find_key = [this](std::string_view) { return std::optional(known_); }});
  std::vector<std::thread> threads;
  for (int i = 0; i < 4; ++i) {
    threads.emplace_back([&] {
      for (int k = 0; k < 50; ++k) {
        EXPECT_TRUE(verifier.Verify({request_.method, path_, query_, headers_, body_}, now_).ok());
      }
    });
  }
  for (std::thread& thread : threads) thread.join();
}

TEST(AuthErrors, AreNamedAsTheProtocolDoes) {
  EXPECT_EQ(AuthErrorName(AuthError::kNone, Protocol::kQuery), "");
  EXPECT_EQ(AuthErrorName(AuthError::kUnknownKey, Protocol::kQuery), "InvalidClientTokenId");
  EXPECT_EQ(AuthErrorName(AuthError::kUnknownKey, Protocol::kJson11),
            "UnrecognizedClientException");
  EXPECT_EQ(AuthErrorName(AuthError::kSignatureDoesNotMatch, Protocol::kJson10),
            "InvalidSignatureException");
  EXPECT_EQ(AuthErrorHttpStatus(AuthError::kSignatureDoesNotMatch, Protocol::kQuery), 403);
  EXPECT_EQ(AuthErrorHttpStatus(AuthError::kRequestExpired, Protocol::kQuery), 400);
  EXPECT_EQ(AuthErrorHttpStatus(AuthError::kUnknownKey, Protocol::kJson11), 400);
}

}  // namespace
}  // namespace gsh::aws
