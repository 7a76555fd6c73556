#include "src/allocator_service/client_address.h"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <sys/socket.h>

#include <algorithm>
#include <charconv>
#include <cstring>

namespace gsh::allocator_service {
namespace {

constexpr int kMappedBits = 96;  // in front of an IPv4 address

constexpr IpAddress kMapped = {0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0xff, 0xff};

bool IsV4(const IpAddress& address) {
  return std::equal(address.begin(), address.begin() + kMappedBits / 8, kMapped.begin());
}

// "192.0.2.1:40000" -> "192.0.2.1"; "[::1]:40000" -> "::1"; an address alone stays.
std::string_view WithoutPort(std::string_view text) {
  if (text.starts_with('[')) return text.substr(1, std::min(text.find(']'), text.size()) - 1);
  const std::size_t colon = text.find(':');
  const bool one_colon = colon != text.npos && text.find(':', colon + 1) == text.npos;
  return one_colon ? text.substr(0, colon) : text;
}

std::string Show(IpAddress address) {
  std::array<char, INET6_ADDRSTRLEN> text{};
  if (IsV4(address)) {
    inet_ntop(AF_INET, address.data() + kMappedBits / 8, text.data(), text.size());
    return text.data();
  }
  std::fill(address.begin() + 8, address.end(), std::uint8_t{0});
  inet_ntop(AF_INET6, address.data(), text.data(), text.size());
  return std::string(text.data()) + "/64";
}

std::string_view Trim(std::string_view text) {
  while (text.starts_with(' ') || text.starts_with('\t')) text.remove_prefix(1);
  while (text.ends_with(' ') || text.ends_with('\t')) text.remove_suffix(1);
  return text;
}

bool IsTrusted(const IpAddress& address, const std::vector<Network>& trusted) {
  return std::any_of(trusted.begin(), trusted.end(),
                     [&](const Network& network) { return network.Contains(address); });
}

}  // namespace

std::optional<IpAddress> ParseIp(std::string_view text) {
  if (text.size() >= INET6_ADDRSTRLEN) return std::nullopt;
  const std::string terminated(text);
  IpAddress address = kMapped;
  if (inet_pton(AF_INET, terminated.c_str(), address.data() + kMappedBits / 8) == 1) return address;
  if (inet_pton(AF_INET6, terminated.c_str(), address.data()) == 1) return address;
  return std::nullopt;
}

StatusOr<Network> Network::Parse(const std::string& text) {
  const std::size_t slash = std::min(text.find('/'), text.size());
  const auto address = ParseIp(std::string_view(text).substr(0, slash));
  const int longest = address && IsV4(*address) ? 32 : 128;
  int bits = longest;
  bool good = address.has_value();
  if (good && slash < text.size()) {
    const char* const end = text.data() + text.size();
    const auto [stop, error] = std::from_chars(text.data() + slash + 1, end, bits);
    good = error == std::errc() && stop == end && bits >= 0 && bits <= longest;
  }
  if (!good) return InvalidArgumentError("'" + text + "' is no network such as 10.0.0.0/8");
  Network network;
  network.address_ = *address;
  network.bits_ = 128 - longest + bits;
  return network;
}

bool Network::Contains(const IpAddress& address) const {
  const std::size_t whole = static_cast<std::size_t>(bits_) / 8;
  if (!std::equal(address.begin(), address.begin() + whole, address_.begin())) return false;
  const int rest = bits_ % 8;
  if (rest == 0) return true;
  return ((address[whole] ^ address_[whole]) >> (8 - rest)) == 0;
}

std::string ClientOf(std::string_view peer, std::string_view forwarded_for,
                     const std::vector<Network>& trusted) {
  const auto own = ParseIp(WithoutPort(peer));
  if (!own) return std::string(peer);
  IpAddress client = *own;
  while (IsTrusted(client, trusted) && !forwarded_for.empty()) {
    const std::size_t comma = forwarded_for.rfind(',');
    const std::string_view last =
        comma == forwarded_for.npos ? forwarded_for : forwarded_for.substr(comma + 1);
    forwarded_for = comma == forwarded_for.npos ? "" : forwarded_for.substr(0, comma);
    const auto address = ParseIp(WithoutPort(Trim(last)));
    if (!address) break;  // what a trusted proxy did not understand either
    client = *address;
  }
  return Show(client);
}

}  // namespace gsh::allocator_service
