// CredentialCache: names and passwords that were right, known again without the slow hash.
#ifndef GSH_SRC_ALLOCATOR_SERVICE_CREDENTIAL_CACHE_H_
#define GSH_SRC_ALLOCATOR_SERVICE_CREDENTIAL_CACHE_H_

#include <array>
#include <cstddef>
#include <cstdint>
#include <deque>
#include <string>
#include <unordered_set>

#include "src/allocator_service/basic_auth.h"

namespace gsh::allocator_service {

// Holds no password, but HMAC-SHA256 of name and password under a key that only this process
// knows: a look into the memory, or the time of a look-up, says nothing about either. Not
// thread-safe, but DigestOf is.
class CredentialCache {
 public:
  using Digest = std::array<std::uint8_t, 32>;

  // Beyond `capacity`, the one that is longest in it is forgotten.
  explicit CredentialCache(std::size_t capacity);
  ~CredentialCache();  // wipes the key

  Digest DigestOf(const Credentials& credentials) const;
  bool Contains(const Digest& digest) const { return digests_.contains(digest); }
  void Add(const Digest& digest);
  void Clear();
  std::size_t size() const { return digests_.size(); }

  struct Hash {  // the digest is as good as random
    std::size_t operator()(const Digest& digest) const;
  };

 private:
  const std::size_t capacity_;
  std::array<std::uint8_t, 32> key_{};
  std::unordered_set<Digest, Hash> digests_;
  std::deque<Digest> order_;
};

}  // namespace gsh::allocator_service

#endif  // GSH_SRC_ALLOCATOR_SERVICE_CREDENTIAL_CACHE_H_
