#include "src/service/socket_pump.h"

#include <fcntl.h>
#include <netdb.h>
#include <poll.h>
#include <sys/eventfd.h>
#include <sys/socket.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <climits>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <memory>
#include <optional>
#include <utility>

#include "src/service/flags.h"

namespace gsh::service {
namespace {

using SteadyClock = std::chrono::steady_clock;

constexpr std::size_t kMaxBuffered = 64u << 10;

Status ErrnoStatus(const std::string& what, int error) {
  return UnavailableError(what + ": " + std::strerror(error));
}

class Fd {
 public:
  explicit Fd(int fd) : fd_(fd) {}
  ~Fd() {
    if (fd_ >= 0) close(fd_);
  }
  Fd(const Fd&) = delete;
  Fd& operator=(const Fd&) = delete;
  int get() const { return fd_; }
  int Release() { return std::exchange(fd_, -1); }

 private:
  int fd_;
};

// A descriptor that becomes readable when a stop is asked for.
class StopEvent {
 public:
  explicit StopEvent(std::stop_token stop)
      : fd_(eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK)), callback_(std::move(stop), Wake{fd_.get()}) {}
  int fd() const { return fd_.get(); }

 private:
  struct Wake {
    int fd;
    void operator()() const {
      const std::uint64_t one = 1;
      [[maybe_unused]] const ssize_t written = write(fd, &one, sizeof one);
    }
  };
  Fd fd_;
  std::stop_callback<Wake> callback_;
};

bool SetNonBlocking(int fd) {
  const int flags = fcntl(fd, F_GETFL);
  return flags >= 0 && fcntl(fd, F_SETFL, flags | O_NONBLOCK) == 0;
}

bool WouldBlock(int error) { return error == EAGAIN || error == EWOULDBLOCK || error == EINTR; }

// One direction. The terminal's descriptors are shared with other programs and stay blocking: after
// poll a read returns at once, and so does a write of no more than PIPE_BUF.
class Copy {
 public:
  enum class To { kSocket, kTerminal };
  Copy(int from, int to, To kind) : from_(from), to_(to), kind_(kind) {}

  bool wants_input() const { return !ended_ && pending_.size() < kMaxBuffered; }
  bool wants_output() const { return !pending_.empty(); }
  bool ended() const { return ended_; }  // no more input; some may still be pending

  // The errno of a failure, 0 if there was none.
  int Read() {
    std::array<char, 16u << 10> chunk;
    const std::size_t room = std::min(chunk.size(), kMaxBuffered - pending_.size());
    const ssize_t count = read(from_, chunk.data(), room);
    if (count > 0) pending_.append(chunk.data(), static_cast<std::size_t>(count));
    // A reset is how a server ends that was killed.
    if (count == 0 || (count < 0 && errno == ECONNRESET)) ended_ = true;
    return count < 0 && !ended_ && !WouldBlock(errno) ? errno : 0;
  }

  int Write() {
    const ssize_t count =
        kind_ == To::kSocket
            ? send(to_, pending_.data(), pending_.size(), MSG_NOSIGNAL)
            : write(to_, pending_.data(), std::min<std::size_t>(pending_.size(), PIPE_BUF));
    if (count < 0) return WouldBlock(errno) ? 0 : errno;
    pending_.erase(0, static_cast<std::size_t>(count));
    return 0;
  }

  void End() { ended_ = true; }
  void Drop() { pending_.clear(); }

 private:
  const int from_;
  const int to_;
  const To kind_;
  std::string pending_;
  bool ended_ = false;
};

class Pump {
 public:
  explicit Pump(const PumpOptions& options)
      : options_(options),
        up_(options.input, options.socket, Copy::To::kSocket),
        down_(options.socket, options.output, Copy::To::kTerminal) {}

  Status Run(int stop_fd) {
    while (!(down_.ended() && !down_.wants_output())) {
      std::array<pollfd, 4> fds = {{{stop_fd, POLLIN, 0},
                                    {options_.socket, SocketEvents(), 0},
                                    {up_.wants_input() ? options_.input : -1, POLLIN, 0},
                                    {down_.wants_output() ? options_.output : -1, POLLOUT, 0}}};
      // A socket that hung up is always "ready": without an interest in it, it would keep poll
      // awake.
      if (fds[1].events == 0) fds[1].fd = -1;
      if (poll(fds.data(), fds.size(), -1) < 0) {
        if (errno == EINTR) continue;
        return ErrnoStatus("poll", errno);
      }
      if (fds[0].revents != 0) return CancelledError("stopped");
      if (Status moved = Move(fds); !moved.ok()) return moved;
    }
    return OkStatus();
  }

 private:
  short SocketEvents() const {
    return static_cast<short>((down_.wants_input() ? POLLIN : 0) |
                              (up_.wants_output() ? POLLOUT : 0));
  }

  Status Move(const std::array<pollfd, 4>& fds) {
    constexpr short kBroken = POLLERR | POLLHUP | POLLNVAL;
    if (fds[2].revents != 0) {
      if (up_.Read() != 0) up_.End();  // a terminal that went away is the end of the input
      FinishInput();
    }
    if (fds[1].revents & (POLLOUT | POLLERR) && up_.wants_output()) {
      // The peer may have said something before it stopped listening: the read below tells.
      if (up_.Write() != 0) up_.End(), up_.Drop();
      FinishInput();
    }
    if (fds[1].revents & (POLLIN | kBroken) && down_.wants_input()) {
      if (const int error = down_.Read()) return ErrnoStatus("reading from the server", error);
    }
    if (fds[3].revents != 0) {
      if (const int error = down_.Write()) return ErrnoStatus("writing the output", error);
    }
    return OkStatus();
  }

  // Once, when all of the input is in the socket.
  void FinishInput() {
    if (!options_.half_close || half_closed_ || !up_.ended() || up_.wants_output()) return;
    half_closed_ = true;
    shutdown(options_.socket, SHUT_WR);
  }

  const PumpOptions options_;
  Copy up_;
  Copy down_;
  bool half_closed_ = false;
};

// Milliseconds for poll; -1: no limit.
int PollTimeout(std::optional<SteadyClock::time_point> deadline) {
  if (!deadline) return -1;
  const auto left = std::chrono::ceil<std::chrono::milliseconds>(*deadline - SteadyClock::now());
  return static_cast<int>(std::clamp<std::int64_t>(left.count(), 0, 1 << 30));
}

Status FinishConnect(int fd, int stop_fd, std::optional<SteadyClock::time_point> deadline) {
  for (;;) {
    std::array<pollfd, 2> fds = {{{stop_fd, POLLIN, 0}, {fd, POLLOUT, 0}}};
    const int ready = poll(fds.data(), fds.size(), PollTimeout(deadline));
    if (ready < 0 && errno == EINTR) continue;
    if (ready < 0) return ErrnoStatus("poll", errno);
    if (ready == 0) return DeadlineExceededError("connect: no answer in time");
    if (fds[0].revents != 0) return CancelledError("stopped");
    int error = 0;
    socklen_t size = sizeof error;
    if (getsockopt(fd, SOL_SOCKET, SO_ERROR, &error, &size) != 0) error = errno;
    return error == 0 ? OkStatus() : ErrnoStatus("connect", error);
  }
}

StatusOr<int> ConnectOne(const addrinfo& address, int stop_fd,
                         std::optional<SteadyClock::time_point> deadline) {
  Fd fd(socket(address.ai_family, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0));
  if (fd.get() < 0) return ErrnoStatus("socket", errno);
  if (connect(fd.get(), address.ai_addr, address.ai_addrlen) != 0) {
    if (errno != EINPROGRESS) return ErrnoStatus("connect", errno);
    if (Status done = FinishConnect(fd.get(), stop_fd, deadline); !done.ok()) return done;
  }
  return fd.Release();
}

}  // namespace

Status PumpSocket(const PumpOptions& options, std::stop_token stop) {
  const StopEvent event(std::move(stop));
  if (event.fd() < 0) return ErrnoStatus("eventfd", errno);
  if (!SetNonBlocking(options.socket)) return ErrnoStatus("socket", errno);
  return Pump(options).Run(event.fd());
}

StatusOr<int> ConnectTcp(const std::string& host, int port, std::chrono::milliseconds timeout,
                         std::stop_token stop) {
  std::optional<SteadyClock::time_point> deadline;
  if (timeout.count() > 0) deadline = SteadyClock::now() + timeout;
  const StopEvent event(std::move(stop));
  const std::string where = JoinHostPort(host, port);
  addrinfo hints = {};
  hints.ai_socktype = SOCK_STREAM;
  addrinfo* list = nullptr;
  const int error = getaddrinfo(host.c_str(), std::to_string(port).c_str(), &hints, &list);
  if (error != 0) return UnavailableError(where + ": " + gai_strerror(error));
  const std::unique_ptr<addrinfo, void (*)(addrinfo*)> owned(list, freeaddrinfo);
  Status last = UnavailableError("no address");
  for (const addrinfo* address = list; address != nullptr; address = address->ai_next) {
    StatusOr<int> fd = ConnectOne(*address, event.fd(), deadline);
    if (fd.ok()) return fd;
    last = fd.status();
    if (last.code() != StatusCode::kUnavailable) break;
  }
  return last.WithContext(where);
}

}  // namespace gsh::service
