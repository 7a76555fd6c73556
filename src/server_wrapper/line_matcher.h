// LineMatcher: what one line of a server's log says.
#ifndef GSH_SRC_SERVER_WRAPPER_LINE_MATCHER_H_
#define GSH_SRC_SERVER_WRAPPER_LINE_MATCHER_H_

#include <cstddef>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include "gsh/status.h"
#include "src/server_wrapper/profile.h"

namespace gsh::server_wrapper {

// InvalidArgument if `pattern` is none, or lacks the group that `key` needs.
Status CheckPattern(const std::string& key, const std::string& pattern);

struct LineNews {
  bool ready = false;
  std::optional<std::string> joined = {};  // the player's name; "" when the line does not say
  std::optional<std::string> left = {};    // likewise
  std::optional<std::size_t> count = {};   // players that are there now
  bool empty = false;
};

class LineMatcher {
 public:
  static StatusOr<LineMatcher> Make(const Profile& profile);
  LineMatcher(LineMatcher&&) noexcept;
  ~LineMatcher();

  // `line` without its end.
  LineNews Match(std::string_view line) const;

 private:
  struct Patterns;
  explicit LineMatcher(std::unique_ptr<Patterns> patterns);
  std::unique_ptr<Patterns> patterns_;
};

// Without "ESC [ ... letter", which terminals understand as colours, and a trailing CR.
std::string PlainLine(std::string_view line);

}  // namespace gsh::server_wrapper

#endif  // GSH_SRC_SERVER_WRAPPER_LINE_MATCHER_H_
