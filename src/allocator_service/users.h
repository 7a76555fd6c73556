// Users: who may allocate, as "name:hash" lines.
#ifndef GSH_SRC_ALLOCATOR_SERVICE_USERS_H_
#define GSH_SRC_ALLOCATOR_SERVICE_USERS_H_

#include <map>
#include <string>
#include <string_view>

#include "gsh/status.h"

namespace gsh::allocator_service {

class Users {
 public:
  // One "name:hash" a line; empty lines and those that begin with '#' are passed over. `separator`
  // may be another character between entries. InvalidArgument names every bad line by its number
  // (and never shows it), and says so if there is no user at all.
  static StatusOr<Users> Parse(std::string_view text, char separator = '\n');

  // What a password of `name` is checked against. For an unknown name some user's hash, so that
  // the check takes as long; `known` says which.
  struct Lookup {
    std::string hash;
    bool known;
  };
  Lookup Find(const std::string& name) const;

  std::size_t size() const { return hashes_.size(); }

 private:
  std::map<std::string, std::string> hashes_;
};

}  // namespace gsh::allocator_service

#endif  // GSH_SRC_ALLOCATOR_SERVICE_USERS_H_
