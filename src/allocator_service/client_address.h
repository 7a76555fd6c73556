// Whom a request comes from, for limits: the peer, or whom a trusted proxy says it speaks for.
#ifndef GSH_SRC_ALLOCATOR_SERVICE_CLIENT_ADDRESS_H_
#define GSH_SRC_ALLOCATOR_SERVICE_CLIENT_ADDRESS_H_

#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "gsh/status.h"

namespace gsh::allocator_service {

// IPv4 as its IPv6-mapped form, so that there is one kind.
using IpAddress = std::array<std::uint8_t, 16>;

// "192.0.2.1", "2001:db8::1"; nothing else.
std::optional<IpAddress> ParseIp(std::string_view text);

// "10.0.0.0/8", "2001:db8::/32", or one address.
class Network {
 public:
  static StatusOr<Network> Parse(const std::string& text);
  bool Contains(const IpAddress& address) const;

 private:
  IpAddress address_{};
  int bits_ = 128;  // of the IPv6 form
};

// `peer` is "192.0.2.1:40000" or "[::1]:40000". If it is in a trusted network, the client is the
// last address of X-Forwarded-For that is in none, since everything before that one is hearsay;
// the peer itself if there is none. IPv6 clients are told apart by their /64, which is one
// customer's.
std::string ClientOf(std::string_view peer, std::string_view forwarded_for,
                     const std::vector<Network>& trusted);

}  // namespace gsh::allocator_service

#endif  // GSH_SRC_ALLOCATOR_SERVICE_CLIENT_ADDRESS_H_
