// What clients ask and get, one after the other and many at once; starting and stopping.
#include "src/http/server.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <atomic>
#include <chrono>
#include <future>
#include <latch>
#include <stdexcept>
#include <string>
#include <thread>
#include <utility>
#include <vector>

#include "gsh/executor.h"
#include "gsh/testing/fakes.h"
#include "gsh/testing/matchers.h"
#include "src/http/server_fixture.h"

namespace gsh::http {
namespace {

using gsh::testing::StatusIs;
using std::chrono::milliseconds;
using ::testing::AllOf;
using ::testing::EndsWith;
using ::testing::HasSubstr;
using ::testing::Not;
using ::testing::StartsWith;

TEST_F(ServerTest, AnswersAGet) {
  Start();
  const std::string answer = Ask("GET /a%20b?x=1 HTTP/1.1\r\n" + kClose + "\r\n");
  EXPECT_THAT(answer, StartsWith("HTTP/1.1 200 OK\r\n"));
  EXPECT_THAT(answer, AllOf(HasSubstr("Content-Type: text/plain; charset=utf-8\r\n"),
                            HasSubstr("Content-Length: 15\r\n"), HasSubstr("Connection: close\r\n"),
                            HasSubstr("Date: ")));
  EXPECT_THAT(answer, EndsWith("\r\n\r\nGET /a b?x=1 []"));
}

TEST_F(ServerTest, PassesHeadersAndPeerOn) {
  Request seen;
  ServerOptions options;
  options.handler = [&](const Request& request) { return seen = request, Response{.code = 204}; };
  Start(std::move(options));
  const std::string answer =
      Ask("GET /?ticket=a%2Fb HTTP/1.1\r\nX-One: 1\r\nX-one: 2\r\n" + kClose + "\r\n");
  EXPECT_THAT(answer, AllOf(StartsWith("HTTP/1.1 204 "), Not(HasSubstr("Content-Length"))));
  ASSERT_NE(seen.FindHeader("x-ONE"), nullptr);
  EXPECT_EQ(*seen.FindHeader("x-ONE"), "1");
  EXPECT_EQ(seen.FindHeader("X-Two"), nullptr);
  EXPECT_EQ(seen.JoinedHeader("X-ONE"), "1,2");
  EXPECT_EQ(seen.JoinedHeader("X-Two"), "");
  EXPECT_EQ(seen.QueryValue("ticket"), "a/b");
  EXPECT_THAT(seen.peer, StartsWith("127.0.0.1:"));
}

TEST_F(ServerTest, KeepsAliveAndPipelines) {
  Start();
  Socket socket(server_->port());
  const std::string get = "GET /1 HTTP/1.1\r\nHost: h\r\n\r\n";
  ASSERT_TRUE(socket.Send(get));
  EXPECT_THAT(socket.ReadUntil("GET /1? []"), StartsWith("HTTP/1.1 200"));
  ASSERT_TRUE(socket.Send(get + get + "GET /2 HTTP/1.1\r\n" + kClose + "\r\n"));
  EXPECT_THAT(socket.ReadAll(), AllOf(StartsWith("HTTP/1.1 200"), EndsWith("GET /2? []")));
  EXPECT_EQ(calls_, 4);
}

TEST_F(ServerTest, Http10Closes) {
  Start();
  EXPECT_THAT(Ask("GET / HTTP/1.0\r\n\r\n"), AllOf(StartsWith("HTTP/1.0 200"), EndsWith("[]")));
}

TEST_F(ServerTest, HeadHasTheLengthButNoBody) {
  Start();
  const std::string answer = Ask("HEAD / HTTP/1.1\r\n" + kClose + "\r\n");
  EXPECT_THAT(answer, AllOf(HasSubstr("Content-Length: 10\r\n"), EndsWith("\r\n\r\n")));
}

TEST_F(ServerTest, ReadsBodies) {
  Start();
  EXPECT_THAT(Ask("POST / HTTP/1.1\r\n" + kClose + "Content-Length: 3\r\n\r\nabc"),
              EndsWith("[abc]"));
  EXPECT_THAT(Ask("POST / HTTP/1.1\r\n" + kClose +
                  "Transfer-Encoding: Chunked\r\n\r\n2\r\nab\r\n1\r\nc\r\n0\r\n\r\n"),
              EndsWith("[abc]"));
}

TEST_F(ServerTest, ReadsWhatComesByteByByte) {
  Start();
  const std::string requests =
      "POST / HTTP/1.1\r\nHost: h\r\nContent-Length: 3\r\n\r\nabc"
      "POST / HTTP/1.1\r\n" +
      kClose + "Transfer-Encoding: chunked\r\n\r\n2\r\nde\r\n1\r\nf\r\n0\r\n\r\n";
  Socket socket(server_->port());
  const int at_once = 1;
  setsockopt(socket.fd(), IPPROTO_TCP, TCP_NODELAY, &at_once, sizeof at_once);
  for (const char byte : requests) ASSERT_TRUE(socket.Send(std::string(1, byte)));
  const std::string replies = socket.ReadAll();
  EXPECT_THAT(replies, HasSubstr("[abc]"));
  EXPECT_THAT(replies, EndsWith("[def]"));
}

TEST_F(ServerTest, SendsBodiesOfAnySize) {
  ServerOptions options;
  options.handler = [](const Request& request) {
    return Response{.body = std::string(std::stoul(request.QueryValue("size")), 'x')};
  };
  Start(std::move(options));
  for (const std::size_t size :
       {std::size_t{0}, std::size_t{16} << 10, (std::size_t{16} << 10) + 1, std::size_t{5} << 20}) {
    const std::string length = std::to_string(size);
    EXPECT_THAT(Ask("GET /?size=" + length + " HTTP/1.1\r\n" + kClose + "\r\n"),
                EndsWith("Content-Length: " + length + "\r\n\r\n" + std::string(size, 'x')));
  }
}

TEST_F(ServerTest, ResponsesWithoutABodyHaveNone) {
  ServerOptions options;
  options.handler = [](const Request&) { return Response{.code = 204, .body = "no"}; };
  Start(std::move(options));
  const std::string reply = Ask("GET / HTTP/1.1\r\n" + kClose + "\r\n");
  EXPECT_THAT(reply, StartsWith("HTTP/1.1 204 No Content\r\n"));
  EXPECT_THAT(reply, EndsWith("\r\n\r\n"));
  EXPECT_THAT(reply, Not(HasSubstr("Content-Length")));
}

TEST_F(ServerTest, SaysContinueWhenAsked) {
  Start();
  Socket socket(server_->port());
  ASSERT_TRUE(socket.Send("POST / HTTP/1.1\r\n" + kClose +
                          "Expect: 100-continue\r\nContent-Length: 3\r\n\r\n"));
  EXPECT_THAT(socket.ReadUntil("\r\n\r\n"), StartsWith("HTTP/1.1 100 "));
  ASSERT_TRUE(socket.Send("abc"));
  EXPECT_THAT(socket.ReadAll(), EndsWith("[abc]"));
}

TEST_F(ServerTest, HandlersHeadersCannotSplitTheResponse) {
  ServerOptions options;
  options.handler = [](const Request&) {
    return Response{.content_type = "text/plain\r\nX-Type: evil",
                    .headers = {{"X-Good", "1"},
                                {"X-Bad", "1\r\nX-Evil: 1"},
                                {"X-Evil: 2\r\nX", "1"},
                                {"X-Control", "evil\x01"},
                                {"content-length", "99"},
                                {"WWW-Authenticate", "Basic realm=\"gsh\""}}};
  };
  Start(std::move(options));
  const std::string answer = Ask("GET / HTTP/1.1\r\n" + kClose + "\r\n");
  EXPECT_THAT(answer, AllOf(HasSubstr("X-Good: 1\r\n"), HasSubstr("WWW-Authenticate: Basic"),
                            Not(HasSubstr("vil")), Not(HasSubstr("99"))));
}

TEST_F(ServerTest, AnExceptionOfTheHandlerIsA500) {
  gsh::testing::RecordingLog log;
  ServerOptions options;
  options.log = &log;
  options.handler = [](const Request&) -> Response { throw std::runtime_error("the reason"); };
  Start(std::move(options));
  const std::string answer = Ask("GET / HTTP/1.1\r\n" + kClose + "\r\n");
  EXPECT_THAT(answer, AllOf(StartsWith("HTTP/1.1 500 "), Not(HasSubstr("the reason"))));
  EXPECT_EQ(log.Count("the reason"), 1);
}

TEST_F(ServerTest, ManyClientsAtOnce) {
  Start();
  std::atomic<int> good = 0;
  std::vector<std::jthread> clients;
  for (int i = 0; i < 8; ++i) {
    clients.emplace_back([&] {
      for (int n = 0; n < 50; ++n) {
        Socket socket(server_->port());
        socket.Send("POST / HTTP/1.1\r\n" + kClose + "Content-Length: 2\r\n\r\nok");
        if (socket.ReadAll().ends_with("[ok]")) ++good;
      }
    });
  }
  clients.clear();
  EXPECT_EQ(good, 400);
}

TEST_F(ServerTest, HandlersOnAnExecutorRunAtTheSameTime) {
  std::latch both(2);
  ServerOptions options;
  options.executor = MakeThreadPool(2);
  options.handler = [&](const Request&) {
    both.arrive_and_wait();
    return Response{.body = "both"};
  };
  Start(std::move(options));
  auto first =
      std::async(std::launch::async, [&] { return Ask("GET / HTTP/1.1\r\n" + kClose + "\r\n"); });
  EXPECT_THAT(Ask("GET / HTTP/1.1\r\n" + kClose + "\r\n"), EndsWith("both"));
  EXPECT_THAT(first.get(), EndsWith("both"));
}

TEST_F(ServerTest, StopLetsARequestFinish) {
  std::latch entered(1);
  std::latch leave(1);
  ServerOptions options;
  options.executor = MakeThreadPool(1);
  options.handler = [&](const Request&) {
    entered.count_down();
    leave.wait();
    return Response{.body = "finished"};
  };
  Start(std::move(options));
  Socket idle(server_->port());
  Socket busy(server_->port());
  ASSERT_TRUE(busy.Send("GET / HTTP/1.1\r\nHost: h\r\n\r\n"));
  entered.wait();
  auto stopped = std::async(std::launch::async, [&] { server_->Stop(); });
  EXPECT_EQ(idle.ReadAll(), "");
  EXPECT_EQ(stopped.wait_for(milliseconds(0)), std::future_status::timeout);
  leave.count_down();
  EXPECT_THAT(busy.ReadAll(), AllOf(HasSubstr("Connection: close"), EndsWith("finished")));
  stopped.get();
  EXPECT_FALSE(Socket(server_->port()).connected());
  server_->Stop();  // again: nothing happens
}

TEST_F(ServerTest, StopWaitsForAHandlerThatTakesTooLong) {
  std::latch entered(1);
  std::promise<void> leave;
  std::atomic<bool> left = false;
  ServerOptions options;
  options.request_timeout = milliseconds(50);
  options.executor = MakeThreadPool(1);
  options.handler = [&](const Request&) {
    entered.count_down();
    leave.get_future().wait();
    left = true;
    return Response{};
  };
  Start(std::move(options));
  Socket busy(server_->port());
  ASSERT_TRUE(busy.Send("GET / HTTP/1.1\r\nHost: h\r\n\r\n"));
  entered.wait();
  auto stopped = std::async(std::launch::async, [&] {
    server_->Stop();
    return left.load();
  });
  EXPECT_EQ(busy.ReadAll(), "");  // Stop closed it when request_timeout was over
  leave.set_value();
  EXPECT_TRUE(stopped.get());
}

TEST_F(ServerTest, BadOptionsAndAddresses) {
  EXPECT_THAT(Server::Start({.address = "127.0.0.1:0"}), StatusIs(StatusCode::kInvalidArgument));
  const Handler handler = [](const Request&) { return Response{}; };
  EXPECT_THAT(Server::Start({.address = "nonsense", .handler = handler}),
              StatusIs(StatusCode::kInvalidArgument));
  Start();
  EXPECT_THAT(Server::Start(
                  {.address = "127.0.0.1:" + std::to_string(server_->port()), .handler = handler}),
              StatusIs(StatusCode::kUnavailable, HasSubstr("cannot listen on 127.0.0.1:")));
}

TEST_F(ServerTest, NoHostIsAllAddresses) {
  ServerOptions options;
  options.address = ":0";
  Start(std::move(options));
  EXPECT_THAT(Ask("GET / HTTP/1.1\r\n" + kClose + "\r\n"), EndsWith("GET /? []"));
}

}  // namespace
}  // namespace gsh::http
