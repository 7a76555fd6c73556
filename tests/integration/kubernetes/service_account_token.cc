#include "tests/integration/kubernetes/service_account_token.h"

#include <openssl/bio.h>
#include <openssl/evp.h>
#include <openssl/pem.h>

#include <memory>
#include <nlohmann/json.hpp>
#include <stdexcept>

#include "tests/integration/kubernetes/api_server.h"

namespace gsh::kubernetes_test {
namespace {

// RFC 4648, section 5, without padding.
std::string Base64Url(const std::string& bytes) {
  std::string text(4 * ((bytes.size() + 2) / 3) + 1, '\0');
  EVP_EncodeBlock(reinterpret_cast<unsigned char*>(text.data()),
                  reinterpret_cast<const unsigned char*>(bytes.data()),
                  static_cast<int>(bytes.size()));
  text.resize(text.find_first_of(std::string("=\0", 2)));
  for (char& c : text) c = c == '+' ? '-' : c == '/' ? '_' : c;
  return text;
}

std::string SignRs256(const std::string& text, const std::string& key_pem) {
  const std::unique_ptr<BIO, decltype(&BIO_free_all)> bio(
      BIO_new_mem_buf(key_pem.data(), static_cast<int>(key_pem.size())), &BIO_free_all);
  const std::unique_ptr<EVP_PKEY, decltype(&EVP_PKEY_free)> key(
      PEM_read_bio_PrivateKey(bio.get(), nullptr, nullptr, nullptr), &EVP_PKEY_free);
  const std::unique_ptr<EVP_MD_CTX, decltype(&EVP_MD_CTX_free)> context(EVP_MD_CTX_new(),
                                                                        &EVP_MD_CTX_free);
  const auto* const bytes = reinterpret_cast<const unsigned char*>(text.data());
  std::size_t size = 0;
  if (EVP_DigestSignInit(context.get(), nullptr, EVP_sha256(), nullptr, key.get()) != 1 ||
      EVP_DigestSign(context.get(), nullptr, &size, bytes, text.size()) != 1) {
    throw std::runtime_error("signing a token");
  }
  std::string signature(size, '\0');
  if (EVP_DigestSign(context.get(), reinterpret_cast<unsigned char*>(signature.data()), &size,
                     bytes, text.size()) != 1) {
    throw std::runtime_error("signing a token");
  }
  return signature;
}

}  // namespace

std::string SignToken(const Account& account, std::chrono::seconds expires_in) {
  const auto now = std::chrono::duration_cast<std::chrono::seconds>(
                       std::chrono::system_clock::now().time_since_epoch())
                       .count();
  const nlohmann::json header = {{"alg", "RS256"}, {"typ", "JWT"}};
  const nlohmann::json claims = {
      {"iss", "https://kubernetes.default.svc"},
      {"sub", "system:serviceaccount:" + account.ns + ":" + account.name},
      {"aud", {"https://kubernetes.default.svc"}},
      {"iat", now - 3600},
      {"nbf", now - 3600},
      {"exp", now + expires_in.count()},
      {"kubernetes.io",
       {{"namespace", account.ns},
        {"serviceaccount", {{"name", account.name}, {"uid", account.uid}}}}}};
  const std::string text = Base64Url(header.dump()) + "." + Base64Url(claims.dump());
  return text + "." + Base64Url(SignRs256(text, SharedApiServer().token_key()));
}

}  // namespace gsh::kubernetes_test
