#include "src/aws/client/service_client.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <chrono>
#include <ctime>
#include <memory>
#include <mutex>
#include <string>
#include <thread>
#include <utility>
#include <vector>

#include "gsh/aws/signer.h"
#include "gsh/testing/manual_clock.h"
#include "src/aws/autoscaling/operations.h"
#include "src/aws/client/service_fixture.h"
#include "src/aws/gamelift/operations.h"
#include "src/core/await.h"
#include "src/http/client/headers.h"
#include "src/http/client/raw_server.h"

namespace gsh::aws {
namespace {

using ::testing::AllOf;
using ::testing::HasSubstr;
using testing::IsOk;
using ::testing::Not;
using ::testing::StartsWith;
using testing::StatusIs;

constexpr const Service& kJsonService = gamelift::kGameLift;
constexpr const Service& kQueryService = autoscaling::kAutoScaling;
constexpr const rpc::Method& kList = gamelift::kListGameServers;
constexpr const rpc::Method& kClaim = gamelift::kClaimGameServer;

StatusOr<std::string> Call(ServiceClient& client, const rpc::Method& method = kList,
                           std::string body = "{}", CallOptions options = {}) {
  return internal::Await<StatusOr<std::string>>(
      std::move(options), [&](CallOptions inner, auto done) {
        client.CallAsync(method, std::move(body), std::move(inner), std::move(done));
      });
}

std::unique_ptr<ServiceClient> Make(AwsOptions options, const Service& service = kJsonService) {
  auto client = ServiceClient::Make(std::move(options), service);
  EXPECT_THAT(client, IsOk());
  return client.ok() ? *std::move(client) : nullptr;
}

std::string Header(const http::Request& request, std::string_view name) {
  const std::string* const value = request.FindHeader(name);
  return value == nullptr ? "(none)" : *value;
}

// WallTime::max(): later than it can say.
std::string HttpDate(WallTime time) {
  if (time == WallTime::max()) return "Fri, 31 Dec 9999 23:59:59 GMT";
  const std::time_t seconds = std::chrono::system_clock::to_time_t(time);
  std::tm parts = {};
  gmtime_r(&seconds, &parts);
  char text[64];
  return {text, std::strftime(text, sizeof text, "%a, %d %b %Y %H:%M:%S GMT", &parts)};
}

TEST(ServiceClient, SignsJson) {
  FakeService service;
  service.Reply(200, R"({"GameServers":[]})");
  testing::ManualClock clock;
  AwsOptions options = service.options();
  options.clock = &clock;
  const auto client = Make(options);
  const auto answer = Call(*client, kList, R"({"GameServerGroupName":"g"})");
  ASSERT_THAT(answer, IsOk());
  EXPECT_EQ(*answer, R"({"GameServers":[]})");
  const http::Request sent = service.last();
  EXPECT_EQ(sent.method, "POST");
  EXPECT_EQ(sent.path, "/");
  EXPECT_EQ(sent.body, R"({"GameServerGroupName":"g"})");
  EXPECT_EQ(Header(sent, "X-Amz-Target"), "GameLift.ListGameServers");
  EXPECT_EQ(Header(sent, "Content-Type"), "application/x-amz-json-1.1");
  EXPECT_EQ(Header(sent, "X-Amz-Security-Token"), "token");
  EXPECT_EQ(Header(sent, "X-Amz-Date"), "20260101T000000Z");
  EXPECT_EQ(Header(sent, "Accept-Encoding"), "(none)");
  EXPECT_THAT(Header(sent, "User-Agent"), StartsWith("libgsh/"));

  const auto signer = Signer::Make("eu-west-1", "gamelift");
  ASSERT_THAT(signer, IsOk());
  const auto expected = (*signer)->Sign({.host = Header(sent, "Host"),
                                         .headers = {{"Content-Type", "application/x-amz-json-1.1"},
                                                     {"X-Amz-Target", "GameLift.ListGameServers"}},
                                         .body = sent.body},
                                        Credentials("AKID", "secret", "token"), clock.Now());
  ASSERT_THAT(expected, IsOk());
  bool compared = false;
  for (const auto& [name, value] : *expected) {
    EXPECT_EQ(Header(sent, name), value);
    compared |= http::SameFieldName(name, "Authorization");
  }
  EXPECT_TRUE(compared);
}

TEST(ServiceClient, SignsTheQueryProtocol) {
  FakeService service;
  AwsOptions options = service.options();
  options.endpoint_url += "/base";
  const auto client = Make(options, kQueryService);
  ASSERT_THAT(Call(*client, {"aws.AutoScaling", "DescribeX"}, "MaxRecords=1"), IsOk());
  const http::Request sent = service.last();
  EXPECT_EQ(sent.path, "/base/");
  EXPECT_EQ(sent.body, "Action=DescribeX&Version=2011-01-01&MaxRecords=1");
  EXPECT_EQ(Header(sent, "Content-Type"), "application/x-www-form-urlencoded; charset=utf-8");
  EXPECT_THAT(Header(sent, "Authorization"), HasSubstr("/eu-west-1/autoscaling/aws4_request"));
}

TEST(ServiceClient, AnonymousCallsAreNotSigned) {
  FakeService service;
  AwsOptions options = service.options();
  options.credentials = MakeStaticCredentials(Credentials());
  const auto client = Make(options);
  ASSERT_THAT(Call(*client), IsOk());
  EXPECT_EQ(Header(service.last(), "Authorization"), "(none)");
}

TEST(ServiceClient, ErrorsHaveNameAndRequestId) {
  FakeService service;
  service.Reply(400, R"({"__type":"ConflictException","Message":"taken"})",
                {{"x-amzn-RequestId", "id-1"}});
  const auto client = Make(service.options());
  const auto answer = Call(*client, kClaim);
  EXPECT_THAT(answer, StatusIs(StatusCode::kAborted, "ConflictException: taken"));
  const ErrorInfo* const info = answer.status().info();
  ASSERT_NE(info, nullptr);
  EXPECT_EQ(info->name, "ConflictException");
  EXPECT_EQ(info->request_id, "id-1");
  EXPECT_EQ(info->service, "aws.GameLift");
  EXPECT_EQ(info->operation, "ClaimGameServer");
  EXPECT_EQ("http://" + info->peer, service.url());
  EXPECT_EQ(info->attempts, 1);
  EXPECT_EQ(info->retry_stop, RetryStop::kPermanent);
}

TEST(ServiceClient, TransientErrorsAreRepeated) {
  FakeService service;
  const auto client = Make(service.options());
  for (const auto& [code, body] : {std::pair<int, const char*>{500, ""},
                                   {503, "<html>busy</html>"},
                                   {502, "x"},
                                   {504, "{"},
                                   {429, "{}"},
                                   {400, R"({"__type":"ThrottlingException"})"},
                                   {400, R"({"__type":"x#RequestTimeout"})"}}) {
    service.Reply(code, body);
    service.Reply(code, body);
    const std::size_t before = service.requests().size();
    EXPECT_THAT(Call(*client), IsOk()) << code << body;
    EXPECT_EQ(service.requests().size() - before, 3u);
  }
}

TEST(ServiceClient, AClaimIsRepeatedOnlyIfItSurelyDidNotHappen) {
  FakeService service;
  const auto client = Make(service.options());
  service.Reply(400, R"({"__type":"ThrottlingException"})");
  EXPECT_THAT(Call(*client, kClaim), IsOk());
  EXPECT_EQ(service.requests().size(), 2u);
  service.Reply(500, R"({"__type":"InternalServiceException"})");
  const auto answer = Call(*client, kClaim);
  EXPECT_THAT(answer, StatusIs(StatusCode::kInternal));
  EXPECT_EQ(answer.status().info()->retry_stop, RetryStop::kNotIdempotent);
  EXPECT_EQ(service.requests().size(), 3u);
}

TEST(ServiceClient, AttemptsAreBounded) {
  FakeService service;
  for (int i = 0; i < 5; ++i) service.Reply(503, "");
  const auto client = Make(service.options());
  const auto answer = Call(*client);
  EXPECT_THAT(answer, StatusIs(StatusCode::kUnavailable, "HTTP 503"));
  EXPECT_EQ(answer.status().info()->retry_stop, RetryStop::kExhausted);
  EXPECT_EQ(service.requests().size(), 3u);
}

TEST(ServiceClient, ARetryTakesFiveFromTheBudget) {
  FakeService service;
  AwsOptions options = service.options();
  options.retry.budget = 11;
  const auto client = Make(options);
  for (int i = 0; i < 3; ++i) service.Reply(503, "");
  EXPECT_THAT(Call(*client), StatusIs(StatusCode::kUnavailable));  // 11 - 5 - 5
  service.Reply(503, "");
  auto answer = Call(*client);
  EXPECT_EQ(answer.status().info()->retry_stop, RetryStop::kBudget);
  for (int i = 0; i < 4; ++i) EXPECT_THAT(Call(*client), IsOk());  // 1 each
  service.Reply(503, "");
  EXPECT_THAT(Call(*client), IsOk());  // takes 5 and gives them back
  service.Reply(504, "");
  answer = Call(*client);  // a time-out takes 10
  EXPECT_EQ(answer.status().info()->retry_stop, RetryStop::kBudget);
}

TEST(ServiceClient, PausesAsTheServiceAsks) {
  FakeService service;
  testing::ManualClock clock;
  testing::FixedRng rng(1ULL << 63);  // half of each pause
  AwsOptions options = service.options();
  options.clock = &clock;
  options.rng = &rng;
  options.retry.initial_backoff = std::chrono::milliseconds(50);
  options.retry.max_backoff = std::chrono::seconds(20);
  options.timeout = std::chrono::hours(1);
  const auto client = Make(options);
  struct Case {
    int code;
    std::string body;
    http::Headers headers;
    Duration pause;
  };
  using std::chrono::milliseconds;
  for (const Case& c :
       {Case{503, "", {}, milliseconds(25)},
        Case{503, "", {{"Retry-After", "7"}}, milliseconds(7025)},  // and the back-off
        Case{503, "", {{"x-amz-retry-after", "1500"}}, milliseconds(1500)},
        Case{503, "", {{"x-amz-retry-after", "-1"}}, milliseconds(25)},
        Case{400, R"({"__type":"ThrottlingException"})", {}, milliseconds(500)}}) {
    service.Reply(c.code, c.body, c.headers);
    const SteadyTime began = clock.SteadyNow();
    std::thread time([&] {
      clock.WaitForTimers(1);
      while (!clock.AdvanceToNext()) std::this_thread::yield();
    });
    EXPECT_THAT(Call(*client, kList, "{}", {.timeout = Duration::max()}), IsOk());
    time.join();
    EXPECT_EQ(clock.SteadyNow() - began, c.pause) << c.code << c.body;
  }
}

// Says what time it is: RawServer, since the other one has a clock of its own. Refuses the first
// requests, each with the next of `dates`, and remembers each one's.
class ClockTest : public ::testing::Test {
 protected:
  void Start(std::string error, std::vector<WallTime> dates) {
    server_ = std::make_unique<http::RawServer>([=, this](http::RawConnection& connection) {
      for (std::string request; !(request = connection.ReadRequest()).empty();) {
        std::size_t count = 0;
        {
          std::lock_guard lock(mutex_);
          const std::size_t mark = request.find("x-amz-date: ");
          dates_.push_back(mark == request.npos ? "" : request.substr(mark + 12, 16));
          count = dates_.size();
        }
        if (count > dates.size()) {
          connection.Answer("{}");
          continue;
        }
        connection.Send("HTTP/1.1 403 Forbidden\r\nDate: " + HttpDate(dates[count - 1]) +
                        "\r\nContent-Length: " + std::to_string(error.size()) + "\r\n\r\n" + error);
      }
    });
    AwsOptions options = no_service_.options();
    options.endpoint_url = "http://" + server_->endpoint();
    options.clock = &clock_;
    client_ = Make(options);
  }

  testing::ManualClock clock_;
  FakeService no_service_;
  std::mutex mutex_;
  std::vector<std::string> dates_;
  std::unique_ptr<http::RawServer> server_;
  std::unique_ptr<ServiceClient> client_;
};

TEST_F(ClockTest, IsCorrectedForAllCalls) {
  Start(R"({"__type":"InvalidSignatureException","message":"Signature expired"})",
        {clock_.Now() + std::chrono::hours(2)});
  EXPECT_THAT(Call(*client_, kClaim), IsOk());
  EXPECT_THAT(Call(*client_), IsOk());
  EXPECT_THAT(dates_,
              ::testing::ElementsAre("20260101T000000Z", "20260101T020000Z", "20260101T020000Z"));
}

TEST_F(ClockTest, IsCorrectedOncePerCall) {
  Start(R"({"__type":"RequestExpired"})",
        {clock_.Now() + std::chrono::hours(1), clock_.Now() - std::chrono::hours(2)});
  EXPECT_THAT(Call(*client_), StatusIs(StatusCode::kUnauthenticated));
  EXPECT_EQ(dates_.size(), 2u);
}

TEST_F(ClockTest, IsNotSetToWhatNoTimeIs) {
  Start(R"({"__type":"RequestExpired"})", {WallTime::max()});
  EXPECT_THAT(Call(*client_), StatusIs(StatusCode::kUnauthenticated));
  EXPECT_EQ(dates_.size(), 1u);
}

TEST_F(ClockTest, IsNotToBlameForAWrongSecret) {
  Start(
      R"({"__type":"InvalidSignatureException","message":"does not match.\nx-amz-security-token:tok"})",
      {clock_.Now() + std::chrono::minutes(3)});
  EXPECT_THAT(Call(*client_),
              StatusIs(StatusCode::kUnauthenticated,
                       AllOf(HasSubstr("does not match"), Not(HasSubstr("security-token")))));
  EXPECT_EQ(dates_.size(), 1u);
}

class CountingProvider final : public CredentialsProvider {
 public:
  void GetAsync(CallOptions, Callback done) override {
    done(std::make_shared<const Credentials>("AKID" + std::to_string(generation_), "s"));
  }
  void Reject(const Credentials& credentials) override {
    rejected_.push_back(credentials.access_key_id);
    if (refreshes_) ++generation_;
  }

  bool refreshes_ = true;
  int generation_ = 1;
  std::vector<std::string> rejected_;
};

TEST(ServiceClient, ExpiredCredentialsAreRejectedAndTheCallRepeatedOnce) {
  FakeService service;
  const auto provider = std::make_shared<CountingProvider>();
  AwsOptions options = service.options();
  options.credentials = provider;
  const auto client = Make(options);
  service.Reply(400, R"({"__type":"ExpiredTokenException"})");
  EXPECT_THAT(Call(*client, kClaim), IsOk());
  EXPECT_THAT(provider->rejected_, ::testing::ElementsAre("AKID1"));
  EXPECT_THAT(Header(service.last(), "Authorization"), HasSubstr("Credential=AKID2/"));

  for (int i = 0; i < 3; ++i) service.Reply(403, R"({"__type":"UnrecognizedClientException"})");
  EXPECT_THAT(Call(*client, kClaim), StatusIs(StatusCode::kUnauthenticated));
  EXPECT_EQ(service.requests().size(), 4u);
  EXPECT_EQ(provider->rejected_.size(), 2u);
}

TEST(ServiceClient, CredentialsThatStayTheSameAreNotTriedAgain) {
  FakeService service;
  const auto provider = std::make_shared<CountingProvider>();
  provider->refreshes_ = false;
  AwsOptions options = service.options();
  options.credentials = provider;
  const auto client = Make(options);
  service.Reply(403, R"({"__type":"ExpiredTokenException","message":"old"})");
  EXPECT_THAT(Call(*client), StatusIs(StatusCode::kUnauthenticated, "ExpiredTokenException: old"));
  EXPECT_EQ(service.requests().size(), 1u);
}

TEST(ServiceClient, EncodedAnswersAreRefused) {
  FakeService service;
  for (int i = 0; i < 3; ++i) service.Reply(200, "\x1f\x8b", {{"Content-Encoding", "gzip"}});
  const auto client = Make(service.options());
  EXPECT_THAT(Call(*client), StatusIs(StatusCode::kInternal, HasSubstr("encoded")));
}

TEST(ServiceClient, AnswersAreBounded) {
  FakeService service;
  service.Reply(200, std::string(2000, 'x'));
  AwsOptions options = service.options();
  options.max_response_bytes = 1000;
  const auto client = Make(options);
  EXPECT_THAT(Call(*client), StatusIs(StatusCode::kResourceExhausted));
  EXPECT_EQ(service.requests().size(), 1u);
}

TEST(ServiceClient, RedirectsAreNotFollowed) {
  FakeService service;
  FakeService other;
  service.Reply(307, "", {{"Location", other.url() + "/"}});
  const auto client = Make(service.options());
  EXPECT_FALSE(Call(*client).ok());
  EXPECT_TRUE(other.requests().empty());
}

TEST(ServiceClient, OptionsAreChecked) {
  FakeService service;
  const auto refused = [&](auto change) {
    AwsOptions options = service.options();
    change(options);
    return ServiceClient::Make(options, kJsonService).status().code();
  };
  EXPECT_EQ(refused([](AwsOptions& o) { o.region = "evil.com/"; }), StatusCode::kInvalidArgument);
  EXPECT_EQ(refused([](AwsOptions& o) { o.endpoint_url = "http://192.0.2.1"; }),
            StatusCode::kInvalidArgument);
  EXPECT_EQ(refused([](AwsOptions& o) { o.attempt_timeout = Duration(-1); }),
            StatusCode::kInvalidArgument);
  EXPECT_EQ(refused([](AwsOptions& o) { o.retry.max_attempts = 0; }), StatusCode::kInvalidArgument);
  EXPECT_EQ(refused([](AwsOptions& o) { o.proxy = "gopher://h"; }), StatusCode::kInvalidArgument);
}

TEST(ServiceClient, FailsAsACallDoes) {
  FakeService service;
  const auto client = Make(service.options());
  const auto answer = internal::Await<StatusOr<std::string>>({}, [&](CallOptions inner, auto done) {
    client->FailAsync(InvalidArgumentError("no"), std::move(inner), std::move(done));
  });
  EXPECT_THAT(answer, StatusIs(StatusCode::kInvalidArgument, "no"));
  EXPECT_TRUE(service.requests().empty());
}

}  // namespace
}  // namespace gsh::aws
