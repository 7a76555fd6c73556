#include "gsh/agones/allocator.h"

#include <algorithm>
#include <utility>

#include "src/core/await.h"

namespace gsh::agones {
namespace {

bool IsUsableHost(const std::string& address) {
  return !address.empty() && std::all_of(address.begin(), address.end(), [](unsigned char c) {
    return c > ' ' && c < 0x7f && c != '/' && c != '@';
  });
}

const GameServerPort* FindPort(const Allocation& allocation, const std::string& name) {
  for (const GameServerPort& port : allocation.ports) {
    if (port.name == name) return &port;
  }
  return allocation.ports.size() == 1 ? &allocation.ports.front() : nullptr;
}

}  // namespace

StatusOr<std::string> ConnectionOf(const Allocation& allocation, const std::string& name) {
  const std::string who = "game server " + allocation.game_server;
  if (allocation.address.empty()) return FailedPreconditionError(who + " has no address");
  if (!IsUsableHost(allocation.address)) {
    return FailedPreconditionError(who + " has an impossible address");
  }
  const GameServerPort* port = FindPort(allocation, name);
  if (port == nullptr) {
    return FailedPreconditionError(who + " has no port \"" + name + "\" among its " +
                                   std::to_string(allocation.ports.size()));
  }
  if (port->port < 1 || port->port > 65535) {
    return FailedPreconditionError(who + " has the impossible port " + std::to_string(port->port));
  }
  const bool bare_ipv6 =
      allocation.address.find(':') != std::string::npos && allocation.address.front() != '[';
  return (bare_ipv6 ? "[" + allocation.address + "]" : allocation.address) + ":" +
         std::to_string(port->port);
}

StatusOr<Allocation> Allocator::Allocate(AllocationRequest request, CallOptions options) {
  return internal::Await<StatusOr<Allocation>>(
      std::move(options), [&](CallOptions call, std::function<void(StatusOr<Allocation>)> done) {
        AllocateAsync(std::move(request), std::move(call), std::move(done));
      });
}

}  // namespace gsh::agones
