// Server streams.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <chrono>
#include <memory>
#include <stop_token>
#include <string>
#include <thread>
#include <utility>
#include <vector>

#include "gsh/testing/matchers.h"
#include "src/rpc/client.h"
#include "src/rpc/client_fixture.h"

namespace gsh::rpc {
namespace {

using google::protobuf::MessageLite;
using google::protobuf::StringValue;
using std::chrono::milliseconds;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using testing::IsOk;
using testing::StatusIs;

class StreamTest : public ClientTest {
 protected:
  // Keeps what came; false after `limit` elements.
  void Watch(Client& client, Outcome& outcome, CallOptions options = {}, std::size_t limit = 1000) {
    client.ServerStream(
        kWatch, Message("request"), [] { return std::make_unique<StringValue>(); },
        [this, limit](MessageLite& element) {
          std::lock_guard lock(mutex_);
          values_.push_back(static_cast<StringValue&>(element).value());
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
      [&](MessageLite&) {
        client.reset();
        order.emplace_back("element");
        return true;
      },
      {},
      [&, done = outcome.Callback()](Status status) {
        order.emplace_back("done");
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

}  // namespace
}  // namespace gsh::rpc
