#include "src/allocator_service/password.h"

#include <crypt.h>
#include <openssl/crypto.h>

#include <array>
#include <cerrno>

namespace gsh::allocator_service {

Status CheckHash(const std::string& hash) {
  if (hash.starts_with("$apr1$")) {
    return InvalidArgumentError("Apache's MD5 is not supported (htpasswd -B makes bcrypt)");
  }
  if (!hash.starts_with('$')) return InvalidArgumentError("this is no hash of crypt(3)");
  switch (crypt_checksalt(hash.c_str())) {
    case CRYPT_SALT_OK:
      break;
    case CRYPT_SALT_METHOD_LEGACY:
    case CRYPT_SALT_TOO_CHEAP:
      return InvalidArgumentError("the hash's method is too weak");
    case CRYPT_SALT_METHOD_DISABLED:
      return InvalidArgumentError("the hash's method is not supported");
    default:
      return InvalidArgumentError("this is no hash of crypt(3)");
  }
  // A setting without its hash passes crypt_checksalt: every hash ends in what is at least 128
  // bits.
  const std::size_t last = hash.rfind('$');
  constexpr std::size_t kShortest = 22;
  if (hash.size() - last - 1 < kShortest) return InvalidArgumentError("the hash is cut short");
  return OkStatus();
}

StatusOr<std::string> HashPassword(std::string_view password) {
  if (password.empty()) return InvalidArgumentError("the password is empty");
  if (password.size() > kMaxPasswordBytes) {
    return InvalidArgumentError("the password has more than " + std::to_string(kMaxPasswordBytes) +
                                " bytes");
  }
  if (password.find('\0') != std::string_view::npos) {
    return InvalidArgumentError("the password has a zero byte");
  }
  std::array<char, CRYPT_GENSALT_OUTPUT_SIZE> setting{};
  // Salt from the system; cost and method by default.
  if (crypt_gensalt_rn(nullptr, 0, nullptr, 0, setting.data(), static_cast<int>(setting.size())) ==
      nullptr) {
    return InternalError("crypt_gensalt failed, errno " + std::to_string(errno));
  }
  const auto data = std::make_unique<crypt_data>();
  std::string text(password);
  const char* const hash = crypt_rn(text.c_str(), setting.data(), data.get(), sizeof(crypt_data));
  StatusOr<std::string> result = InternalError("crypt failed, errno " + std::to_string(errno));
  if (hash != nullptr) result = std::string(hash);
  OPENSSL_cleanse(text.data(), text.size());
  OPENSSL_cleanse(data.get(), sizeof(crypt_data));
  return result;
}

PasswordChecker::PasswordChecker() : data_(std::make_unique<crypt_data>()) {}
PasswordChecker::~PasswordChecker() = default;

bool PasswordChecker::Matches(const std::string& password, const std::string& hash) {
  const char* const made =
      crypt_rn(password.c_str(), hash.c_str(), data_.get(), sizeof(crypt_data));
  const std::string_view text = made == nullptr ? std::string_view() : made;
  const bool same = !text.empty() && text.size() == hash.size() &&
                    CRYPTO_memcmp(text.data(), hash.data(), text.size()) == 0;
  OPENSSL_cleanse(data_.get(), sizeof(crypt_data));
  return same;
}

}  // namespace gsh::allocator_service
