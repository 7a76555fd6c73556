// Unary calls: retries, deadlines, cancellation.
#include "src/rpc/client.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <chrono>
#include <memory>
#include <stop_token>
#include <utility>

#include "gsh/testing/matchers.h"
#include "src/core/await.h"
#include "src/rpc/client_fixture.h"

namespace gsh::rpc {
namespace {

using std::chrono::milliseconds;
using std::chrono::seconds;
using ::testing::HasSubstr;
using testing::IsOk;
using testing::StatusIs;

TEST_F(ClientTest, GivesTheResponse) {
  const auto client = MakeClient();
  auto response = Message();
  const auto status = internal::Await<Status>({}, [&](CallOptions options, auto done) {
    client->Unary(kGet, Message("request"), response, std::move(options), std::move(done));
  });
  ASSERT_THAT(status, IsOk());
  EXPECT_EQ(response->value(), "fine");
  EXPECT_EQ(metrics_.Value("gsh_rpc_calls_total{service=test.Service,operation=Get,code=OK}"), 1);
}

TEST_F(ClientTest, RetriesWithFullJitterAndSaysWhyItStopped) {
  Script({Error(14, "down")});
  const auto client = MakeClient();
  Outcome outcome;
  Call(*client, kGet, outcome);
  EXPECT_EQ(EndPause(), milliseconds(50));
  EXPECT_EQ(EndPause(), milliseconds(100));
  EXPECT_EQ(EndPause(), milliseconds(200));
  const Status status = outcome.Wait();
  EXPECT_THAT(status, StatusIs(StatusCode::kUnavailable, HasSubstr("down")));
  ASSERT_NE(status.info(), nullptr);
  EXPECT_EQ(status.info()->service, "test.Service");
  EXPECT_EQ(status.info()->operation, "Get");
  EXPECT_EQ(status.info()->peer, server_.address());
  EXPECT_EQ(status.info()->attempts, 4);
  EXPECT_EQ(status.info()->elapsed, milliseconds(350));
  EXPECT_EQ(status.info()->retry_stop, RetryStop::kExhausted);
  EXPECT_EQ(server_.calls(), 4);
  EXPECT_EQ(metrics_.Value("gsh_rpc_retries_total{service=test.Service,operation=Get}"), 3);
  EXPECT_EQ(log_.Count("call is repeated"), 3);
  EXPECT_EQ(log_.Count("call failed"), 1);
}

TEST_F(ClientTest, RetriesUntilItWorks) {
  Script({Error(14), Error(10), Ok("third")});
  const auto client = MakeClient();
  Outcome outcome;
  auto response = Message();
  client->Unary(kGet, Message("request"), response, {}, outcome.Callback());
  EndPause();
  EndPause();
  EXPECT_THAT(outcome.Wait(), IsOk());
  EXPECT_EQ(response->value(), "third");
}

TEST_F(ClientTest, PermanentErrorsAreNotRepeated) {
  for (const int code : {2, 3, 5, 7, 8, 9, 12, 13, 16}) {
    Script({Error(code)});
    const auto client = MakeClient();
    Outcome outcome;
    Call(*client, kGet, outcome);
    const Status status = outcome.Wait();
    EXPECT_EQ(static_cast<int>(status.code()), code);
    EXPECT_EQ(status.info()->retry_stop, RetryStop::kPermanent);
    EXPECT_EQ(status.info()->attempts, 1);
  }
}

TEST_F(ClientTest, OrdinaryAnswersAreNoWarnings) {
  Script({Error(5, "no such ticket"), Error(13, "broken")});
  const auto client = MakeClient();
  for (const StatusCode code : {StatusCode::kNotFound, StatusCode::kInternal}) {
    Outcome outcome;
    Call(*client, kGet, outcome);
    EXPECT_THAT(outcome.Wait(), StatusIs(code));
  }
  const auto lines = log_.lines();
  ASSERT_EQ(lines.size(), 2u);
  EXPECT_EQ(lines[0].first, LogLevel::kDebug);
  EXPECT_EQ(lines[1].first, LogLevel::kWarning);
}

TEST_F(ClientTest, OnceIsNotRepeatedWhenTheServerMayHaveActed) {
  Script({Error(14)});
  const auto client = MakeClient();
  Outcome outcome;
  Call(*client, kCreate, outcome);
  const Status status = outcome.Wait();
  EXPECT_EQ(status.info()->retry_stop, RetryStop::kNotIdempotent);
  EXPECT_EQ(server_.calls(), 1);
}

TEST_F(ClientTest, OnceIsNotRepeatedWhenTheConnectionBreaks) {
  Script({{.hang = true}});
  const auto client = MakeClient();
  Outcome outcome;
  Call(*client, kCreate, outcome);
  ASSERT_TRUE(server_.WaitForCalls(1));
  server_.Stop();
  const Status status = outcome.Wait();
  EXPECT_FALSE(status.ok());
  EXPECT_EQ(status.info()->attempts, 1);
  EXPECT_EQ(server_.calls(), 1);
}

TEST_F(ClientTest, OnceIsRepeatedWhenNoConnectionWasMade) {
  server_.Stop();
  const auto client = MakeClient();
  Outcome outcome;
  Call(*client, kCreate, outcome);
  for (int i = 0; i < 3; ++i) EndPause();
  const Status status = outcome.Wait();
  EXPECT_THAT(status, StatusIs(StatusCode::kUnavailable,
                               HasSubstr("likely: nothing listens at " + server_.address())));
  EXPECT_EQ(status.info()->attempts, 4);
  EXPECT_EQ(status.info()->retry_stop, RetryStop::kExhausted);
}

TEST_F(ClientTest, AllCallsShareTheBudget) {
  Script({Error(14)});
  ClientOptions options = Options();
  options.retry.budget = 3;
  const auto client = MakeClient(std::move(options));
  Outcome first;
  Call(*client, kGet, first);
  for (int i = 0; i < 3; ++i) EndPause();
  EXPECT_EQ(first.Wait().info()->retry_stop, RetryStop::kExhausted);
  Outcome second;
  Call(*client, kGet, second);
  EXPECT_EQ(second.Wait().info()->retry_stop, RetryStop::kBudget);
  EXPECT_EQ(server_.calls(), 5);
}

TEST_F(ClientTest, PushBackSetsThePause) {
  Script({{.code = 8, .error = "later", .push_back = "1234"}, Ok()});
  const auto client = MakeClient();
  Outcome outcome;
  Call(*client, kGet, outcome);
  EXPECT_EQ(EndPause(), milliseconds(1234));
  EXPECT_THAT(outcome.Wait(), IsOk());
}

TEST_F(ClientTest, NegativePushBackForbidsTheRetry) {
  Script({{.code = 14, .error = "go away", .push_back = "-1"}, Ok()});
  const auto client = MakeClient();
  Outcome outcome;
  Call(*client, kGet, outcome);
  EXPECT_EQ(outcome.Wait().info()->retry_stop, RetryStop::kPermanent);
}

TEST_F(ClientTest, CodesOutsideTheEnumAreNamed) {
  Script({Error(422, "invalid label")});
  const auto client = MakeClient();
  Outcome outcome;
  Call(*client, kGet, outcome);
  const Status status = outcome.Wait();
  EXPECT_THAT(status, StatusIs(StatusCode::kInvalidArgument, HasSubstr("invalid label")));
  EXPECT_EQ(status.info()->name, "422");
  EXPECT_EQ(metrics_.Value("gsh_rpc_calls_total{service=test.Service,operation=Get,code=422}"), 1);
}

TEST_F(ClientTest, TraitsDecideWhatErrorsMean) {
  Script({Error(2, "conflict"), Ok()});
  ClientTraits traits;
  traits.map_status = [](const grpc::Status&) {
    return Status(StatusCode::kAborted, "mapped", {.name = "Conflict"});
  };
  traits.is_transient = [](const Status& status) { return status.info()->name == "Conflict"; };
  const auto client = MakeClient(Options(), std::move(traits));
  Outcome outcome;
  Call(*client, kGet, outcome);
  EndPause();
  EXPECT_THAT(outcome.Wait(), IsOk());
}

TEST_F(ClientTest, OnceIsRepeatedWhenTheErrorSaysThatNothingHappened) {
  Script({Error(10, "contention"), Error(14, "lost")});
  ClientTraits traits;
  traits.did_not_happen = [](const Status& status) {
    return status.code() == StatusCode::kAborted;
  };
  const auto client = MakeClient(Options(), std::move(traits));
  Outcome outcome;
  Call(*client, kCreate, outcome);
  EndPause();
  const Status status = outcome.Wait();
  EXPECT_THAT(status, StatusIs(StatusCode::kUnavailable, HasSubstr("lost")));
  EXPECT_EQ(status.info()->retry_stop, RetryStop::kNotIdempotent);
  EXPECT_EQ(status.info()->attempts, 2);
}

TEST_F(ClientTest, DeadlineEndsAHangingCall) {
  Script({{.hang = true}});
  const auto client = MakeClient();
  Outcome outcome;
  Call(*client, kGet, outcome, {.timeout = milliseconds(20)});
  const Status status = outcome.Wait();
  EXPECT_THAT(status, StatusIs(StatusCode::kDeadlineExceeded));
  EXPECT_EQ(status.info()->retry_stop, RetryStop::kDeadline);
}

// Times by the manual clock, but gRPC counts each attempt's by the real one: long enough for that.
TEST_F(ClientTest, DeadlineBoundsTheRetries) {
  Script({Error(14, "down")});
  ClientOptions options = Options();
  options.retry.initial_backoff = seconds(100);
  options.retry.max_backoff = seconds(1000);
  const auto client = MakeClient(std::move(options));
  Outcome outcome;
  Call(*client, kGet, outcome, {.timeout = seconds(149)});
  EXPECT_EQ(EndPause(), seconds(50));
  const Status status = outcome.Wait();  // the next pause of 100 s would end too late
  EXPECT_THAT(status, StatusIs(StatusCode::kUnavailable));
  EXPECT_EQ(status.info()->retry_stop, RetryStop::kDeadline);
  EXPECT_EQ(status.info()->attempts, 2);
}

TEST_F(ClientTest, TimeoutThatIsOverFailsAtOnce) {
  const auto client = MakeClient();
  Outcome outcome;
  Call(*client, kGet, outcome, {.timeout = Duration(0)});
  EXPECT_THAT(outcome.Wait(), StatusIs(StatusCode::kDeadlineExceeded));
  EXPECT_EQ(server_.calls(), 0);
}

TEST_F(ClientTest, StopCancelsACallInFlight) {
  Script({{.hang = true}});
  const auto client = MakeClient();
  Outcome outcome;
  std::stop_source stop;
  Call(*client, kGet, outcome, {.stop = stop.get_token()});
  ASSERT_TRUE(server_.WaitForCalls(1));
  stop.request_stop();
  const Status status = outcome.Wait();
  EXPECT_THAT(status, StatusIs(StatusCode::kCancelled, HasSubstr("gave up")));
  EXPECT_EQ(status.info()->retry_stop, RetryStop::kCancelled);
  EXPECT_TRUE(server_.WaitForCancelled(1));
}

TEST_F(ClientTest, StopCancelsThePause) {
  Script({Error(14)});
  const auto client = MakeClient();
  Outcome outcome;
  std::stop_source stop;
  Call(*client, kGet, outcome, {.stop = stop.get_token()});
  clock_.WaitForTimers();
  stop.request_stop();
  EXPECT_EQ(outcome.Wait().info()->retry_stop, RetryStop::kCancelled);
  EXPECT_EQ(clock_.pending(), 0u);
  EXPECT_EQ(server_.calls(), 1);
}

TEST_F(ClientTest, StopBeforeTheCallSendsNothing) {
  const auto client = MakeClient();
  Outcome outcome;
  std::stop_source stop;
  stop.request_stop();
  Call(*client, kGet, outcome, {.stop = stop.get_token()});
  EXPECT_THAT(outcome.Wait(), StatusIs(StatusCode::kCancelled));
  EXPECT_EQ(server_.calls(), 0);
}

}  // namespace
}  // namespace gsh::rpc
