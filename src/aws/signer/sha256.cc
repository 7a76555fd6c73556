#include "src/aws/signer/sha256.h"

#include <openssl/core_names.h>
#include <openssl/params.h>

#include <cstddef>

namespace gsh::aws {
namespace {

// Fetched by name for each hash, as EVP_sha256() is, they cost as much as a short hash itself.
EVP_MD* Digest() {
  static EVP_MD* const digest = EVP_MD_fetch(nullptr, "SHA256", nullptr);
  return digest;
}

EVP_MAC* Mac() {
  static EVP_MAC* const mac = EVP_MAC_fetch(nullptr, "HMAC", nullptr);
  return mac;
}

const unsigned char* Bytes(std::string_view data) {
  return reinterpret_cast<const unsigned char*>(data.data());
}

class DigestContext {
 public:
  DigestContext() : context_(EVP_MD_CTX_new()) {}
  ~DigestContext() { EVP_MD_CTX_free(context_); }
  DigestContext(const DigestContext&) = delete;
  DigestContext& operator=(const DigestContext&) = delete;

  bool Hash(std::string_view data, Sha256Digest& digest) {
    return context_ != nullptr && Digest() != nullptr &&
           EVP_DigestInit_ex2(context_, Digest(), nullptr) == 1 &&
           EVP_DigestUpdate(context_, data.data(), data.size()) == 1 &&
           EVP_DigestFinal_ex(context_, digest.data(), nullptr) == 1;
  }

 private:
  EVP_MD_CTX* const context_;
};

}  // namespace

bool HaveSha256() { return Digest() != nullptr && Mac() != nullptr; }

std::optional<Sha256Digest> Sha256(std::string_view data) {
  thread_local DigestContext context;
  Sha256Digest digest;
  if (!context.Hash(data, digest)) return std::nullopt;
  return digest;
}

bool HmacSha256::SetKey(std::span<const unsigned char> key) {
  if (Mac() == nullptr) return false;
  if (context_ == nullptr) context_.reset(EVP_MAC_CTX_new(Mac()));
  if (context_ == nullptr) return false;
  char name[] = "SHA256";
  const OSSL_PARAM parameters[] = {OSSL_PARAM_construct_utf8_string(OSSL_MAC_PARAM_DIGEST, name, 0),
                                   OSSL_PARAM_construct_end()};
  return EVP_MAC_init(context_.get(), key.data(), key.size(), parameters) == 1;
}

std::optional<Sha256Digest> HmacSha256::Sign(std::string_view data) {
  Sha256Digest digest;
  std::size_t size = 0;
  // Without a key, EVP_MAC_init starts again with the one that was set, already mixed in.
  if (context_ == nullptr || EVP_MAC_init(context_.get(), nullptr, 0, nullptr) != 1 ||
      EVP_MAC_update(context_.get(), Bytes(data), data.size()) != 1 ||
      EVP_MAC_final(context_.get(), digest.data(), &size, digest.size()) != 1) {
    return std::nullopt;
  }
  return digest;
}

HexDigest ToHex(const Sha256Digest& digest) {
  constexpr char kDigits[] = "0123456789abcdef";
  HexDigest hex;
  for (std::size_t i = 0; i < digest.size(); ++i) {
    hex[2 * i] = kDigits[digest[i] >> 4];
    hex[2 * i + 1] = kDigits[digest[i] & 15];
  }
  return hex;
}

}  // namespace gsh::aws
