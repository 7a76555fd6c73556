#include "gsh/aws/credentials.h"

#include <openssl/crypto.h>

#include <utility>

#include "src/core/await.h"

namespace gsh::aws {
namespace {

void Wipe(std::string& secret) {
  if (!secret.empty()) OPENSSL_cleanse(secret.data(), secret.size());
  secret.clear();
}

void WipeAll(Credentials& credentials) {
  Wipe(credentials.secret_access_key);
  Wipe(credentials.session_token);
}

}  // namespace

Credentials::Credentials(std::string id, std::string secret, std::string token)
    : access_key_id(std::move(id)),
      secret_access_key(std::move(secret)),
      session_token(std::move(token)) {}

Credentials::Credentials(Credentials&& other) noexcept { *this = std::move(other); }

Credentials& Credentials::operator=(const Credentials& other) {
  if (this != &other) *this = Credentials(other);
  return *this;
}

// By exchange, so that no secret stays behind in a short string's own buffer.
Credentials& Credentials::operator=(Credentials&& other) noexcept {
  if (this == &other) return *this;
  WipeAll(*this);
  access_key_id.swap(other.access_key_id);
  secret_access_key.swap(other.secret_access_key);
  session_token.swap(other.session_token);
  std::swap(expiration, other.expiration);
  account_id.swap(other.account_id);
  source.swap(other.source);
  return *this;
}

Credentials::~Credentials() { WipeAll(*this); }

StatusOr<std::shared_ptr<const Credentials>> CredentialsProvider::Get(CallOptions options) {
  return internal::Await<StatusOr<std::shared_ptr<const Credentials>>>(
      std::move(options),
      [this](CallOptions inner, auto done) { GetAsync(std::move(inner), std::move(done)); });
}

}  // namespace gsh::aws
