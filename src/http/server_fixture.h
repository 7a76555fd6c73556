// What the tests of the server share: raw sockets, and a server that says what it was asked.
#ifndef GSH_SRC_HTTP_SERVER_FIXTURE_H_
#define GSH_SRC_HTTP_SERVER_FIXTURE_H_

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <poll.h>
#include <sys/socket.h>
#include <sys/time.h>
#include <unistd.h>

#include <atomic>
#include <chrono>
#include <csignal>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>
#include <utility>

#include "gsh/testing/matchers.h"
#include "src/http/server.h"

namespace gsh::http {

inline constexpr std::chrono::milliseconds kPatience{20'000};  // fails instead of hanging
inline const std::string kClose = "Host: h\r\nConnection: close\r\n";

class Socket {
 public:
  explicit Socket(int port) : fd_(socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0)) {
    sockaddr_in address = {};
    address.sin_family = AF_INET;
    address.sin_port = htons(static_cast<std::uint16_t>(port));
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    connected_ = connect(fd_, reinterpret_cast<sockaddr*>(&address), sizeof address) == 0;
  }
  ~Socket() { close(fd_); }
  Socket(const Socket&) = delete;
  Socket& operator=(const Socket&) = delete;

  bool connected() const { return connected_; }
  int fd() const { return fd_; }
  bool Send(const std::string& text) const {
    return send(fd_, text.data(), text.size(), MSG_NOSIGNAL) == static_cast<ssize_t>(text.size());
  }
  void SetTimeout(std::chrono::milliseconds patience) const {
    const timeval limit = {patience.count() / 1000, patience.count() % 1000 * 1000};
    setsockopt(fd_, SOL_SOCKET, SO_RCVTIMEO, &limit, sizeof limit);
    setsockopt(fd_, SOL_SOCKET, SO_SNDTIMEO, &limit, sizeof limit);
  }
  // Until something is there to read, or the end.
  bool Readable(std::chrono::milliseconds patience = kPatience) const {
    pollfd fds = {fd_, POLLIN, 0};
    return poll(&fds, 1, static_cast<int>(patience.count())) > 0;
  }
  // What comes until the server closes; "(timeout)" at the end if it does not.
  std::string ReadAll() const {
    std::string text;
    char chunk[65536];
    for (;;) {
      if (!Readable()) return text + "(timeout)";
      const ssize_t count = recv(fd_, chunk, sizeof chunk, 0);
      if (count <= 0) return text;
      text.append(chunk, static_cast<std::size_t>(count));
    }
  }
  // What comes until `end` is there.
  std::string ReadUntil(const std::string& end) const {
    std::string text;
    char byte = 0;
    while (!text.ends_with(end)) {
      if (!Readable() || recv(fd_, &byte, 1, 0) != 1) return text + "(no more)";
      text += byte;
    }
    return text;
  }

 private:
  int fd_;
  bool connected_ = false;
};

class ServerTest : public ::testing::Test {
 protected:
  // OpenSSL's socket BIO in AskTls writes without MSG_NOSIGNAL.
  static void SetUpTestSuite() { std::signal(SIGPIPE, SIG_IGN); }

  void Start(ServerOptions options = {}) {
    if (options.address.empty()) options.address = "127.0.0.1:0";
    if (!options.handler) {
      options.handler = [this](const Request& request) {
        ++calls_;
        return Response{.body = request.method + " " + request.path + "?" + request.query + " [" +
                                request.body + "]"};
      };
    }
    auto server = Server::Start(std::move(options));
    ASSERT_THAT(server, gsh::testing::IsOk());
    server_ = std::move(*server);
  }
  // The whole answer to one message, after which the server closes.
  std::string Ask(const std::string& message) {
    Socket socket(server_->port());
    EXPECT_TRUE(socket.Send(message));
    return socket.ReadAll();
  }

  std::atomic<int> calls_ = 0;
  std::unique_ptr<Server> server_;
};

}  // namespace gsh::http

#endif  // GSH_SRC_HTTP_SERVER_FIXTURE_H_
