// RawServer: a server that does with each connection what a test says, however wrong.
#ifndef GSH_SRC_HTTP_CLIENT_RAW_SERVER_H_
#define GSH_SRC_HTTP_CLIENT_RAW_SERVER_H_

#include <netinet/in.h>
#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

#include <atomic>
#include <cstdlib>
#include <functional>
#include <mutex>
#include <string>
#include <string_view>
#include <thread>
#include <utility>
#include <vector>

namespace gsh::http {

class RawConnection {
 public:
  explicit RawConnection(int fd) : fd_(fd) {}
  ~RawConnection() { close(fd_); }
  RawConnection(const RawConnection&) = delete;
  RawConnection& operator=(const RawConnection&) = delete;

  // One request, header and body; empty when the client has closed.
  std::string ReadRequest() {
    std::size_t end = std::string::npos;
    while ((end = buffer_.find("\r\n\r\n")) == std::string::npos) {
      if (!ReadMore()) return {};
    }
    end += 4;
    const std::size_t length = buffer_.find("Content-Length: ");
    if (length < end) end += std::strtoul(buffer_.c_str() + length + 16, nullptr, 10);
    while (buffer_.size() < end) {
      if (!ReadMore()) return {};
    }
    std::string request = buffer_.substr(0, end);
    buffer_.erase(0, end);
    return request;
  }
  bool Send(std::string_view text) {
    while (!text.empty()) {
      const ssize_t count = send(fd_, text.data(), text.size(), MSG_NOSIGNAL);
      if (count <= 0) return false;
      text.remove_prefix(static_cast<std::size_t>(count));
      sent_ += static_cast<std::size_t>(count);
    }
    return true;
  }
  bool Answer(std::string_view body, std::string_view code = "200 OK") {
    return Send("HTTP/1.1 " + std::string(code) + "\r\nContent-Length: " +
                std::to_string(body.size()) + "\r\n\r\n" + std::string(body));
  }
  // Closing will send RST.
  void ResetOnClose() const {
    const linger now = {1, 0};
    setsockopt(fd_, SOL_SOCKET, SO_LINGER, &now, sizeof now);
  }
  // Until the client closes, or the server does.
  void WaitForClose() {
    while (ReadMore()) {
    }
  }
  void Shutdown() const { shutdown(fd_, SHUT_RDWR); }
  std::size_t sent() const { return sent_; }

 private:
  bool ReadMore() {
    char chunk[65536];
    const ssize_t count = recv(fd_, chunk, sizeof chunk, 0);
    if (count <= 0) return false;
    buffer_.append(chunk, static_cast<std::size_t>(count));
    return true;
  }

  const int fd_;
  std::string buffer_;
  std::atomic<std::size_t> sent_ = 0;
};

class RawServer {
 public:
  using Serve = std::function<void(RawConnection&)>;

  explicit RawServer(Serve serve)
      : serve_(std::move(serve)), fd_(socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0)) {
    sockaddr_in address = {};
    address.sin_family = AF_INET;
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    socklen_t size = sizeof address;
    bind(fd_, reinterpret_cast<sockaddr*>(&address), size);
    listen(fd_, 64);
    getsockname(fd_, reinterpret_cast<sockaddr*>(&address), &size);
    port_ = ntohs(address.sin_port);
    thread_ = std::thread([this] { Accept(); });
  }
  ~RawServer() {
    shutdown(fd_, SHUT_RDWR);
    thread_.join();
    {
      std::lock_guard lock(mutex_);
      closing_ = true;
      for (RawConnection* connection : open_) connection->Shutdown();
    }
    for (std::thread& thread : threads_) thread.join();
    close(fd_);
  }
  RawServer(const RawServer&) = delete;
  RawServer& operator=(const RawServer&) = delete;

  std::string endpoint() const { return "127.0.0.1:" + std::to_string(port_); }
  int connections() const { return connections_; }  // so far

 private:
  void Accept() {
    for (;;) {
      const int fd = accept4(fd_, nullptr, nullptr, SOCK_CLOEXEC);
      if (fd < 0) return;
      ++connections_;
      threads_.emplace_back([this, fd] {
        RawConnection connection(fd);
        {
          std::lock_guard lock(mutex_);
          open_.push_back(&connection);
          if (closing_) connection.Shutdown();
        }
        serve_(connection);
        std::lock_guard lock(mutex_);
        std::erase(open_, &connection);
      });
    }
  }

  const Serve serve_;
  const int fd_;
  int port_ = 0;
  std::atomic<int> connections_ = 0;
  std::mutex mutex_;
  std::vector<RawConnection*> open_;  // guarded by mutex_
  bool closing_ = false;              // guarded by mutex_
  std::vector<std::thread> threads_;  // the accepting thread's
  std::thread thread_;
};

}  // namespace gsh::http

#endif  // GSH_SRC_HTTP_CLIENT_RAW_SERVER_H_
