// Answers that come later, from other threads, twice, or not at all.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <atomic>
#include <future>
#include <latch>
#include <mutex>
#include <stdexcept>
#include <string>
#include <thread>
#include <utility>
#include <vector>

#include "gsh/testing/fakes.h"
#include "src/http/server_fixture.h"

namespace gsh::http {
namespace {

using gsh::testing::StatusIs;
using ::testing::AllOf;
using ::testing::EndsWith;
using ::testing::HasSubstr;
using ::testing::Not;
using ::testing::StartsWith;

const std::string kGet = "GET /later HTTP/1.1\r\n" + kClose + "\r\n";

class AsyncServerTest : public ServerTest {
 protected:
  void StartAsync(AsyncHandler handler) {
    ServerOptions options;
    options.address = "127.0.0.1:0";
    options.async_handler = std::move(handler);
    options.log = &log_;
    auto server = Server::Start(std::move(options));
    ASSERT_THAT(server, gsh::testing::IsOk());
    server_ = std::move(*server);
  }
  gsh::testing::RecordingLog log_;
};

TEST_F(AsyncServerTest, AnAnswerMayComeAtOnce) {
  StartAsync([](Request request, const Respond& respond) { respond({.body = request.path}); });
  EXPECT_THAT(Ask(kGet), EndsWith("/later"));
}

TEST_F(AsyncServerTest, OthersAreServedWhileOneWaits) {
  std::promise<Respond> waiting;
  StartAsync([&](Request request, Respond respond) {
    if (request.path == "/later") return waiting.set_value(std::move(respond));
    respond({.body = "at once"});
  });
  Socket slow(server_->port());
  ASSERT_TRUE(slow.Send(kGet));
  const Respond respond = waiting.get_future().get();
  EXPECT_THAT(Ask("GET / HTTP/1.1\r\n" + kClose + "\r\n"), EndsWith("at once"));
  respond({.body = "first"});
  respond({.body = "second"});  // ignored
  EXPECT_THAT(slow.ReadAll(), AllOf(EndsWith("first"), Not(HasSubstr("second"))));
}

TEST_F(AsyncServerTest, AnAnswerThatNeverComesIsA500) {
  StartAsync([](Request, const Respond&) {});
  EXPECT_THAT(Ask(kGet), StartsWith("HTTP/1.1 500 "));
}

TEST_F(AsyncServerTest, AnExceptionIsA500) {
  StartAsync([](Request, const Respond&) { throw std::runtime_error("the reason"); });
  EXPECT_THAT(Ask(kGet), AllOf(StartsWith("HTTP/1.1 500 "), Not(HasSubstr("the reason"))));
  EXPECT_EQ(log_.Count("the reason"), 1);
}

TEST_F(AsyncServerTest, StopWaitsForTheAnswer) {
  std::promise<Respond> waiting;
  StartAsync([&](Request, Respond respond) { waiting.set_value(std::move(respond)); });
  Socket idle(server_->port());
  Socket busy(server_->port());
  ASSERT_TRUE(busy.Send("GET / HTTP/1.1\r\nHost: h\r\n\r\n"));
  const Respond respond = waiting.get_future().get();
  auto stopped = std::async(std::launch::async, [&] { server_->Stop(); });
  EXPECT_EQ(idle.ReadAll(), "");  // it has begun to stop
  EXPECT_EQ(stopped.wait_for(std::chrono::milliseconds(0)), std::future_status::timeout);
  respond({.body = "finished"});
  EXPECT_THAT(busy.ReadAll(), AllOf(HasSubstr("Connection: close"), EndsWith("finished")));
  stopped.get();
}

// The client goes before its answer comes.
TEST_F(AsyncServerTest, AnAnswerToNobodyHarmsNobody) {
  std::promise<Respond> waiting;
  StartAsync([&](Request request, Respond respond) {
    if (request.path == "/later") return waiting.set_value(std::move(respond));
    respond({});
  });
  auto gone = std::make_unique<Socket>(server_->port());
  ASSERT_TRUE(gone->Send(kGet));
  const Respond respond = waiting.get_future().get();
  gone.reset();
  respond({.body = std::string(1u << 20, 'x')});
  EXPECT_THAT(Ask("GET / HTTP/1.1\r\n" + kClose + "\r\n"), StartsWith("HTTP/1.1 200 "));
}

TEST_F(AsyncServerTest, AnswersFromManyThreads) {
  std::mutex mutex;
  std::vector<std::jthread> threads;
  StartAsync([&](Request request, Respond respond) {
    std::lock_guard lock(mutex);
    threads.emplace_back(
        [body = request.body, respond = std::move(respond)] { respond({.body = body}); });
  });
  std::atomic<int> good = 0;
  std::vector<std::jthread> clients;
  for (int i = 0; i < 4; ++i) {
    clients.emplace_back([&] {
      for (int n = 0; n < 50; ++n) {
        if (Ask("POST / HTTP/1.1\r\n" + kClose + "Content-Length: 2\r\n\r\nok").ends_with("ok"))
          ++good;
      }
    });
  }
  clients.clear();
  EXPECT_EQ(good, 200);
  server_->Stop();
  threads.clear();
}

TEST_F(AsyncServerTest, OneHandlerIsEnough) {
  EXPECT_THAT(Server::Start({.address = "127.0.0.1:0",
                             .handler = [](const Request&) { return Response{}; },
                             .async_handler = [](Request, const Respond&) {}}),
              StatusIs(StatusCode::kInvalidArgument, HasSubstr("both")));
}

}  // namespace
}  // namespace gsh::http
