#include <fcntl.h>
#include <poll.h>
#include <sys/eventfd.h>
#include <sys/socket.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstring>
#include <utility>

#include "src/agones_rest/latency/look_up.h"
#include "src/agones_rest/latency/measure.h"
#include "src/agones_rest/latency/ping_ledger.h"

namespace gsh::agones_rest {
namespace {

class Descriptor {
 public:
  explicit Descriptor(int fd) : fd_(fd) {}
  ~Descriptor() {
    if (fd_ >= 0) close(fd_);
  }
  Descriptor(const Descriptor&) = delete;
  Descriptor& operator=(const Descriptor&) = delete;
  int get() const { return fd_; }

 private:
  const int fd_;
};

Status Error(const std::string& address, int error) {
  return UnavailableError(address + ": " + std::strerror(error));
}

// Sends and receives until every sample has been answered or lost.
class UdpSamples {
 public:
  UdpSamples(const PingEndpoint& endpoint, const MeasureOptions& options, int socket)
      : endpoint_(endpoint),
        options_(options),
        socket_(socket),
        wake_(eventfd(0, EFD_NONBLOCK | EFD_CLOEXEC)),
        ledger_(options.timeout, *options.rng) {}

  void Run() {
    const std::stop_callback on_stop(options_.stop, [this] { eventfd_write(wake_.get(), 1); });
    next_ = Now();
    while (!options_.stop.stop_requested()) {
      const SteadyTime now = Now();
      ledger_.Expire(now);
      if (sent_ < options_.samples && now >= next_) SendOne(now);
      const auto expiry = ledger_.NextExpiry();
      if (sent_ == options_.samples && !expiry) return;
      SteadyTime until = expiry.value_or(next_);
      if (sent_ < options_.samples) until = std::min(until, next_);
      if (Wait(until - Now())) ReceiveAll();
    }
  }
  RegionLatency Result() const {
    RegionLatency result{.region = endpoint_.region};
    ledger_.Fill(result);
    if (result.minimum) return result;
    result.error = options_.stop.stop_requested() ? CancelledError("the caller gave up") : error_;
    if (result.error.ok()) {
      result.error = DeadlineExceededError(endpoint_.address + ": no datagram came back");
    }
    return result;
  }

 private:
  SteadyTime Now() const { return options_.clock->SteadyNow(); }

  void SendOne(SteadyTime now) {
    const std::string datagram = ledger_.Send(now);
    ++sent_;
    next_ = now + options_.interval;
    // A sample that could not be sent is a lost one; what refused it is perhaps there next time.
    if (send(socket_, datagram.data(), datagram.size(), MSG_NOSIGNAL) < 0) {
      error_ = Error(endpoint_.address, errno);
    }
  }

  // True if there is something to read.
  bool Wait(Duration duration) {
    std::array<pollfd, 2> fds{{{.fd = socket_, .events = POLLIN, .revents = 0},
                               {.fd = wake_.get(), .events = POLLIN, .revents = 0}}};
    const auto left = std::max(duration, Duration(0));
    const timespec limit{.tv_sec = left / std::chrono::seconds(1),
                         .tv_nsec = (left % std::chrono::seconds(1)).count()};
    ppoll(fds.data(), fds.size(), &limit, nullptr);
    return fds[0].revents != 0;
  }

  void ReceiveAll() {
    std::array<char, 64> buffer;  // longer datagrams are none of ours
    for (;;) {
      const ssize_t size = recv(socket_, buffer.data(), buffer.size(), MSG_DONTWAIT | MSG_TRUNC);
      if (size < 0 && errno != EAGAIN && errno != EINTR) {
        error_ = Error(endpoint_.address, errno);  // such as a port that nobody listens on
        return;
      }
      if (size < 0) return;
      const auto bytes = static_cast<std::size_t>(size);
      if (bytes <= buffer.size()) ledger_.Receive({buffer.data(), bytes}, Now());
    }
  }

  const PingEndpoint& endpoint_;
  const MeasureOptions& options_;
  const int socket_;
  const Descriptor wake_;
  PingLedger ledger_;
  SteadyTime next_ = {};  // sample's time
  int sent_ = 0;
  Status error_;
};

}  // namespace

RegionLatency MeasureByUdp(const PingEndpoint& endpoint, const MeasureOptions& options) {
  RegionLatency failed{.region = endpoint.region};
  const auto address = LookUp(endpoint.address, options.timeout, options.stop);
  if (!address.ok()) {
    failed.error = address.status();
    return failed;
  }
  const Descriptor socket(
      ::socket(address->bytes.ss_family, SOCK_DGRAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0));
  // Connected: the kernel drops what comes from elsewhere, and tells of ports that are closed.
  if (socket.get() < 0 || connect(socket.get(), reinterpret_cast<const sockaddr*>(&address->bytes),
                                  address->size) != 0) {
    failed.error = Error(endpoint.address, errno);
    return failed;
  }
  UdpSamples samples(endpoint, options, socket.get());
  samples.Run();
  return samples.Result();
}

}  // namespace gsh::agones_rest
