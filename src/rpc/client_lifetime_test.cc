// On whose thread callbacks run, and what becomes of them when the client goes.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <atomic>
#include <chrono>
#include <future>
#include <memory>
#include <stop_token>
#include <thread>
#include <utility>
#include <vector>

#include "gsh/testing/matchers.h"
#include "src/rpc/client.h"
#include "src/rpc/client_fixture.h"

namespace gsh::rpc {
namespace {

using std::chrono::milliseconds;
using ::testing::HasSubstr;
using testing::IsOk;
using testing::StatusIs;

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
  client->Unary(kGet, Message(), Message(), {}, [&](const Status&) {
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
  client->Unary(kGet, Message(), Message(), {}, [&](const Status&) {
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
  client->Unary(kGet, Message(), Message(), {}, [&](const Status&) {
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
  client->Unary(kGet, Message(), Message(), {}, [witness](const Status&) { ++*witness; });
  ASSERT_TRUE(server_.WaitForCalls(1));
  Script({{.hang = true}});
  client->Unary(kGet, Message(), Message(), {}, [witness](const Status&) { ++*witness; });
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

}  // namespace
}  // namespace gsh::rpc
