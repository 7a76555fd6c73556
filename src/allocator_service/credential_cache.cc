#include "src/allocator_service/credential_cache.h"

#include <openssl/crypto.h>
#include <openssl/evp.h>
#include <openssl/hmac.h>
#include <openssl/rand.h>

#include <algorithm>
#include <cstdlib>
#include <cstring>

namespace gsh::allocator_service {

CredentialCache::CredentialCache(std::size_t capacity)
    : capacity_(std::max<std::size_t>(1, capacity)) {
  if (RAND_bytes(key_.data(), static_cast<int>(key_.size())) != 1) {
    std::abort();  // without chance there is no key, and no TLS either
  }
}

CredentialCache::~CredentialCache() { OPENSSL_cleanse(key_.data(), key_.size()); }

CredentialCache::Digest CredentialCache::DigestOf(const Credentials& credentials) const {
  // Neither part can hold the zero byte between them.
  std::string text;
  text.reserve(credentials.name.size() + 1 + credentials.password.size());
  text.append(credentials.name).append(1, '\0').append(credentials.password);
  Digest digest{};
  unsigned int size = 0;
  if (HMAC(EVP_sha256(), key_.data(), static_cast<int>(key_.size()),
           reinterpret_cast<const unsigned char*>(text.data()), text.size(), digest.data(),
           &size) == nullptr) {
    std::abort();  // a digest of zeros would let everybody in
  }
  OPENSSL_cleanse(text.data(), text.size());
  return digest;
}

void CredentialCache::Add(const Digest& digest) {
  if (!digests_.insert(digest).second) return;
  order_.push_back(digest);
  if (order_.size() <= capacity_) return;
  digests_.erase(order_.front());
  order_.pop_front();
}

void CredentialCache::Clear() {
  digests_.clear();
  order_.clear();
}

std::size_t CredentialCache::Hash::operator()(const Digest& digest) const {
  std::size_t hash = 0;
  std::memcpy(&hash, digest.data(), sizeof hash);
  return hash;
}

}  // namespace gsh::allocator_service
