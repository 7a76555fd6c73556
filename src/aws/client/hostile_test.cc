// What a broken or malicious service, or a proxy before it, can do to a client.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <atomic>
#include <chrono>
#include <string>
#include <utility>

#include "src/aws/client/service_client.h"
#include "src/aws/client/service_fixture.h"
#include "src/aws/gamelift/operations.h"
#include "src/core/await.h"
#include "src/http/client/raw_server.h"

namespace gsh::aws {
namespace {

using http::RawConnection;
using http::RawServer;
using std::chrono::milliseconds;
using ::testing::HasSubstr;
using testing::IsOk;
using ::testing::Not;
using testing::StatusIs;

constexpr const Service& kService = gamelift::kGameLift;
constexpr const rpc::Method& kList = gamelift::kListGameServers;
constexpr const rpc::Method& kClaim = gamelift::kClaimGameServer;

StatusOr<std::string> Ask(const RawServer& server, const rpc::Method& method,
                          milliseconds attempt_timeout = std::chrono::seconds(10)) {
  const FakeService defaults;
  AwsOptions options = defaults.options();
  options.endpoint_url = "http://" + server.endpoint();
  options.attempt_timeout = attempt_timeout;
  options.max_response_bytes = 1000;
  const auto client = ServiceClient::Make(options, kService);
  EXPECT_THAT(client, IsOk());
  return internal::Await<StatusOr<std::string>>(
      {.timeout = std::chrono::seconds(20)}, [&](CallOptions inner, auto done) {
        (*client)->CallAsync(method, "{}", std::move(inner), std::move(done));
      });
}

TEST(Hostile, ResetsAreRepeatedAndClaimsAreNot) {
  for (const rpc::Method& method : {kList, kClaim}) {
    std::atomic<int> requests = 0;
    const RawServer server([&](RawConnection& connection) {
      if (connection.ReadRequest().empty()) return;
      if (++requests < 3) return connection.ResetOnClose();
      connection.Answer("{}");
    });
    const auto answer = Ask(server, method);
    if (method.idempotency == rpc::Idempotency::kOnce) {
      EXPECT_THAT(answer, StatusIs(StatusCode::kUnavailable));
      EXPECT_EQ(answer.status().info()->retry_stop, RetryStop::kNotIdempotent);
      EXPECT_EQ(requests, 1);
    } else {
      EXPECT_THAT(answer, IsOk());
      EXPECT_EQ(requests, 3);
    }
  }
}

TEST(Hostile, HalfAnswersAreErrors) {
  for (const char* half :
       {"HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\n{", "HTTP/1.1 200 OK\r\nCo",
        "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\n{}"}) {
    const RawServer server([&](RawConnection& connection) {
      connection.ReadRequest();
      connection.Send(half);
    });
    EXPECT_FALSE(Ask(server, kClaim).ok()) << half;
  }
}

TEST(Hostile, AServiceThatNeverAnswersTakesOneAttemptsTime) {
  std::atomic<int> requests = 0;
  const RawServer server([&](RawConnection& connection) {
    connection.ReadRequest();
    if (++requests == 1) return connection.WaitForClose();
    connection.Answer("{}");
  });
  EXPECT_THAT(Ask(server, kList, milliseconds(200)), IsOk());
  EXPECT_EQ(requests, 2);
}

TEST(Hostile, WhatIsNoHttpIsAnError) {
  for (const char* nonsense : {"SSH-2.0-x\r\n", "HTTP/9.9 xyz\r\n\r\n", "\r\n\r\n\r\n"}) {
    const RawServer server([&](RawConnection& connection) {
      connection.ReadRequest();
      connection.Send(nonsense);
    });
    EXPECT_FALSE(Ask(server, kList).ok()) << nonsense;
  }
}

TEST(Hostile, BodiesAreBoundedWhateverTheirLengthSays) {
  const RawServer server([&](RawConnection& connection) {
    connection.ReadRequest();
    connection.Send("HTTP/1.1 400 Bad\r\nTransfer-Encoding: chunked\r\n\r\n");
    while (connection.Send("400\r\n" + std::string(1024, 'x') + "\r\n")) {
    }
  });
  EXPECT_THAT(Ask(server, kList), StatusIs(StatusCode::kResourceExhausted));
}

TEST(Hostile, SecretsThatComeBackInErrorsAreNotTold) {
  const RawServer server([](RawConnection& connection) {
    const std::string request = connection.ReadRequest();
    EXPECT_THAT(request, HasSubstr("x-amz-security-token: token"));
    EXPECT_THAT(request, Not(HasSubstr("secret")));
    const std::string body =
        R"({"__type":"SignatureDoesNotMatch","message":"no match\nx-amz-security-token:token"})";
    connection.Answer(body, "403 Forbidden");
  });
  const auto answer = Ask(server, kList);
  EXPECT_THAT(answer.status().ToString(), Not(HasSubstr("token")));
}

}  // namespace
}  // namespace gsh::aws
