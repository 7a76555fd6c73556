// The few socket calls that the chat broker needs, as values and Status.
#ifndef GSH_SRC_CHAT_SOCKET_H_
#define GSH_SRC_CHAT_SOCKET_H_

#include <string>
#include <utility>

#include "gsh/status.h"

namespace gsh::chat {

// Owns a file descriptor.
class Fd {
 public:
  Fd() = default;
  explicit Fd(int fd) : fd_(fd) {}
  Fd(Fd&& other) noexcept : fd_(std::exchange(other.fd_, -1)) {}
  Fd& operator=(Fd&& other) noexcept {
    std::swap(fd_, other.fd_);
    return *this;
  }
  ~Fd();
  int get() const { return fd_; }
  explicit operator bool() const { return fd_ >= 0; }

 private:
  int fd_ = -1;
};

// A listening, non-blocking TCP socket on the numeric address `bind`.
StatusOr<Fd> ListenTcp(const std::string& bind, int port);
int LocalPort(const Fd& socket);

struct Accepted {
  Fd socket;  // non-blocking; keep-alive probes notice within a minute when a host is gone
  std::string address;  // "192.0.2.7"
  int error = 0;        // errno, when there is no socket
};
Accepted AcceptTcp(const Fd& listener);

// An eventfd: becomes readable for good with the first Wake.
StatusOr<Fd> MakeWaker();
void Wake(const Fd& waker);

}  // namespace gsh::chat

#endif  // GSH_SRC_CHAT_SOCKET_H_
