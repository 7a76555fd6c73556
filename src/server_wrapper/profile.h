// Profile: by which lines of its log a game server says what happens in it.
#ifndef GSH_SRC_SERVER_WRAPPER_PROFILE_H_
#define GSH_SRC_SERVER_WRAPPER_PROFILE_H_

#include <string>
#include <string_view>
#include <vector>

#include "gsh/status.h"

namespace gsh::server_wrapper {

// Patterns are RE2's (github.com/google/re2/wiki/Syntax), looked for anywhere in a line, which has
// lost its end and its colours. Empty: no such line.
struct Profile {
  std::string ready = {};   // players may come; without it they may from the start
  std::string joined = {};  // a player came; a group named `player` says who
  std::string left = {};    // a player went; likewise
  std::string count = {};   // the group `count` is how many are there now
  std::string empty = {};   // nobody is there any more
  // The server's output is a terminal, so that a C library writes each line at once.
  bool terminal = false;
};

// The names of the profiles that are built in.
std::vector<std::string> BuiltInProfiles();

// Lines "key = value"; the keys are the fields of Profile. InvalidArgument names `file` and the
// line.
StatusOr<Profile> ParseProfile(std::string_view text, std::string_view file);

// A built-in one, or a file.
StatusOr<Profile> LoadProfile(const std::string& name_or_file);

}  // namespace gsh::server_wrapper

#endif  // GSH_SRC_SERVER_WRAPPER_PROFILE_H_
