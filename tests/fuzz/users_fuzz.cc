// The allocator service's users file.
#include <string>

#include "src/allocator_service/password.h"
#include "src/allocator_service/users.h"
#include "tests/fuzz/fuzz.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using gsh::fuzz::Require;
  const auto users = gsh::allocator_service::Users::Parse(gsh::fuzz::TextOf(data, size));
  if (!users.ok()) {
    Require(users.status().code() == gsh::StatusCode::kInvalidArgument, "bad files are refused");
    return 0;
  }
  Require(users->size() > 0, "somebody may log in");
  const auto nobody = users->Find("\x01");
  Require(!nobody.known, "such a name cannot be in the file");
  Require(gsh::allocator_service::CheckHash(nobody.hash).ok(), "every hash was checked");
  return 0;
}
