#include "src/chat/socket.h"

#include <arpa/inet.h>
#include <netdb.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <sys/eventfd.h>
#include <sys/socket.h>
#include <unistd.h>

#include <cerrno>
#include <cstdint>
#include <cstring>
#include <memory>

namespace gsh::chat {
namespace {

void SetOption(const Fd& socket, int level, int name, int value) {
  setsockopt(socket.get(), level, name, &value, sizeof value);  // an improvement, never needed
}

std::string AddressText(const sockaddr_storage& peer) {
  char text[INET6_ADDRSTRLEN] = "?";
  if (peer.ss_family == AF_INET) {
    inet_ntop(AF_INET, &reinterpret_cast<const sockaddr_in&>(peer).sin_addr, text, sizeof text);
    return text;
  }
  inet_ntop(AF_INET6, &reinterpret_cast<const sockaddr_in6&>(peer).sin6_addr, text, sizeof text);
  const std::string address = text;
  constexpr char kMapped[] = "::ffff:";
  const bool ipv4 = address.starts_with(kMapped) && address.find('.') != std::string::npos;
  return ipv4 ? address.substr(sizeof kMapped - 1) : address;
}

}  // namespace

Fd::~Fd() {
  if (fd_ >= 0) close(fd_);
}

StatusOr<Fd> ListenTcp(const std::string& bind_address, int port) {
  addrinfo hints = {};
  hints.ai_flags = AI_NUMERICHOST | AI_NUMERICSERV | AI_PASSIVE;
  hints.ai_socktype = SOCK_STREAM;
  addrinfo* found = nullptr;
  const std::string port_text = std::to_string(port);
  if (port < 0 || port > 65535 ||
      getaddrinfo(bind_address.c_str(), port_text.c_str(), &hints, &found) != 0) {
    return InvalidArgumentError("cannot listen on " + bind_address + " port " + port_text +
                                ": not a numeric address and port");
  }
  const std::unique_ptr<addrinfo, decltype(&freeaddrinfo)> address(found, freeaddrinfo);
  Fd listener(socket(address->ai_family, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0));
  if (listener) SetOption(listener, SOL_SOCKET, SO_REUSEADDR, 1);
  if (!listener || bind(listener.get(), address->ai_addr, address->ai_addrlen) != 0 ||
      listen(listener.get(), SOMAXCONN) != 0) {
    return UnavailableError("cannot listen on " + bind_address + " port " + port_text + ": " +
                            std::strerror(errno));
  }
  return listener;
}

int LocalPort(const Fd& socket) {
  sockaddr_storage local = {};
  socklen_t size = sizeof local;
  getsockname(socket.get(), reinterpret_cast<sockaddr*>(&local), &size);
  return ntohs(local.ss_family == AF_INET6 ? reinterpret_cast<sockaddr_in6&>(local).sin6_port
                                           : reinterpret_cast<sockaddr_in&>(local).sin_port);
}

Accepted AcceptTcp(const Fd& listener) {
  sockaddr_storage peer = {};
  socklen_t size = sizeof peer;
  Accepted accepted;
  accepted.socket = Fd(accept4(listener.get(), reinterpret_cast<sockaddr*>(&peer), &size,
                               SOCK_NONBLOCK | SOCK_CLOEXEC));
  if (!accepted.socket) {
    accepted.error = errno;
    return accepted;
  }
  accepted.address = AddressText(peer);
  SetOption(accepted.socket, IPPROTO_TCP, TCP_NODELAY, 1);
  SetOption(accepted.socket, SOL_SOCKET, SO_KEEPALIVE, 1);
  SetOption(accepted.socket, IPPROTO_TCP, TCP_KEEPIDLE, 30);
  SetOption(accepted.socket, IPPROTO_TCP, TCP_KEEPINTVL, 10);
  SetOption(accepted.socket, IPPROTO_TCP, TCP_KEEPCNT, 3);
  SetOption(accepted.socket, IPPROTO_TCP, TCP_USER_TIMEOUT, 60'000);
  return accepted;
}

StatusOr<Fd> MakeWaker() {
  Fd waker(eventfd(0, EFD_NONBLOCK | EFD_CLOEXEC));
  if (!waker) return UnavailableError(std::string("eventfd: ") + std::strerror(errno));
  return waker;
}

void Wake(const Fd& waker) {
  const std::uint64_t one = 1;
  [[maybe_unused]] const auto written = write(waker.get(), &one, sizeof one);
}

}  // namespace gsh::chat
