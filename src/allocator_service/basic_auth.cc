#include "src/allocator_service/basic_auth.h"

#include <openssl/crypto.h>

#include <algorithm>
#include <cctype>
#include <utility>

#include "src/allocator_service/password.h"
#include "src/rpc/common/base64.h"

namespace gsh::allocator_service {
namespace {

constexpr std::size_t kMaxNameBytes = 255;
constexpr std::size_t kMaxDecoded = kMaxNameBytes + 1 + kMaxPasswordBytes;

bool IsBasic(std::string_view scheme) {
  constexpr std::string_view kBasic = "basic";
  return std::equal(scheme.begin(), scheme.end(), kBasic.begin(), kBasic.end(),
                    [](unsigned char a, char b) { return std::tolower(a) == b; });
}

}  // namespace

Credentials::Credentials(std::string user_name, std::string secret)
    : name(std::move(user_name)), password(std::move(secret)) {}

Credentials::~Credentials() { OPENSSL_cleanse(password.data(), password.size()); }

std::optional<Credentials> ParseBasicAuth(std::string_view authorization) {
  const std::size_t space = std::min(authorization.find(' '), authorization.size());
  if (!IsBasic(authorization.substr(0, space))) return std::nullopt;
  std::string_view encoded = authorization.substr(space);
  encoded.remove_prefix(std::min(encoded.find_first_not_of(' '), encoded.size()));
  if (encoded.size() > (kMaxDecoded + 2) / 3 * 4) return std::nullopt;
  std::optional<std::string> decoded = rpc::Base64Decode(encoded);
  if (!decoded) return std::nullopt;
  const std::size_t colon = decoded->find(':');
  const bool usable = colon != std::string::npos && colon > 0 && colon <= kMaxNameBytes &&
                      decoded->size() - colon - 1 <= kMaxPasswordBytes &&
                      decoded->find('\0') == std::string::npos;
  std::optional<Credentials> credentials;
  if (usable) credentials.emplace(decoded->substr(0, colon), decoded->substr(colon + 1));
  OPENSSL_cleanse(decoded->data(), decoded->size());
  return credentials;
}

}  // namespace gsh::allocator_service
