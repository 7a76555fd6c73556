// Password hashes of crypt(3), as libxcrypt makes and checks them.
#ifndef GSH_SRC_ALLOCATOR_SERVICE_PASSWORD_H_
#define GSH_SRC_ALLOCATOR_SERVICE_PASSWORD_H_

#include <cstddef>
#include <memory>
#include <string>
#include <string_view>

#include "gsh/status.h"

struct crypt_data;

namespace gsh::allocator_service {

// libxcrypt takes no longer ones.
inline constexpr std::size_t kMaxPasswordBytes = 511;

// OK for a hash of a method that is fit for new passwords (yescrypt, bcrypt, SHA-512, scrypt ...);
// InvalidArgument says what is wrong with others.
Status CheckHash(const std::string& hash);

// A new hash with a new salt, by libxcrypt's preferred method (yescrypt). InvalidArgument for an
// empty or overlong password.
StatusOr<std::string> HashPassword(std::string_view password);

// Does the slow work; one a thread, for it holds crypt's 32 KiB, which are wiped after each use.
class PasswordChecker {
 public:
  PasswordChecker();
  ~PasswordChecker();

  // Compares in constant time. False also for a hash that cannot be used.
  bool Matches(const std::string& password, const std::string& hash);

 private:
  std::unique_ptr<crypt_data> data_;
};

}  // namespace gsh::allocator_service

#endif  // GSH_SRC_ALLOCATOR_SERVICE_PASSWORD_H_
