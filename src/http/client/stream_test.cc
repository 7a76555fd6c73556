// Answers that are read as they come.
#include <atomic>
#include <condition_variable>
#include <mutex>
#include <stop_token>
#include <thread>

#include "src/http/client/client_fixture.h"

namespace gsh::http {
namespace {

using gsh::testing::IsOk;
using gsh::testing::StatusIs;
using std::chrono::milliseconds;
using std::chrono::seconds;

const std::string kChunked = "HTTP/1.1 200 OK\r\nX-A: b\r\nTransfer-Encoding: chunked\r\n\r\n";

TEST(Stream, ChunksComeAsTheyAreSent) {
  std::mutex mutex;
  std::condition_variable changed;
  int seen = 0;
  RawServer server([&](RawConnection& connection) {
    connection.ReadRequest();
    connection.Send(kChunked);
    connection.Send("1\r\na\r\n");
    std::unique_lock lock(mutex);
    if (!changed.wait_for(lock, seconds(20), [&] { return seen == 1; })) return;
    connection.Send("2\r\nbc\r\n");
    connection.Send("0\r\n\r\n");
  });
  const auto client = Make(OptionsFor(server.endpoint()));
  const Streamed streamed = Stream(*client, {}, {.timeout = seconds(20)}, [&](std::string_view c) {
    std::lock_guard lock(mutex);
    if (!c.empty()) ++seen;
    changed.notify_all();
    return true;
  });
  EXPECT_THAT(streamed.status, IsOk());
  EXPECT_EQ(streamed.body, "abc");
  EXPECT_EQ(streamed.chunks, 3);  // the headers are the first
  EXPECT_EQ(streamed.response.code, 200);
  EXPECT_EQ(*FindHeader(streamed.response.headers, "x-a"), "b");
}

TEST(Stream, TheHeadersAreNewsWithoutABody) {
  std::stop_source stop;
  RawServer server([&](RawConnection& connection) {
    connection.ReadRequest();
    connection.Send(kChunked);
    connection.WaitForClose();
  });
  const auto client = Make(OptionsFor(server.endpoint()));
  const Streamed streamed = Stream(*client, {}, {.timeout = seconds(20), .stop = stop.get_token()},
                                   [&](std::string_view) { return stop.request_stop(), true; });
  EXPECT_THAT(streamed.status, StatusIs(StatusCode::kCancelled));
  EXPECT_EQ(streamed.chunks, 1);
}

TEST(Stream, TheReaderMayEndIt) {
  RawServer server([&](RawConnection& connection) {
    connection.ReadRequest();
    connection.Send(kChunked);
    while (connection.Send("3\r\nabc\r\n")) {
    }
  });
  const auto client = Make(OptionsFor(server.endpoint()));
  const Streamed streamed =
      Stream(*client, {}, {.timeout = seconds(20)}, [](std::string_view c) { return c.empty(); });
  EXPECT_THAT(streamed.status, IsOk());
  EXPECT_EQ(streamed.chunks, 2);
}

TEST(Stream, AnErrorsBodyIsInTheResponse) {
  RawServer server([&](RawConnection& connection) {
    connection.ReadRequest();
    connection.Answer("gone away", "410 Gone");
  });
  const auto client = Make(OptionsFor(server.endpoint()));
  const Streamed streamed = Stream(*client, {});
  EXPECT_THAT(streamed.status, StatusIs(StatusCode::kNotFound));
  EXPECT_EQ(streamed.response.code, 410);
  EXPECT_EQ(streamed.response.body, "gone away");
  EXPECT_EQ(streamed.chunks, 0);
}

TEST(Stream, WhatEndsEarlyIsUnavailableAfterWhatCame) {
  RawServer server([&](RawConnection& connection) {
    connection.ReadRequest();
    connection.Send(kChunked + "3\r\nabc\r\n");
  });
  const auto client = Make(OptionsFor(server.endpoint()));
  const Streamed streamed = Stream(*client, {});
  EXPECT_THAT(streamed.status, StatusIs(StatusCode::kUnavailable));
  EXPECT_EQ(streamed.body, "abc");
}

TEST(Stream, ASlowReaderHoldsTheServerBack) {
  constexpr std::size_t kAll = 64u << 20;
  std::atomic<std::size_t> sent = 0;
  std::atomic<bool> ended = false;
  RawServer server([&](RawConnection& connection) {
    connection.ReadRequest();
    connection.Send("HTTP/1.1 200 OK\r\nContent-Length: " + std::to_string(kAll) + "\r\n\r\n");
    const std::string piece(64u << 10, 'x');
    for (; sent < kAll && connection.Send(piece); sent += piece.size()) {
    }
    ended = true;
    connection.WaitForClose();
  });
  const auto client = Make(OptionsFor(server.endpoint()));
  bool first = true;
  std::size_t received = 0;
  std::size_t sent_meanwhile = 0;
  auto response = std::make_shared<ClientResponse>();
  const Status status = internal::Await<Status>({}, [&](CallOptions options, auto done) {
    options.executor = MakeThreadPool(1);
    client->Stream(
        kGet, {}, response,
        [&](std::string_view chunk) {
          if (std::exchange(first, false)) {
            // Until nothing moves any more.
            for (std::size_t before = 1; before != sent || sent == 0;) {
              before = sent;
              std::this_thread::sleep_for(milliseconds(50));
            }
            sent_meanwhile = sent;
          }
          received += chunk.size();
          return true;
        },
        options, done);
  });
  EXPECT_THAT(status, IsOk());
  EXPECT_EQ(received, kAll);
  EXPECT_LT(sent_meanwhile, kAll / 2);  // sockets hold some megabytes
}

TEST(Stream, ADeadlineEndsIt) {
  RawServer server([&](RawConnection& connection) {
    connection.ReadRequest();
    connection.Send(kChunked);
    connection.WaitForClose();
  });
  const auto client = Make(OptionsFor(server.endpoint()));
  EXPECT_THAT(Stream(*client, {}, {.timeout = milliseconds(50)}).status,
              StatusIs(StatusCode::kDeadlineExceeded));
}

}  // namespace
}  // namespace gsh::http
