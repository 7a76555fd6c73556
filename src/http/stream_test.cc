// Responses that are written piece by piece.
#include <future>
#include <memory>
#include <string>
#include <thread>

#include "src/http/body_stream.h"
#include "src/http/server_fixture.h"

namespace gsh::http {
namespace {

using ::testing::EndsWith;
using ::testing::HasSubstr;
using ::testing::StartsWith;

class ServerStreamTest : public ServerTest {
 protected:
  void StartStreaming(ServerOptions options = {}) {
    options.handler = [this](const Request&) {
      return Response{.content_type = "application/json", .stream = body_};
    };
    Start(std::move(options));
  }

  const std::shared_ptr<BodyStream> body_ = std::make_shared<BodyStream>();
  const std::string get_ = "GET / HTTP/1.1\r\nHost: h\r\n\r\n";
};

TEST_F(ServerStreamTest, PiecesComeAsTheyAreWritten) {
  StartStreaming();
  Socket socket(server_->port());
  ASSERT_TRUE(socket.Send(get_));
  const std::string head = socket.ReadUntil("\r\n\r\n");
  EXPECT_THAT(head, StartsWith("HTTP/1.1 200 OK\r\n"));
  EXPECT_THAT(head, HasSubstr("Transfer-Encoding: chunked\r\n"));
  EXPECT_THAT(head, ::testing::Not(HasSubstr("Content-Length")));
  ASSERT_TRUE(body_->Write("one\n"));
  EXPECT_EQ(socket.ReadUntil("one\n\r\n"), "4\r\none\n\r\n");
  ASSERT_TRUE(body_->Write("two\n"));
  EXPECT_EQ(socket.ReadUntil("two\n\r\n"), "4\r\ntwo\n\r\n");
  body_->End();
  EXPECT_EQ(socket.ReadUntil("0\r\n\r\n"), "0\r\n\r\n");
}

TEST_F(ServerStreamTest, WhatWasWrittenBeforeWaitsAndTheConnectionIsKept) {
  body_->Write("early");
  body_->End();
  StartStreaming();
  Socket socket(server_->port());
  for (int i = 0; i < 2; ++i) {
    ASSERT_TRUE(socket.Send(get_));
    EXPECT_THAT(socket.ReadUntil("0\r\n\r\n"),
                EndsWith(i == 0 ? "5\r\nearly\r\n0\r\n\r\n" : "0\r\n\r\n"));
  }
}

TEST_F(ServerStreamTest, ABrokenOneHasNoEnd) {
  StartStreaming();
  Socket socket(server_->port());
  ASSERT_TRUE(socket.Send(get_));
  socket.ReadUntil("\r\n\r\n");
  body_->Break();
  EXPECT_EQ(socket.ReadAll(), "");
}

TEST_F(ServerStreamTest, AClientThatClosesIsNoticed) {
  StartStreaming();
  {
    Socket socket(server_->port());
    ASSERT_TRUE(socket.Send(get_));
    socket.ReadUntil("\r\n\r\n");
  }
  while (server_->connections() > 0) std::this_thread::yield();
  EXPECT_FALSE(body_->Write("x"));
}

TEST_F(ServerStreamTest, ItLastsLongerThanARequestMay) {
  ServerOptions options;
  options.request_timeout = std::chrono::milliseconds(50);
  StartStreaming(std::move(options));
  Socket socket(server_->port());
  ASSERT_TRUE(socket.Send(get_));
  socket.ReadUntil("\r\n\r\n");
  EXPECT_FALSE(socket.Readable(std::chrono::milliseconds(200)));
  EXPECT_TRUE(body_->Write("x"));
  EXPECT_EQ(socket.ReadUntil("x\r\n"), "1\r\nx\r\n");
}

TEST_F(ServerStreamTest, AClientThatDoesNotReadIsCutOff) {
  ServerOptions options;
  options.request_timeout = std::chrono::milliseconds(50);
  StartStreaming(std::move(options));
  Socket socket(server_->port());
  ASSERT_TRUE(socket.Send(get_));
  while (body_->Write(std::string(1u << 20, 'x'))) std::this_thread::yield();
  while (server_->connections() > 0) std::this_thread::yield();
}

TEST_F(ServerStreamTest, StoppingDoesNotWaitForTheEnd) {
  StartStreaming();
  Socket socket(server_->port());
  ASSERT_TRUE(socket.Send(get_));
  socket.ReadUntil("\r\n\r\n");
  server_->Stop();
  EXPECT_EQ(socket.ReadAll(), "");
  EXPECT_FALSE(body_->Write("x"));
}

TEST_F(ServerStreamTest, OldClientsAreRefused) {
  StartStreaming();
  EXPECT_THAT(Ask("GET / HTTP/1.0\r\n\r\n"), StartsWith("HTTP/1.1 505"));
}

}  // namespace
}  // namespace gsh::http
