// Servers that are slow, huge, broken or gone.
#include <atomic>
#include <limits>
#include <mutex>
#include <thread>
#include <vector>

#include "src/http/client/client_fixture.h"

namespace gsh::http {
namespace {

using gsh::testing::IsOk;
using gsh::testing::StatusIs;
using std::chrono::milliseconds;
using std::chrono::seconds;
using ::testing::AnyOf;
using ::testing::HasSubstr;

// One attempt, so that the test sees the failure itself.
std::unique_ptr<Client> MakeOnce(const RawServer& server, std::uint32_t max_bytes = 1u << 20) {
  ClientOptions options = OptionsFor(server.endpoint());
  options.retry.max_attempts = 1;
  options.max_message_bytes = max_bytes;
  return Make(options);
}

Status AskOnce(RawServer::Serve serve) {
  RawServer server(std::move(serve));
  return Send(*MakeOnce(server), {}).status;
}

TEST(Hostile, NoAnswerMeetsTheDeadline) {
  RawServer server([](RawConnection& connection) { connection.WaitForClose(); });
  const Answer answer = Send(*MakeOnce(server), {}, kGet, {.timeout = milliseconds(50)});
  EXPECT_THAT(answer.status, StatusIs(StatusCode::kDeadlineExceeded));
  EXPECT_EQ(answer.response.code, 0);
}

TEST(Hostile, AnAnswerByteByByteMeetsTheDeadlineToo) {
  std::atomic<bool> more = true;
  RawServer server([&](RawConnection& connection) {
    connection.ReadRequest();
    connection.Send("HTTP/1.1 200 OK\r\nContent-Length: 1000000\r\n\r\n");
    while (more && connection.Send("x")) std::this_thread::sleep_for(milliseconds(1));
  });
  const Answer answer = Send(*MakeOnce(server), {}, kGet, {.timeout = milliseconds(100)});
  EXPECT_THAT(answer.status, StatusIs(StatusCode::kDeadlineExceeded));
  more = false;
}

TEST(Hostile, BodiesAreBounded) {
  const auto endless = [](std::string head) {
    return [head](RawConnection& connection) {
      connection.ReadRequest();
      connection.Send(head);
      const std::string chunk = "10000\r\n" + std::string(0x10000, 'x') + "\r\n";
      while (connection.Send(chunk)) {
      }
    };
  };
  for (const char* head :
       {"HTTP/1.1 200 OK\r\nContent-Length: 50000000\r\n\r\n",
        "HTTP/1.1 500 No\r\nTransfer-Encoding: chunked\r\n\r\n", "HTTP/1.1 200 OK\r\n\r\n"}) {
    EXPECT_THAT(AskOnce(endless(head)),
                StatusIs(StatusCode::kResourceExhausted, HasSubstr("max_message_bytes")));
  }
}

TEST(Hostile, ABodyOfExactlyTheBoundIsFine) {
  const std::string body(1u << 20, 'x');
  RawServer server([&](RawConnection& connection) {
    connection.ReadRequest();
    connection.Answer(body);
  });
  EXPECT_EQ(Send(*MakeOnce(server), {}).response.body, body);
  EXPECT_THAT(Send(*MakeOnce(server, (1u << 20) - 1), {}).status,
              StatusIs(StatusCode::kResourceExhausted));
}

TEST(Hostile, HeadersAreBounded) {
  EXPECT_THAT(AskOnce([](RawConnection& connection) {
                connection.ReadRequest();
                connection.Send("HTTP/1.1 200 OK\r\n");
                while (connection.Send("A: " + std::string(1000, 'b') + "\r\n")) {
                }
              }),
              StatusIs(StatusCode::kResourceExhausted, HasSubstr("64 KiB")));
  // One endless line.
  EXPECT_FALSE(AskOnce([](RawConnection& connection) {
                 connection.ReadRequest();
                 connection.Send("HTTP/1.1 200 OK\r\nA: ");
                 while (connection.Send(std::string(1000, 'b'))) {
                 }
               }).ok());
}

TEST(Hostile, EndlessContinuesAreBounded) {
  EXPECT_FALSE(AskOnce([](RawConnection& connection) {
                 connection.ReadRequest();
                 while (connection.Send("HTTP/1.1 100 Continue\r\n\r\n")) {
                 }
               }).ok());
}

TEST(Hostile, WhatIsNotHttpOrEndsEarlyIsAnError) {
  for (const char* text :
       {"", "garbage\r\n\r\n", "HTTP/1.1 200", "HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\nfive",
        "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nab",
        "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\nab",
        "HTTP/1.1 200 OK\r\nContent-Length: -5\r\n\r\n"}) {
    const Status status = AskOnce([&](RawConnection& connection) {
      connection.ReadRequest();
      connection.Send(text);
    });
    EXPECT_THAT(status.code(), AnyOf(StatusCode::kUnavailable, StatusCode::kInternal)) << text;
  }
}

TEST(Hostile, AResetIsUnavailable) {
  EXPECT_THAT(AskOnce([](RawConnection& connection) {
                connection.ReadRequest();
                connection.Send("HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\nfive");
                connection.ResetOnClose();
              }),
              StatusIs(StatusCode::kUnavailable));
}

TEST(Hostile, WhereNobodyListensNothingWasSentAndAnythingMayBeRepeated) {
  std::string endpoint;
  {
    const RawServer gone([](RawConnection&) {});
    endpoint = gone.endpoint();
  }
  ClientOptions options = OptionsFor(endpoint);
  options.retry.max_attempts = 3;
  const auto client = Make(options);
  const Answer answer = Send(*client, {.method = "POST", .body = "{}"}, kCreate);
  EXPECT_THAT(answer.status,
              StatusIs(StatusCode::kUnavailable, HasSubstr("nothing listens at " + endpoint)));
  EXPECT_EQ(answer.status.info()->name, kNotSent);
  EXPECT_EQ(answer.status.info()->attempts, 3);
  EXPECT_EQ(answer.status.info()->retry_stop, RetryStop::kExhausted);
}

// Curl itself would repeat any request on a kept connection that closes without an answer.
class ClosedAfterTheFirst : public ::testing::Test {
 protected:
  std::vector<std::string> AskTwice(ClientRequest request, const rpc::Method& method) {
    std::mutex mutex;
    std::vector<std::string> seen;
    RawServer server([&](RawConnection& connection) {
      for (;;) {
        const std::string got = connection.ReadRequest();
        if (got.empty()) return;
        std::lock_guard lock(mutex);
        seen.push_back(got);
        if (seen.size() == 2) return;  // it may have been done
        connection.Answer("ok");
      }
    });
    const auto client = MakeOnce(server);
    EXPECT_THAT(Send(*client, request, method).status, IsOk());
    second_ = Send(*client, request, method).status;
    std::lock_guard lock(mutex);
    return seen;
  }
  Status second_;
};

TEST_F(ClosedAfterTheFirst, ACreationIsNotSentAgain) {
  EXPECT_EQ(AskTwice({.method = "POST", .body = "{}"}, kCreate).size(), 2u);
  EXPECT_THAT(second_, StatusIs(StatusCode::kUnavailable));
  EXPECT_EQ(second_.info()->retry_stop, RetryStop::kNotIdempotent);
}

TEST_F(ClosedAfterTheFirst, NorWithoutABody) {
  EXPECT_EQ(AskTwice({.method = "POST"}, kCreate).size(), 2u);
  EXPECT_THAT(second_, StatusIs(StatusCode::kUnavailable));
}

TEST_F(ClosedAfterTheFirst, AReadIsSentAgain) {
  EXPECT_EQ(AskTwice({}, kGet).size(), 3u);
  EXPECT_THAT(second_, IsOk());
}

TEST_F(ClosedAfterTheFirst, AnUpdateIsSentAgainWithAllOfItsBody) {
  const std::string body(100'000, 'x');
  const auto seen = AskTwice({.method = "PUT", .body = body}, kGet);
  ASSERT_EQ(seen.size(), 3u);
  EXPECT_TRUE(seen.back().ends_with("\r\n\r\n" + body));
  EXPECT_THAT(second_, IsOk());
}

TEST(Hostile, ABusyServerThatTakesNoConnectionsIsUnavailableSoon) {
  // A backlog of one that is full: further connections get no answer.
  const int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
  sockaddr_in address = {};
  address.sin_family = AF_INET;
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  socklen_t size = sizeof address;
  ASSERT_EQ(bind(fd, reinterpret_cast<sockaddr*>(&address), size), 0);
  ASSERT_EQ(listen(fd, 0), 0);
  getsockname(fd, reinterpret_cast<sockaddr*>(&address), &size);
  std::vector<int> fillers;
  for (int i = 0; i < 4; ++i) {
    fillers.push_back(socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0));
    static_cast<void>(connect(fillers.back(), reinterpret_cast<sockaddr*>(&address), size));
  }
  ClientOptions options = OptionsFor("127.0.0.1:" + std::to_string(ntohs(address.sin_port)));
  options.retry.max_attempts = 1;
  const auto client = Make(options, {.connect_timeout = milliseconds(50)});
  const Status status = Send(*client, {}).status;
  EXPECT_THAT(status, StatusIs(StatusCode::kUnavailable));
  EXPECT_EQ(status.info()->name, kNotSent);
  for (const int filler : fillers) close(filler);
  close(fd);
}

}  // namespace
}  // namespace gsh::http
