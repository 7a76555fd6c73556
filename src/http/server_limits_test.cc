// Clients that send too much, too slowly or nothing, that do not read, that are too many.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <chrono>
#include <memory>
#include <string>
#include <thread>
#include <utility>
#include <vector>

#include "src/http/server_fixture.h"

namespace gsh::http {
namespace {

using std::chrono::milliseconds;
using ::testing::EndsWith;
using ::testing::StartsWith;

TEST_F(ServerTest, BoundsHeaderAndBody) {
  ServerOptions options;
  options.max_header_bytes = 1024;
  options.max_body_bytes = 10;
  Start(std::move(options));
  const std::string filler(2000, 'x');
  EXPECT_THAT(Ask("GET / HTTP/1.1\r\nX: " + filler + "\r\n" + kClose + "\r\n"),
              StartsWith("HTTP/1.1 431 "));
  EXPECT_THAT(Ask("GET / HTTP/1.1\r\nX: " + std::string(900, 'x') + "\r\n" + kClose + "\r\n"),
              StartsWith("HTTP/1.1 200 "));
  const std::string post = "POST / HTTP/1.1\r\n" + kClose;
  EXPECT_THAT(Ask(post + "Content-Length: 11\r\n\r\nabcdefghijk"), StartsWith("HTTP/1.1 413 "));
  EXPECT_THAT(Ask(post + "Content-Length: 10\r\n\r\nabcdefghij"), StartsWith("HTTP/1.1 200 "));
  EXPECT_THAT(
      Ask(post + "Transfer-Encoding: chunked\r\n\r\n6\r\nabcdef\r\n6\r\nabcdef\r\n0\r\n\r\n"),
      StartsWith("HTTP/1.1 413 "));
  EXPECT_EQ(calls_, 2);
}

TEST_F(ServerTest, ARefusalReachesAClientThatIsStillSending) {
  ServerOptions options;
  options.max_body_bytes = 10;
  Start(std::move(options));
  const std::string answer = Ask("POST / HTTP/1.1\r\n" + kClose + "Content-Length: 200000\r\n\r\n" +
                                 std::string(100'000, 'x'));
  EXPECT_THAT(answer, StartsWith("HTTP/1.1 413 "));
}

// One byte every few milliseconds resets any timeout of a single read, but not the request's
// deadline.
TEST_F(ServerTest, ASlowClientIsCutOffAndHoldsNobodyUp) {
  ServerOptions options;
  options.request_timeout = milliseconds(300);
  Start(std::move(options));
  std::vector<std::unique_ptr<Socket>> slow;
  for (int i = 0; i < 50; ++i) {
    slow.push_back(std::make_unique<Socket>(server_->port()));
    ASSERT_TRUE(slow.back()->Send("GET / HTTP/1.1\r\nX: "));
  }
  EXPECT_THAT(Ask("GET /fast HTTP/1.1\r\n" + kClose + "\r\n"), EndsWith("GET /fast? []"));
  const auto start = std::chrono::steady_clock::now();
  while (!slow[0]->Readable(milliseconds(10)) &&
         std::chrono::steady_clock::now() - start < kPatience) {
    slow[0]->Send("x");
  }
  EXPECT_LT(std::chrono::steady_clock::now() - start, kPatience / 2);
  for (const auto& socket : slow) EXPECT_EQ(socket->ReadAll(), "");
}

TEST_F(ServerTest, ASlowBodyIsCutOff) {
  ServerOptions options;
  options.request_timeout = milliseconds(100);
  Start(std::move(options));
  EXPECT_EQ(Ask("POST / HTTP/1.1\r\n" + kClose + "Content-Length: 10\r\n\r\nabc"), "");
  EXPECT_EQ(calls_, 0);
}

TEST_F(ServerTest, AClientThatDoesNotReadIsCutOff) {
  ServerOptions options;
  options.request_timeout = milliseconds(200);
  options.handler = [](const Request&) { return Response{.body = std::string(64u << 20, 'x')}; };
  Start(std::move(options));
  Socket socket(server_->port());
  ASSERT_TRUE(socket.Send("GET / HTTP/1.1\r\n" + kClose + "\r\n"));
  const auto start = std::chrono::steady_clock::now();
  ASSERT_TRUE(socket.Readable());
  while (server_->connections() > 0 && std::chrono::steady_clock::now() - start < kPatience) {
    std::this_thread::yield();
  }
  EXPECT_EQ(server_->connections(), 0u);
  EXPECT_LT(socket.ReadAll().size(), 64u << 20);
}

TEST_F(ServerTest, IdleConnectionsEnd) {
  ServerOptions options;
  options.idle_timeout = milliseconds(50);
  Start(std::move(options));
  Socket fresh(server_->port());
  EXPECT_EQ(fresh.ReadAll(), "");
  EXPECT_THAT(Ask("GET / HTTP/1.1\r\nHost: h\r\n\r\n"), EndsWith("GET /? []"));
}

TEST_F(ServerTest, ConnectionsAreBounded) {
  ServerOptions options;
  options.max_connections = 4;
  Start(std::move(options));
  std::vector<std::unique_ptr<Socket>> open;
  for (int i = 0; i < 4; ++i) {
    open.push_back(std::make_unique<Socket>(server_->port()));
    ASSERT_TRUE(open.back()->Send("GET / HTTP/1.1\r\nHost: h\r\n\r\n"));
    open.back()->ReadUntil("GET /? []");
  }
  EXPECT_EQ(server_->connections(), 4u);
  EXPECT_EQ(Socket(server_->port()).ReadAll(), "");
  open.pop_back();
  std::string answer;
  const auto start = std::chrono::steady_clock::now();
  while (answer.empty() && std::chrono::steady_clock::now() - start < kPatience) {
    Socket again(server_->port());
    again.Send("GET / HTTP/1.1\r\n" + kClose + "\r\n");
    answer = again.ReadAll();
  }
  EXPECT_THAT(answer, EndsWith("GET /? []"));
}

}  // namespace
}  // namespace gsh::http
