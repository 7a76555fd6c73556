// A line of the users file for a password that somebody types.
#ifndef GSH_EXAMPLES_ALLOCATOR_SERVICE_NEW_USER_H_
#define GSH_EXAMPLES_ALLOCATOR_SERVICE_NEW_USER_H_

#include <iosfwd>
#include <string>

#include "gsh/status.h"

namespace gsh::allocator_service {

// Reads the password's line from stdin (unseen, if it is a terminal) and prints "name:hash".
Status PrintNewUser(const std::string& name, std::istream& in, std::ostream& out);

}  // namespace gsh::allocator_service

#endif  // GSH_EXAMPLES_ALLOCATOR_SERVICE_NEW_USER_H_
