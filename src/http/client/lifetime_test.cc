// Clients that go while calls are under way.
#include <unistd.h>

#include <atomic>
#include <cstdlib>
#include <future>
#include <mutex>
#include <stop_token>
#include <vector>

#include "src/http/client/client_fixture.h"

namespace gsh::http {
namespace {

using gsh::testing::IsOk;
using gsh::testing::StatusIs;
using std::chrono::seconds;

void AnswerOk(RawConnection& connection) {
  while (!connection.ReadRequest().empty()) connection.Answer("ok");
}

class LifetimeTest : public ::testing::Test {
 protected:
  std::promise<void> arrived_;
  std::atomic<bool> told_ = false;  // of the first request
  // Takes requests and says nothing.
  RawServer silent_{[this](RawConnection& connection) {
    if (connection.ReadRequest().empty()) return;
    if (!told_.exchange(true)) arrived_.set_value();
    connection.WaitForClose();
  }};
  RawServer answering_{AnswerOk};
};

TEST_F(LifetimeTest, AStopTokenEndsACall) {
  const auto client = Make(OptionsFor(silent_.endpoint()));
  std::stop_source stop;
  std::promise<Status> ended;
  client->Send(kGet, {}, std::make_shared<ClientResponse>(), {.stop = stop.get_token()},
               [&](Status status) { ended.set_value(status); });
  arrived_.get_future().wait();
  stop.request_stop();
  const Status status = ended.get_future().get();
  EXPECT_THAT(status, StatusIs(StatusCode::kCancelled));
  EXPECT_EQ(status.info()->retry_stop, RetryStop::kCancelled);
}

TEST_F(LifetimeTest, OneThatWasStoppedBeforeIsNotSent) {
  const auto client = Make(OptionsFor(answering_.endpoint()));
  std::stop_source stop;
  stop.request_stop();
  EXPECT_THAT(Send(*client, {}, kGet, {.stop = stop.get_token()}).status,
              StatusIs(StatusCode::kCancelled));
  EXPECT_EQ(answering_.connections(), 0);
}

TEST_F(LifetimeTest, DestructionEndsEveryCallOnce) {
  auto client = Make(OptionsFor(silent_.endpoint()));
  std::mutex mutex;
  std::vector<Status> ended;
  const auto record = [&](Status status) {
    std::lock_guard lock(mutex);
    ended.push_back(std::move(status));
  };
  client->Send(kGet, {}, std::make_shared<ClientResponse>(), {}, record);
  arrived_.get_future().wait();
  client->Stream(
      kGet, {}, std::make_shared<ClientResponse>(), [](auto) { return true; }, {}, record);
  client->Pause(seconds(1000), {}, record);
  client.reset();
  EXPECT_THAT(ended, ::testing::SizeIs(3));
  for (const Status& status : ended) EXPECT_THAT(status, StatusIs(StatusCode::kCancelled));
}

TEST_F(LifetimeTest, ACallbackMayDestroyTheClient) {
  for (const bool stream : {false, true}) {
    for (const auto& executor : {MakeThreadPool(1), InlineExecutor()}) {
      auto client = Make(OptionsFor(answering_.endpoint()));
      Client& used = *client;
      std::promise<Status> ended;
      const auto done = [&](Status status) {
        client.reset();
        ended.set_value(std::move(status));
      };
      const CallOptions options{.executor = executor};
      if (stream) {
        used.Stream(
            kGet, {}, std::make_shared<ClientResponse>(), [](auto) { return true; }, options, done);
      } else {
        used.Send(kGet, {}, std::make_shared<ClientResponse>(), options, done);
      }
      EXPECT_THAT(ended.get_future().get(), IsOk());
    }
  }
}

// When the process ends while the loop's thread does: the handlers of exit() run last to first,
// curl's between the two here.
std::atomic<bool> exiting = false;
std::atomic<bool> thread_gone = false;
struct GoesWithTheProcess {
  ~GoesWithTheProcess() {
    while (!exiting) std::this_thread::yield();
    thread_gone = true;
  }
};

TEST_F(LifetimeTest, TheProcessEndsAfterTheThreadOfTheLastClient) {
  GTEST_FLAG_SET(death_test_style, "threadsafe");
  const auto end = [] {
    std::atexit([] {
      const bool before = thread_gone;
      for (int i = 0; i < 1000; ++i) std::this_thread::yield();
      _exit(before == thread_gone ? 0 : 1);  // before, or never
    });
    {
      RawServer server(AnswerOk);  // ThreadSanitizer asks for threads that nobody has joined
      auto client = Make(OptionsFor(server.endpoint()));
      std::promise<void> ended;
      client->Send(kGet, {}, std::make_shared<ClientResponse>(), {.executor = InlineExecutor()},
                   [&](const Status&) {
                     static thread_local const GoesWithTheProcess goes;
                     static_cast<void>(&goes);
                     client.reset();
                     ended.set_value();
                   });
      ended.get_future().wait();
    }
    std::atexit([] { exiting = true; });
    std::exit(2);
  };
  EXPECT_EXIT(end(), ::testing::ExitedWithCode(0), "");
}

TEST_F(LifetimeTest, ReadingMayDestroyTheClient) {
  auto client = Make(OptionsFor(answering_.endpoint()));
  std::promise<Status> ended;
  Client& used = *client;
  used.Stream(
      kGet, {}, std::make_shared<ClientResponse>(), [&](auto) { return client.reset(), true; }, {},
      [&](Status status) { ended.set_value(std::move(status)); });
  EXPECT_THAT(ended.get_future().get(), StatusIs(StatusCode::kCancelled));
}

TEST_F(LifetimeTest, CallbacksWaitForTheirOwnerToRunThem) {
  auto executor = std::make_shared<ManualExecutor>();
  auto client = Make(OptionsFor(answering_.endpoint()));
  int ran = 0;
  client->Send(kGet, {}, std::make_shared<ClientResponse>(), {.executor = executor},
               [&](const Status&) { ++ran; });
  while (executor->RunPending() == 0) std::this_thread::yield();
  EXPECT_EQ(ran, 1);
  client->Send(kGet, {}, std::make_shared<ClientResponse>(), {.executor = executor},
               [&](const Status&) { ++ran; });
  client.reset();
  executor->RunPending();
  EXPECT_EQ(ran, 1);  // destroyed unrun
}

TEST_F(LifetimeTest, ManyCallsFromManyThreads) {
  const auto client = Make(OptionsFor(answering_.endpoint()));
  std::atomic<int> fine = 0;
  std::vector<std::thread> threads;
  for (int i = 0; i < 4; ++i) {
    threads.emplace_back([&] {
      for (int j = 0; j < 50; ++j) fine += Send(*client, {}).status.ok();
    });
  }
  for (std::thread& thread : threads) thread.join();
  EXPECT_EQ(fine, 200);
  EXPECT_LE(answering_.connections(), 4);
}

TEST_F(LifetimeTest, StoppingRacesWithTheAnswer) {
  const auto client = Make(OptionsFor(answering_.endpoint()));
  for (int i = 0; i < 200; ++i) {
    std::stop_source stop;
    std::promise<Status> ended;
    client->Send(kGet, {}, std::make_shared<ClientResponse>(), {.stop = stop.get_token()},
                 [&](Status status) { ended.set_value(std::move(status)); });
    if (i % 2 == 0) std::this_thread::yield();
    stop.request_stop();
    const Status status = ended.get_future().get();
    EXPECT_TRUE(status.ok() || status.code() == StatusCode::kCancelled) << status;
  }
}

}  // namespace
}  // namespace gsh::http
