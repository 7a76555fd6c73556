// SHA-256 and HMAC-SHA256 by OpenSSL, with what it looks up by name looked up once.
#ifndef GSH_SRC_AWS_SIGNER_SHA256_H_
#define GSH_SRC_AWS_SIGNER_SHA256_H_

#include <openssl/evp.h>

#include <array>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>

namespace gsh::aws {

using Sha256Digest = std::array<unsigned char, 32>;

// False where OpenSSL has no SHA-256 (a broken configuration): all below fail then.
bool HaveSha256();

// The context is the calling thread's own and is used again by its next hash.
std::optional<Sha256Digest> Sha256(std::string_view data);

// HMAC-SHA256 (RFC 2104) under one key, which OpenSSL wipes when another is set or this object
// goes. Not thread-safe.
class HmacSha256 {
 public:
  // False if OpenSSL refuses.
  bool SetKey(std::span<const unsigned char> key);
  std::optional<Sha256Digest> Sign(std::string_view data);

 private:
  struct Free {
    void operator()(EVP_MAC_CTX* context) const { EVP_MAC_CTX_free(context); }
  };
  std::unique_ptr<EVP_MAC_CTX, Free> context_;
};

// Lower-case hexadecimal digits.
using HexDigest = std::array<char, 64>;
HexDigest ToHex(const Sha256Digest& digest);
inline std::string_view View(const HexDigest& hex) { return {hex.data(), hex.size()}; }

}  // namespace gsh::aws

#endif  // GSH_SRC_AWS_SIGNER_SHA256_H_
