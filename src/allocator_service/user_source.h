// UserSource: the users out of a file that may change, or of an environment variable.
#ifndef GSH_SRC_ALLOCATOR_SERVICE_USER_SOURCE_H_
#define GSH_SRC_ALLOCATOR_SERVICE_USER_SOURCE_H_

#include <memory>
#include <string>

#include "gsh/clock.h"
#include "gsh/env.h"
#include "gsh/log.h"
#include "src/allocator_service/users.h"
#include "src/rpc/common/file_watch.h"

namespace gsh::allocator_service {

// "name:hash", several of them separated by spaces.
inline constexpr char kUsersVariable[] = "GSH_USERS";

struct UserSourceOptions {
  std::string file = {};     // empty: the environment variable
  const Env* env = nullptr;  // SystemEnv()
  Clock* clock = nullptr;    // SystemClock()
  LogSink* log = nullptr;
};

// Not thread-safe: its owner's mutex guards it.
class UserSource {
 public:
  // InvalidArgument says what is missing, or which lines are bad.
  static StatusOr<std::unique_ptr<UserSource>> Open(UserSourceOptions options);

  // Looks at the file at most once a second; another pointer means new users. A bad file keeps the
  // old ones and is logged.
  std::shared_ptr<const Users> Get();

 private:
  explicit UserSource(UserSourceOptions options);
  Status LoadFile();
  Status LoadVariable();

  const UserSourceOptions options_;
  rpc::FileWatch watch_;
  std::string refused_;
  std::string text_;  // of the file, to see whether it has really changed
  std::shared_ptr<const Users> users_;
};

}  // namespace gsh::allocator_service

#endif  // GSH_SRC_ALLOCATOR_SERVICE_USER_SOURCE_H_
