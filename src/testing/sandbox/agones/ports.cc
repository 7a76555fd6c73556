#include "src/testing/sandbox/agones/ports.h"

#include <netinet/in.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include <cstddef>
#include <cstdint>
#include <cstring>
#include <string>
#include <utility>

namespace gsh::sandbox {
namespace {

constexpr int kFirstPort = 17000;
constexpr int kPorts = 15000;

// Bound to a name in the abstract namespace, which all processes of the machine share and which is
// free again when its owner dies. -1: somebody has it.
int LockPort(int port) {
  const int fd = socket(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC, 0);
  if (fd < 0) return -1;
  sockaddr_un name{};
  name.sun_family = AF_UNIX;
  const std::string text = "gsh-sandbox-port-" + std::to_string(port);
  std::memcpy(name.sun_path + 1, text.data(), text.size());
  const auto length = static_cast<socklen_t>(offsetof(sockaddr_un, sun_path) + 1 + text.size());
  if (bind(fd, reinterpret_cast<const sockaddr*>(&name), length) == 0) return fd;
  close(fd);
  return -1;
}

// Binding to all addresses fails if anybody has the port on any of them.
bool IsFree(int port, int type) {
  const int fd = socket(AF_INET, type | SOCK_CLOEXEC, 0);
  if (fd < 0) return false;
  sockaddr_in name{};
  name.sin_family = AF_INET;
  name.sin_addr.s_addr = htonl(INADDR_ANY);
  name.sin_port = htons(static_cast<std::uint16_t>(port));
  const bool free = bind(fd, reinterpret_cast<const sockaddr*>(&name), sizeof name) == 0;
  close(fd);
  return free;
}

}  // namespace

StatusOr<PortLease> PortLease::Take(Rng& rng) {
  const int start = static_cast<int>(rng.Next() % kPorts);
  for (int i = 0; i < kPorts; ++i) {
    const int port = kFirstPort + (start + i) % kPorts;
    const int lock = LockPort(port);
    if (lock < 0) continue;
    PortLease lease(port, lock);
    if (IsFree(port, SOCK_STREAM) && IsFree(port, SOCK_DGRAM)) return lease;
  }
  return ResourceExhaustedError("no free port for a game server");
}

PortLease::PortLease(PortLease&& other) noexcept
    : port_(std::exchange(other.port_, 0)), lock_(std::exchange(other.lock_, -1)) {}

PortLease& PortLease::operator=(PortLease&& other) noexcept {
  std::swap(port_, other.port_);
  std::swap(lock_, other.lock_);
  return *this;
}

PortLease::~PortLease() {
  if (lock_ >= 0) close(lock_);
}

}  // namespace gsh::sandbox
