#include "src/aws/signer/signing_key.h"

#include <openssl/crypto.h>

#include <algorithm>
#include <string>
#include <utility>

namespace gsh::aws {
namespace {

// kSigning of "Authenticating Requests (AWS Signature Version 4)": HMACs, each under the result of
// the one before. `mac` is keyed with it.
bool Derive(std::string_view secret, const CredentialScope& scope, HmacSha256& mac) {
  std::string first;
  first.reserve(4 + secret.size());
  first.append("AWS4").append(secret);
  bool ok = mac.SetKey({reinterpret_cast<const unsigned char*>(first.data()), first.size()});
  OPENSSL_cleanse(first.data(), first.size());
  for (const std::string_view part :
       {scope.date, scope.region, scope.service, std::string_view("aws4_request")}) {
    std::optional<Sha256Digest> key = ok ? mac.Sign(part) : std::nullopt;
    ok = key && mac.SetKey(*key);
    if (key) OPENSSL_cleanse(key->data(), key->size());
  }
  return ok;
}

}  // namespace

struct SigningKeys::Entry {
  std::string secret;
  std::string date;
  std::string region;
  std::string service;
  HmacSha256 mac;

  Entry(std::string_view of_secret, const CredentialScope& scope)
      : secret(of_secret), date(scope.date), region(scope.region), service(scope.service) {}
  ~Entry() { OPENSSL_cleanse(secret.data(), secret.size()); }

  bool Is(std::string_view of_secret, const CredentialScope& scope) const {
    return date == scope.date && region == scope.region && service == scope.service &&
           secret.size() == of_secret.size() &&
           CRYPTO_memcmp(secret.data(), of_secret.data(), secret.size()) == 0;
  }
};

SigningKeys::SigningKeys(std::size_t capacity) : capacity_(std::max<std::size_t>(1, capacity)) {}

SigningKeys::~SigningKeys() = default;

SigningKeys::Entry* SigningKeys::Find(std::string_view secret, const CredentialScope& scope) {
  const auto found =
      std::ranges::find_if(entries_, [&](const auto& entry) { return entry->Is(secret, scope); });
  if (found != entries_.end()) {
    std::rotate(entries_.begin(), found, found + 1);
    return entries_.front().get();
  }
  auto entry = std::make_unique<Entry>(secret, scope);
  ++derived_;
  if (!Derive(secret, scope, entry->mac)) return nullptr;
  if (entries_.size() == capacity_) entries_.pop_back();
  entries_.insert(entries_.begin(), std::move(entry));
  return entries_.front().get();
}

std::optional<HexDigest> SigningKeys::Sign(std::string_view secret, const CredentialScope& scope,
                                           std::string_view string_to_sign) {
  // One signature at a time: the lock is held for less than a microsecond, and the key stays in
  // one place.
  const std::lock_guard lock(mutex_);
  Entry* const entry = Find(secret, scope);
  if (entry == nullptr) return std::nullopt;
  const std::optional<Sha256Digest> digest = entry->mac.Sign(string_to_sign);
  if (!digest) return std::nullopt;
  return ToHex(*digest);
}

std::size_t SigningKeys::derived() const {
  const std::lock_guard lock(mutex_);
  return derived_;
}

}  // namespace gsh::aws
