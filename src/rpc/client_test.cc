#include "src/rpc/client.h"

#include <gmock/gmock.h>
#include <google/protobuf/wrappers.pb.h>
#include <gtest/gtest.h>

#include <atomic>
#include <chrono>
#include <condition_variable>
#include <deque>
#include <future>
#include <memory>
#include <mutex>
#include <string>
#include <thread>
#include <utility>
#include <vector>

#include "gsh/testing/fakes.h"
#include "gsh/testing/manual_clock.h"
#include "gsh/testing/matchers.h"
#include "src/core/await.h"
#include "src/rpc/scripted_server.h"

namespace gsh::rpc {
namespace {

using google::protobuf::MessageLite;
using google::protobuf::StringValue;
using std::chrono::milliseconds;
using ::testing::ElementsAre;
using testing::FixedRng;
using ::testing::HasSubstr;
using testing::IsOk;
using testing::ManualClock;
using testing::RecordingLog;
using testing::RecordingMetrics;
using testing::StatusIs;

constexpr Method kGet{"test.Service", "Get"};
constexpr Method kCreate{"test.Service", "Create", Idempotency::kOnce};
constexpr Method kWatch{"test.Service", "Watch"};

std::string Bytes(const std::string& text) {
  StringValue value;
  value.set_value(text);
  return value.SerializeAsString();
}

std::shared_ptr<StringValue> Message(const std::string& text = "") {
  auto value = std::make_shared<StringValue>();
  value->set_value(text);
  return value;
}

ScriptedReply Ok(const std::string& text = "fine") { return {.messages = {Bytes(text)}}; }
ScriptedReply Error(int code, const std::string& text = "no") {
  return {.code = code, .error = text};
}

// What a callback said, and how often.
class Outcome {
 public:
  Client::DoneCallback Callback() {
    return [this](Status status) {
      std::lock_guard lock(mutex_);
      statuses_.push_back(std::move(status));
      changed_.notify_all();
    };
  }
  Status Wait() {
    std::unique_lock lock(mutex_);
    if (!changed_.wait_for(lock, std::chrono::seconds(10), [&] { return !statuses_.empty(); })) {
      return InternalError("the callback never ran");
    }
    return statuses_.front();
  }
  std::size_t count() const {
    std::lock_guard lock(mutex_);
    return statuses_.size();
  }

 private:
  mutable std::mutex mutex_;
  std::condition_variable changed_;
  std::vector<Status> statuses_;
};

class ClientTest : public ::testing::Test {
 protected:
  ClientTest() : server_([this](const std::string&, const std::string&) { return NextReply(); }) {}

  // The last reply is given again and again.
  void Script(std::deque<ScriptedReply> replies) {
    std::lock_guard lock(mutex_);
    replies_ = std::move(replies);
  }

  ClientOptions Options() {
    return {.endpoint = server_.address(),
            .tls = {.insecure = true},
            .clock = &clock_,
            .rng = &half_,
            .log = &log_,
            .metrics = &metrics_};
  }

  std::unique_ptr<Client> MakeClient(ClientOptions options, ClientTraits traits = {}) {
    auto client = Client::Make(std::move(options), std::move(traits));
    EXPECT_THAT(client, IsOk());
    return client.ok() ? *std::move(client) : nullptr;
  }
  std::unique_ptr<Client> MakeClient() { return MakeClient(Options()); }

  void Call(Client& client, const Method& method, Outcome& outcome, CallOptions options = {}) {
    client.Unary(method, Message("request"), Message(), std::move(options), outcome.Callback());
  }

  // Waits for the pause before a retry and ends it; how long it was.
  Duration EndPause() {
    clock_.WaitForTimers();
    const SteadyTime before = clock_.SteadyNow();
    clock_.AdvanceToNext();
    return clock_.SteadyNow() - before;
  }

  ManualClock clock_;
  FixedRng half_{1ULL << 63};
  RecordingLog log_;
  RecordingMetrics metrics_;

 private:
  ScriptedReply NextReply() {
    std::lock_guard lock(mutex_);
    ScriptedReply reply = replies_.front();
    if (replies_.size() > 1) replies_.pop_front();
    return reply;
  }

  std::mutex mutex_;
  std::deque<ScriptedReply> replies_ = {Ok()};

 protected:
  ScriptedServer server_;
};

TEST_F(ClientTest, GivesTheResponse) {
  const auto client = MakeClient();
  auto response = Message();
  const Status status = internal::Await<Status>({}, [&](CallOptions options, auto done) {
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

TEST_F(ClientTest, DeadlineBoundsTheRetries) {
  Script({Error(14, "down")});
  const auto client = MakeClient();
  Outcome outcome;
  Call(*client, kGet, outcome, {.timeout = milliseconds(149)});
  EXPECT_EQ(EndPause(), milliseconds(50));
  const Status status = outcome.Wait();  // the next pause of 100 ms would end too late
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

TEST_F(ClientTest, DestructionRunsEveryCallbackOnce) {
  Script({{.hang = true}});
  auto client = MakeClient();
  std::vector<Outcome> outcomes(8);
  for (Outcome& outcome : outcomes) Call(*client, kGet, outcome);
  ASSERT_TRUE(server_.WaitForCalls(8));
  client.reset();
  for (Outcome& outcome : outcomes) {
    ASSERT_EQ(outcome.count(), 1u);
    EXPECT_THAT(outcome.Wait(), StatusIs(StatusCode::kCancelled, HasSubstr("destroyed")));
  }
  EXPECT_TRUE(server_.WaitForCancelled(8));
  for (Outcome& outcome : outcomes) EXPECT_EQ(outcome.count(), 1u);
}

TEST_F(ClientTest, DestructionEndsAPauseBetweenAttempts) {
  Script({Error(14)});
  auto client = MakeClient();
  Outcome outcome;
  Call(*client, kGet, outcome);
  clock_.WaitForTimers();
  client.reset();
  EXPECT_EQ(outcome.count(), 1u);
  EXPECT_EQ(clock_.pending(), 0u);
}

TEST_F(ClientTest, MayBeDestroyedFromACallback) {
  Script({Ok(), {.hang = true}});
  ClientOptions options = Options();
  options.executor = MakeThreadPool(1);  // whose only thread the destructor runs on
  auto client = MakeClient(std::move(options));
  std::vector<Outcome> others(3);
  std::promise<void> all_started;
  std::promise<std::size_t> others_done;
  client->Unary(kGet, Message(), Message(), {}, [&](Status) {
    all_started.get_future().wait();
    client.reset();
    std::size_t done = 0;
    for (Outcome& other : others) done += other.count();
    others_done.set_value(done);
  });
  ASSERT_TRUE(server_.WaitForCalls(1));
  for (Outcome& other : others) Call(*client, kGet, other);
  ASSERT_TRUE(server_.WaitForCalls(4));
  all_started.set_value();
  auto result = others_done.get_future();
  ASSERT_EQ(result.wait_for(std::chrono::seconds(10)), std::future_status::ready);
  EXPECT_EQ(result.get(), 3u);
}

TEST_F(ClientTest, MayBeDestroyedFromAnInlineCallback) {
  Script({Ok(), {.hang = true}});
  ClientOptions options = Options();
  options.executor = InlineExecutor();
  auto client = MakeClient(std::move(options));
  Outcome other;
  std::promise<void> started;
  std::promise<void> destroyed;
  client->Unary(kGet, Message(), Message(), {}, [&](Status) {
    started.get_future().wait();
    client.reset();
    destroyed.set_value();
  });
  ASSERT_TRUE(server_.WaitForCalls(1));
  Call(*client, kGet, other);
  ASSERT_TRUE(server_.WaitForCalls(2));
  started.set_value();
  ASSERT_EQ(destroyed.get_future().wait_for(std::chrono::seconds(10)), std::future_status::ready);
  EXPECT_THAT(other.Wait(), StatusIs(StatusCode::kCancelled));
}

TEST_F(ClientTest, DestructionWaitsForACallbackThatRuns) {
  auto client = MakeClient();
  std::promise<void> entered;
  std::promise<void> leave;
  std::atomic<bool> left = false;
  client->Unary(kGet, Message(), Message(), {}, [&](Status) {
    entered.set_value();
    leave.get_future().wait();
    left = true;
  });
  entered.get_future().wait();
  std::thread destroyer([&] {
    client.reset();
    EXPECT_TRUE(left);
  });
  leave.set_value();
  destroyer.join();
}

TEST_F(ClientTest, ManualExecutorsCallbacksAreDestroyedUnrun) {
  ClientOptions options = Options();
  auto executor = std::make_shared<ManualExecutor>();
  options.executor = executor;
  auto client = MakeClient(std::move(options));
  auto witness = std::make_shared<int>(0);
  client->Unary(kGet, Message(), Message(), {}, [witness](Status) { ++*witness; });
  ASSERT_TRUE(server_.WaitForCalls(1));
  Script({{.hang = true}});
  client->Unary(kGet, Message(), Message(), {}, [witness](Status) { ++*witness; });
  ASSERT_TRUE(server_.WaitForCalls(2));
  client.reset();
  EXPECT_EQ(witness.use_count(), 1);
  executor->RunPending();
  EXPECT_EQ(*witness, 0);
}

TEST_F(ClientTest, ManualExecutorRunsCallbacksWhenAsked) {
  auto executor = std::make_shared<ManualExecutor>();
  const auto client = MakeClient();
  Outcome outcome;
  Call(*client, kGet, outcome, {.executor = executor});
  while (executor->RunPending() == 0) std::this_thread::yield();
  EXPECT_EQ(outcome.count(), 1u);
}

TEST_F(ClientTest, PauseEndsAfterItsTime) {
  const auto client = MakeClient();
  Outcome outcome;
  client->Pause(milliseconds(700), {}, outcome.Callback());
  EXPECT_EQ(EndPause(), milliseconds(700));
  EXPECT_THAT(outcome.Wait(), IsOk());
}

TEST_F(ClientTest, PauseIsStoppedAndAbandoned) {
  auto client = MakeClient();
  Outcome stopped;
  Outcome abandoned;
  std::stop_source stop;
  client->Pause(milliseconds(700), {.stop = stop.get_token()}, stopped.Callback());
  client->Pause(milliseconds(700), {}, abandoned.Callback());
  stop.request_stop();
  EXPECT_THAT(stopped.Wait(), StatusIs(StatusCode::kCancelled));
  client.reset();
  EXPECT_EQ(abandoned.count(), 1u);
  EXPECT_THAT(abandoned.Wait(), StatusIs(StatusCode::kCancelled));
  EXPECT_EQ(clock_.pending(), 0u);
}

class StreamTest : public ClientTest {
 protected:
  // Keeps what came; false after `limit` elements.
  void Watch(Client& client, Outcome& outcome, CallOptions options = {}, std::size_t limit = 1000) {
    client.ServerStream(
        kWatch, Message("request"), [] { return std::make_unique<StringValue>(); },
        [this, limit](std::unique_ptr<MessageLite> element) {
          std::lock_guard lock(mutex_);
          values_.push_back(static_cast<StringValue&>(*element).value());
          changed_.notify_all();
          return values_.size() < limit;
        },
        std::move(options), outcome.Callback());
  }
  std::vector<std::string> values() {
    std::lock_guard lock(mutex_);
    return values_;
  }
  bool WaitForValues(std::size_t count) {
    std::unique_lock lock(mutex_);
    return changed_.wait_for(lock, std::chrono::seconds(5),
                             [&] { return values_.size() >= count; });
  }

 private:
  std::mutex mutex_;
  std::condition_variable changed_;
  std::vector<std::string> values_;
};

TEST_F(StreamTest, GivesElementsInOrder) {
  ScriptedReply reply;
  std::vector<std::string> expected;
  for (int i = 0; i < 100; ++i) {
    expected.push_back("element " + std::to_string(i));
    reply.messages.push_back(Bytes(expected.back()));
  }
  Script({reply});
  const auto client = MakeClient();
  Outcome outcome;
  Watch(*client, outcome);
  EXPECT_THAT(outcome.Wait(), IsOk());
  EXPECT_EQ(values(), expected);
}

TEST_F(StreamTest, ErrorComesAfterTheElements) {
  Script({{.messages = {Bytes("a"), Bytes("b")}, .code = 14, .error = "broken"}});
  const auto client = MakeClient();
  Outcome outcome;
  Watch(*client, outcome);
  const Status status = outcome.Wait();
  EXPECT_THAT(status, StatusIs(StatusCode::kUnavailable, HasSubstr("broken")));
  EXPECT_EQ(status.info()->operation, "Watch");
  EXPECT_THAT(values(), ElementsAre("a", "b"));
  EXPECT_EQ(server_.calls(), 1);  // never repeated here
}

TEST_F(StreamTest, ReaderMayEndIt) {
  Script({{.messages = {Bytes("a"), Bytes("b"), Bytes("c")}, .hang = true}});
  const auto client = MakeClient();
  Outcome outcome;
  Watch(*client, outcome, {}, 2);
  EXPECT_THAT(outcome.Wait(), IsOk());
  EXPECT_THAT(values(), ElementsAre("a", "b"));
  EXPECT_TRUE(server_.WaitForCancelled(1));
}

TEST_F(StreamTest, StopCancels) {
  Script({{.messages = {Bytes("a")}, .hang = true}});
  const auto client = MakeClient();
  Outcome outcome;
  std::stop_source stop;
  Watch(*client, outcome, {.stop = stop.get_token()});
  ASSERT_TRUE(WaitForValues(1));
  stop.request_stop();
  EXPECT_THAT(outcome.Wait(), StatusIs(StatusCode::kCancelled));
  EXPECT_TRUE(server_.WaitForCancelled(1));
}

TEST_F(StreamTest, TimeoutEndsIt) {
  Script({{.messages = {Bytes("a")}, .hang = true}});
  const auto client = MakeClient();
  Outcome outcome;
  Watch(*client, outcome, {.timeout = milliseconds(30)});
  EXPECT_THAT(outcome.Wait(), StatusIs(StatusCode::kDeadlineExceeded));
}

TEST_F(StreamTest, DestructionEndsIt) {
  Script({{.messages = {Bytes("a")}, .hang = true}});
  auto client = MakeClient();
  Outcome outcome;
  Watch(*client, outcome);
  ASSERT_TRUE(WaitForValues(1));
  client.reset();
  EXPECT_EQ(outcome.count(), 1u);
  EXPECT_THAT(outcome.Wait(), StatusIs(StatusCode::kCancelled));
  EXPECT_TRUE(server_.WaitForCancelled(1));
}

TEST_F(StreamTest, DoneComesAfterTheElementThatDestroysTheClient) {
  Script({{.messages = {Bytes("a"), Bytes("b")}, .hang = true}});
  auto client = MakeClient();
  std::vector<std::string> order;
  Outcome outcome;
  client->ServerStream(
      kWatch, Message(), [] { return std::make_unique<StringValue>(); },
      [&](std::unique_ptr<MessageLite>) {
        client.reset();
        order.push_back("element");
        return true;
      },
      {},
      [&, done = outcome.Callback()](Status status) {
        order.push_back("done");
        done(std::move(status));
      });
  EXPECT_THAT(outcome.Wait(), StatusIs(StatusCode::kCancelled));
  EXPECT_THAT(order, ElementsAre("element", "done"));
}

TEST_F(StreamTest, ASlowReaderHoldsTheServerBack) {
  ScriptedReply reply;
  for (int i = 0; i < 200; ++i) reply.messages.push_back(Bytes(std::string(64 << 10, 'x')));
  reply.code = 9;  // sent only after every element was
  Script({reply});
  auto executor = std::make_shared<ManualExecutor>();
  const auto client = MakeClient();
  Outcome outcome;
  Watch(*client, outcome, {.executor = executor});
  while (outcome.count() == 0) {
    executor->RunPending();
    std::this_thread::yield();
  }
  EXPECT_THAT(outcome.Wait(), StatusIs(StatusCode::kFailedPrecondition));
  EXPECT_EQ(values().size(), 200u);
}

TEST(CheckClientOptions, NamesEveryMistake) {
  ClientOptions options{
      .endpoint = "nowhere",
      .tls = {.cert_file = "c"},
      .retry = {.max_attempts = 0, .initial_backoff = std::chrono::seconds(9), .budget = -1},
      .timeout = -std::chrono::seconds(1),
      .max_message_bytes = 0};
  const Status status = CheckClientOptions(options);
  EXPECT_EQ(status.code(), StatusCode::kInvalidArgument);
  for (const char* name : {"endpoint", "nowhere", "key_file", "max_attempts", "max_backoff",
                           "retry.budget", "timeout", "max_message_bytes"}) {
    EXPECT_THAT(status.message(), HasSubstr(name));
  }
}

TEST(CheckClientOptions, EndpointForms) {
  for (const char* endpoint : {"localhost:50504", "10.0.0.1:1", "[::1]:65535", "a-b.c.svc:443"}) {
    EXPECT_THAT(CheckClientOptions({.endpoint = endpoint}), IsOk()) << endpoint;
  }
  for (const char* endpoint : {"", "host", ":1", "host:", "host:0", "host:65536", "host:1x",
                               "::1:5", "http://host:1", "host:1:2", "ho st:1"}) {
    EXPECT_FALSE(CheckClientOptions({.endpoint = endpoint}).ok()) << endpoint;
  }
}

}  // namespace
}  // namespace gsh::rpc
