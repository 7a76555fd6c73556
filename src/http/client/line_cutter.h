// LineCutter: a body that is read as it comes, cut into lines (newline-delimited JSON).
#ifndef GSH_SRC_HTTP_CLIENT_LINE_CUTTER_H_
#define GSH_SRC_HTTP_CLIENT_LINE_CUTTER_H_

#include <cstddef>
#include <functional>
#include <string>
#include <string_view>

namespace gsh::http {

// Blank lines are left out.
class LineCutter {
 public:
  explicit LineCutter(std::size_t max_line) : max_line_(max_line) {}

  // Calls `on_line` for each complete line, until it returns false (then so does this).
  // `overflow()` tells why else this may return false: a line longer than max_line.
  bool Add(std::string_view chunk, const std::function<bool(std::string_view)>& on_line);
  bool overflow() const { return overflow_; }

 private:
  const std::size_t max_line_;
  std::string rest_;
  bool overflow_ = false;
};

}  // namespace gsh::http

#endif  // GSH_SRC_HTTP_CLIENT_LINE_CUTTER_H_
