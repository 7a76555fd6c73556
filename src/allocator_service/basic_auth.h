// HTTP's Basic authentication (RFC 7617).
#ifndef GSH_SRC_ALLOCATOR_SERVICE_BASIC_AUTH_H_
#define GSH_SRC_ALLOCATOR_SERVICE_BASIC_AUTH_H_

#include <optional>
#include <string>
#include <string_view>

namespace gsh::allocator_service {

// The password is wiped when they go.
struct Credentials {
  std::string name;
  std::string password;

  Credentials(std::string name, std::string password);
  Credentials(Credentials&& other) noexcept = default;
  Credentials& operator=(Credentials&&) = delete;
  ~Credentials();
};

// Of "Basic dXNlcjpwYXNz"; nothing for other schemes, bad base64, no colon, zero bytes, or more
// than anyone's name and password could need.
std::optional<Credentials> ParseBasicAuth(std::string_view authorization);

}  // namespace gsh::allocator_service

#endif  // GSH_SRC_ALLOCATOR_SERVICE_BASIC_AUTH_H_
