// The keys that SigV4 derives from a secret for one day, region and service.
#ifndef GSH_SRC_AWS_SIGNER_SIGNING_KEY_H_
#define GSH_SRC_AWS_SIGNER_SIGNING_KEY_H_

#include <cstddef>
#include <memory>
#include <mutex>
#include <optional>
#include <string_view>
#include <vector>

#include "src/aws/signer/sha256.h"

namespace gsh::aws {

// "20150830/us-east-1/sqs/aws4_request".
struct CredentialScope {
  std::string_view date;  // "20150830"
  std::string_view region;
  std::string_view service;
};

// Threads may share it. Keeps the keys that were used last; what is forgotten is wiped.
class SigningKeys {
 public:
  explicit SigningKeys(std::size_t capacity = 1);
  ~SigningKeys();

  // The signature of `string_to_sign`. Empty if OpenSSL refuses.
  std::optional<HexDigest> Sign(std::string_view secret, const CredentialScope& scope,
                                std::string_view string_to_sign);

  std::size_t derived() const;  // how many keys were derived so far

 private:
  struct Entry;

  // Null if OpenSSL refuses. Needs the lock.
  Entry* Find(std::string_view secret, const CredentialScope& scope);

  const std::size_t capacity_;
  mutable std::mutex mutex_;
  std::vector<std::unique_ptr<Entry>> entries_;  // the one used last in front
  std::size_t derived_ = 0;
};

}  // namespace gsh::aws

#endif  // GSH_SRC_AWS_SIGNER_SIGNING_KEY_H_
