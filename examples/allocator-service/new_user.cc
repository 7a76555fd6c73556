#include "examples/allocator-service/new_user.h"

#include <termios.h>
#include <unistd.h>

#include <iostream>

#include "src/allocator_service/password.h"
#include "src/allocator_service/users.h"

namespace gsh::allocator_service {
namespace {

// While it lives, a terminal does not show what is typed.
class NoEcho {
 public:
  NoEcho() : is_terminal_(tcgetattr(STDIN_FILENO, &former_) == 0) {
    if (!is_terminal_) return;
    termios silent = former_;
    silent.c_lflag &= ~static_cast<tcflag_t>(ECHO);
    tcsetattr(STDIN_FILENO, TCSAFLUSH, &silent);
    std::cerr << "Password: " << std::flush;
  }
  ~NoEcho() {
    if (!is_terminal_) return;
    tcsetattr(STDIN_FILENO, TCSAFLUSH, &former_);
    std::cerr << '\n';
  }
  NoEcho(const NoEcho&) = delete;
  NoEcho& operator=(const NoEcho&) = delete;

 private:
  termios former_{};
  const bool is_terminal_;
};

}  // namespace

Status PrintNewUser(const std::string& name, std::istream& in, std::ostream& out) {
  std::string password;
  {
    const NoEcho no_echo;
    std::getline(in, password);
  }
  const StatusOr<std::string> hash = HashPassword(password);
  if (!hash.ok()) return hash.status();
  const std::string line = name + ":" + *hash;
  if (const auto users = Users::Parse(line); !users.ok()) return users.status();
  out << line << std::endl;
  return OkStatus();
}

}  // namespace gsh::allocator_service
