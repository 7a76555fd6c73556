#include "src/testing/sandbox/agones/ping_service.h"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <unistd.h>

#include <array>
#include <atomic>
#include <thread>
#include <utility>

#include "src/core/client_buckets.h"
#include "src/http/server.h"

namespace gsh::sandbox {
namespace {

// Answers that wait hold it.
class UdpSocket {
 public:
  explicit UdpSocket(int fd) : fd_(fd) {}
  ~UdpSocket() {
    if (fd_ >= 0) close(fd_);
  }
  UdpSocket(const UdpSocket&) = delete;
  UdpSocket& operator=(const UdpSocket&) = delete;
  int get() const { return fd_; }

 private:
  const int fd_;
};

// As many as the real one echoes by default, with its burst.
constexpr internal::BucketOptions kUdpLimit{.burst = 20, .per_second = 20};

class LocalPing final : public PingService {
 public:
  explicit LocalPing(Clock& clock) : clock_(clock) {}
  ~LocalPing() override {
    if (!udp_thread_.joinable()) return;
    udp_thread_.request_stop();
    shutdown(socket_->get(), SHUT_RDWR);  // ends recvfrom, although it says ENOTCONN
  }

  Status Listen(const std::string& bind, LogSink* log) {
    http::ServerOptions options{.address = bind + ":0", .log = log};
    // Whatever the path.
    options.async_handler = [this](const http::Request&, const http::Respond& respond) {
      Later([respond] { respond({.body = "ok"}); });
    };
    auto server = http::Server::Start(std::move(options));
    if (!server.ok()) return server.status();
    server_ = *std::move(server);
    return ListenUdp(bind);
  }

  int http_port() const override { return server_->port(); }
  int udp_port() const override { return udp_port_; }
  void set_delay(Duration delay) override { delay_ = delay; }

 private:
  Status ListenUdp(const std::string& bind_address) {
    socket_ = std::make_shared<UdpSocket>(::socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0));
    sockaddr_in address{};
    address.sin_family = AF_INET;
    socklen_t size = sizeof(address);
    auto* const generic = reinterpret_cast<sockaddr*>(&address);
    if (socket_->get() < 0 || inet_pton(AF_INET, bind_address.c_str(), &address.sin_addr) != 1 ||
        bind(socket_->get(), generic, size) != 0 ||
        getsockname(socket_->get(), generic, &size) != 0) {
      return UnavailableError("no port for the UDP ping service on " + bind_address);
    }
    udp_port_ = ntohs(address.sin_port);
    udp_thread_ = std::jthread([this](const std::stop_token& stop) { Echo(stop); });
    return OkStatus();
  }

  void Echo(const std::stop_token& stop) {
    std::array<char, 1024> buffer;  // as the real one: what is longer is cut
    while (!stop.stop_requested()) {
      sockaddr_in peer{};
      socklen_t size = sizeof(peer);
      const ssize_t bytes = recvfrom(socket_->get(), buffer.data(), buffer.size(), 0,
                                     reinterpret_cast<sockaddr*>(&peer), &size);
      if (bytes < 0 || size == 0) continue;
      if (!senders_.Take(SenderOf(peer), clock_.SteadyNow())) continue;
      std::string datagram(buffer.data(), static_cast<std::size_t>(bytes));
      // So does the real one, which does not look at the length.
      datagram.erase(datagram.find_last_not_of('\0') + 1);
      Later([socket = socket_, peer, datagram = std::move(datagram)] {
        sendto(socket->get(), datagram.data(), datagram.size(), MSG_NOSIGNAL,
               reinterpret_cast<const sockaddr*>(&peer), sizeof(peer));
      });
    }
  }

  void Later(std::function<void()> answer) {
    const Duration delay = delay_;
    if (delay <= Duration::zero()) return answer();
    SystemClock().RunAfter(delay, std::move(answer));
  }

  // The real one counts ports apart, too.
  static std::string SenderOf(const sockaddr_in& peer) {
    return std::to_string(peer.sin_addr.s_addr) + ":" + std::to_string(peer.sin_port);
  }

  Clock& clock_;
  internal::ClientBuckets senders_{kUdpLimit};  // of the thread alone
  std::atomic<Duration> delay_{Duration::zero()};
  std::shared_ptr<UdpSocket> socket_;
  int udp_port_ = 0;
  std::jthread udp_thread_;
  std::unique_ptr<http::Server> server_;  // stops first, and waits for its answers
};

}  // namespace

StatusOr<std::unique_ptr<PingService>> PingService::Start(const std::string& bind, Clock& clock,
                                                          LogSink* log) {
  auto service = std::make_unique<LocalPing>(clock);
  if (const Status status = service->Listen(bind, log); !status.ok()) return status;
  return std::unique_ptr<PingService>(std::move(service));
}

}  // namespace gsh::sandbox
