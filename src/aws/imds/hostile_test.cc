// A metadata service that is absent, slow, wrong or cut off.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <atomic>
#include <chrono>
#include <future>
#include <latch>
#include <map>
#include <stop_token>

#include "gsh/aws/instance_metadata.h"
#include "gsh/testing/matchers.h"
#include "src/aws/imds/fake_service.h"
#include "src/http/client/raw_server.h"

namespace gsh::aws {
namespace {

using ::gsh::testing::FakeEnv;
using Variables = std::map<std::string, std::string>;
using ::gsh::testing::IsOk;
using ::gsh::testing::RecordingLog;
using ::gsh::testing::StatusIs;
using http::RawConnection;
using http::RawServer;
using ::testing::AllOf;
using ::testing::Each;
using ::testing::HasSubstr;
using ::testing::Not;
using ::testing::StartsWith;

constexpr char kId[] = "/latest/meta-data/instance-id";

std::unique_ptr<InstanceMetadata> Make(const InstanceMetadataOptions& options) {
  auto made = MakeInstanceMetadata(options);
  EXPECT_THAT(made, IsOk());
  return *std::move(made);
}

InstanceMetadataOptions OptionsFor(const RawServer& server) {
  static const FakeEnv env;
  return {.endpoint_url = "http://" + server.endpoint(),
          .attempt_timeout = std::chrono::seconds(20),
          .retry = {.max_attempts = 3, .initial_backoff = Duration(0), .max_backoff = Duration(0)},
          .timeout = std::chrono::seconds(60),
          .env = &env};
}

// Gives a token, and to other requests what `answer` does.
RawServer::Serve AfterToken(std::function<void(RawConnection&)> answer) {
  return [answer = std::move(answer)](RawConnection& connection) {
    for (;;) {
      const std::string request = connection.ReadRequest();
      if (request.empty()) return;
      if (!request.starts_with("PUT")) return answer(connection);
      connection.Answer("token-1");
    }
  };
}

TEST(HostileMetadataTest, NothingAnswers) {
  std::string endpoint;
  {
    RawServer gone([](RawConnection&) {});
    endpoint = gone.endpoint();
  }
  RawServer other([](RawConnection&) {});
  auto options = OptionsFor(other);
  options.endpoint_url = "http://" + endpoint;
  EXPECT_THAT(Make(options)->InstanceId(),
              StatusIs(StatusCode::kUnavailable,
                       AllOf(HasSubstr("no session token"), HasSubstr("no EC2 instance"))));
}

TEST(HostileMetadataTest, TheTokensAnswerIsLostOnItsWay) {
  RawServer server([](RawConnection& connection) {
    connection.ReadRequest();
    connection.WaitForClose();
  });
  auto options = OptionsFor(server);
  options.attempt_timeout = std::chrono::milliseconds(30);
  const auto id = Make(options)->InstanceId();
  EXPECT_THAT(id, StatusIs(StatusCode::kDeadlineExceeded, HasSubstr("HttpPutResponseHopLimit")));
  EXPECT_EQ(server.connections(), 3);  // tried three times, not nine
}

TEST(HostileMetadataTest, ACallThatCannotWaitForAllAttemptsIsExplainedToo) {
  RawServer server([](RawConnection& connection) {
    connection.ReadRequest();
    connection.WaitForClose();
  });
  auto options = OptionsFor(server);
  options.attempt_timeout = std::chrono::milliseconds(30);
  options.retry = {.max_attempts = 1000, .initial_backoff = Duration(0)};
  const auto id = Make(options)->InstanceId({.timeout = std::chrono::milliseconds(300)});
  EXPECT_THAT(id, StatusIs(StatusCode::kDeadlineExceeded, HasSubstr("HttpPutResponseHopLimit")));
  EXPECT_EQ(id.status().info()->name, "NO_TOKEN");
}

TEST(HostileMetadataTest, RefusalsAreExplained) {
  FakeService service;
  service.Set(kId, "i-1");
  service.RefuseTokens(403);
  EXPECT_THAT(Make(service.Options())->InstanceId(),
              StatusIs(StatusCode::kPermissionDenied,
                       AllOf(HasSubstr("switched off"), HasSubstr("X-Forwarded-For"))));
  service.RefuseTokens(404);
  EXPECT_THAT(Make(service.Options())->InstanceId(),
              StatusIs(StatusCode::kFailedPrecondition, HasSubstr("allow_v1")));
}

TEST(HostileMetadataTest, NoTokenIsNoMissingAnswer) {
  FakeService service;
  service.RefuseTokens(404);
  auto imds = Make(service.Options());
  // Where the token is refused with 404, nobody knows whether there is a notice.
  EXPECT_THAT(imds->SpotAction(), Not(IsOk()));
}

TEST(HostileMetadataTest, VersionOneOnlyWhenAskedFor) {
  FakeService service;
  service.Set(kId, "i-1");
  for (const int code : {403, 404, 405, 501}) {
    service.RefuseTokens(code);
    EXPECT_THAT(Make(service.Options())->InstanceId(), Not(IsOk())) << code;
    auto options = service.Options();
    options.allow_v1 = true;
    EXPECT_EQ(Make(options)->InstanceId().value(), "i-1") << code;
  }
}

TEST(HostileMetadataTest, WhatIsNoTokenIsNotSent) {
  for (const std::string& token :
       {std::string(), std::string("a\r\nX-Evil: 1"), std::string("a b"), std::string(5000, 'a'),
        std::string("\x7f"), std::string("\xff")}) {
    std::atomic<int> requests = 0;
    RawServer server([&](RawConnection& connection) {
      while (!connection.ReadRequest().empty()) {
        ++requests;
        connection.Answer(token);
      }
    });
    EXPECT_THAT(Make(OptionsFor(server))->InstanceId(),
                StatusIs(StatusCode::kInternal, HasSubstr("what came is no token")));
    EXPECT_EQ(requests, 1);
  }
}

TEST(HostileMetadataTest, CutAndSlowAnswersAreRepeated) {
  std::atomic<int> gets = 0;
  RawServer server(AfterToken([&](RawConnection& connection) {
    switch (++gets) {
      case 1:
        connection.ResetOnClose();
        connection.Send("HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\nabc");
        return;
      case 2:
        return connection.WaitForClose();
      default:
        connection.Answer("i-1");
    }
  }));
  auto options = OptionsFor(server);
  options.attempt_timeout = std::chrono::milliseconds(100);
  EXPECT_EQ(Make(options)->InstanceId().value(), "i-1");
  EXPECT_EQ(gets, 3);
}

TEST(HostileMetadataTest, RedirectsAreNotFollowed) {
  std::atomic<int> stolen = 0;
  RawServer thief([&](RawConnection& connection) {
    if (!connection.ReadRequest().empty()) ++stolen;
    connection.Answer("{}");
  });
  RawServer server(AfterToken([&](RawConnection& connection) {
    connection.Send("HTTP/1.1 302 Found\r\nLocation: http://" + thief.endpoint() +
                    "/\r\nContent-Length: 0\r\n\r\n");
  }));
  EXPECT_THAT(Make(OptionsFor(server))->IamCredentials(), Not(IsOk()));
  EXPECT_EQ(stolen, 0);
}

TEST(HostileMetadataTest, EndlessAnswersEnd) {
  RawServer server(AfterToken([](RawConnection& connection) {
    connection.Send("HTTP/1.1 200 OK\r\nContent-Length: 100000000\r\n\r\n");
    const std::string chunk(65536, 'a');
    while (connection.Send(chunk)) {
    }
  }));
  auto options = OptionsFor(server);
  options.max_response_bytes = 100'000;
  EXPECT_THAT(Make(options)->InstanceId(), StatusIs(StatusCode::kResourceExhausted));
}

TEST(HostileMetadataTest, AWholeCallKeepsItsDeadline) {
  RawServer server(AfterToken([](RawConnection& connection) { connection.WaitForClose(); }));
  const auto begin = std::chrono::steady_clock::now();
  EXPECT_THAT(Make(OptionsFor(server))->IamCredentials({.timeout = std::chrono::milliseconds(50)}),
              StatusIs(StatusCode::kDeadlineExceeded));
  EXPECT_LT(std::chrono::steady_clock::now() - begin, std::chrono::seconds(15));
}

TEST(HostileMetadataTest, DestructionEndsThoseWhoWaitForTheToken) {
  std::latch asked(1);
  RawServer server([&](RawConnection& connection) {
    connection.ReadRequest();
    asked.count_down();
    connection.WaitForClose();
  });
  auto imds = Make(OptionsFor(server));
  std::atomic<int> cancelled = 0;
  for (int i = 0; i < 3; ++i) {
    imds->IamCredentialsAsync({}, [&](const StatusOr<Credentials>& credentials) {
      cancelled += credentials.status().code() == StatusCode::kCancelled ? 1 : 0;
    });
  }
  asked.wait();
  imds.reset();
  EXPECT_EQ(cancelled, 3);
}

TEST(HostileMetadataTest, MayBeDestroyedFromItsOwnCallback) {
  FakeService service;
  service.RefuseTokens(403);
  for (const bool inside : {true, false}) {
    auto imds = Make(service.Options());
    std::promise<void> ended;
    CallOptions options;
    if (inside) options.executor = InlineExecutor();
    imds->InstanceIdAsync(options, [&](const StatusOr<std::string>&) {
      imds.reset();
      ended.set_value();
    });
    ended.get_future().wait();
  }
}

TEST(HostileMetadataTest, ACallerMayGiveUpWhileOthersWait) {
  std::latch asked(1);
  std::promise<void> go;
  auto may_go = go.get_future().share();
  RawServer server([&, may_go](RawConnection& connection) {
    while (!connection.ReadRequest().empty()) {
      asked.try_wait() ? void() : asked.count_down();
      may_go.wait();
      connection.Answer("token-1");
    }
  });
  auto imds = Make(OptionsFor(server));
  std::stop_source stop;
  std::promise<StatusOr<std::string>> first;
  std::promise<StatusOr<std::string>> second;
  imds->InstanceIdAsync({.stop = stop.get_token()}, [&](auto id) { first.set_value(id); });
  imds->InstanceIdAsync({}, [&](auto id) { second.set_value(id); });
  asked.wait();
  stop.request_stop();
  EXPECT_THAT(first.get_future().get(), StatusIs(StatusCode::kCancelled));
  go.set_value();
  EXPECT_EQ(second.get_future().get().value(), "token-1");
}

TEST(HostileMetadataTest, SwitchedOffByTheEnvironment) {
  FakeService service;
  service.Set(kId, "i-1");
  const FakeEnv env(Variables{{"AWS_EC2_METADATA_DISABLED", "TRUE"}});
  auto options = service.Options();
  options.env = &env;
  EXPECT_THAT(Make(options)->InstanceId(),
              StatusIs(StatusCode::kFailedPrecondition, HasSubstr("AWS_EC2_METADATA_DISABLED")));
  EXPECT_EQ(service.requests().size(), 0u);
}

TEST(HostileMetadataTest, BadOptionsAreNamed) {
  for (const char* name : {"AWS_METADATA_SERVICE_TIMEOUT", "AWS_METADATA_SERVICE_NUM_ATTEMPTS"}) {
    for (const char* value : {"0", "-1", "x", "1.5", "1001", "99999999999"}) {
      const FakeEnv env(Variables{{name, value}});
      EXPECT_THAT(MakeInstanceMetadata({.env = &env}),
                  StatusIs(StatusCode::kInvalidArgument, HasSubstr(name)));
    }
  }
  const FakeEnv env;
  EXPECT_THAT(MakeInstanceMetadata({.token_ttl = std::chrono::seconds(21601), .env = &env}),
              StatusIs(StatusCode::kInvalidArgument, HasSubstr("token_ttl")));
  EXPECT_THAT(MakeInstanceMetadata({.attempt_timeout = Duration(-1), .env = &env}),
              StatusIs(StatusCode::kInvalidArgument, HasSubstr("attempt_timeout")));
}

TEST(HostileMetadataTest, LogsHaveNoSecrets) {
  FakeService service;
  RecordingLog log;
  auto options = service.Options();
  options.log = &log;
  auto imds = Make(options);
  service.Set("/latest/meta-data/iam/security-credentials/", "role");
  service.Set("/latest/meta-data/iam/security-credentials/role",
              R"({"Code":"Success","SecretAccessKey":"SECRET"})");
  service.FailNext({503, 200});
  EXPECT_THAT(imds->IamCredentials(), Not(IsOk()));
  service.FailNext({401, 401});
  EXPECT_THAT(imds->IamCredentials(), Not(IsOk()));
  EXPECT_GT(log.lines().size(), 0u);
  EXPECT_EQ(log.Count("token-"), 0);
  EXPECT_EQ(log.Count("SECRET"), 0);
}

TEST(HostileMetadataTest, OverIpv6) {
  auto server = http::Server::Start({.address = "[::1]:0", .handler = [](const auto& request) {
                                       return http::Response{.body = request.method};
                                     }});
  if (!server.ok()) GTEST_SKIP() << "no IPv6 here: " << server.status();
  const FakeEnv env;
  auto imds =
      Make({.endpoint_url = "http://[::1]:" + std::to_string((*server)->port()), .env = &env});
  EXPECT_EQ(imds->InstanceId().value(), "GET");
}

}  // namespace
}  // namespace gsh::aws
