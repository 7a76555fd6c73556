// LineSplitter: bytes as they come, cut into lines.
#ifndef GSH_SRC_SERVER_WRAPPER_LINE_SPLITTER_H_
#define GSH_SRC_SERVER_WRAPPER_LINE_SPLITTER_H_

#include <algorithm>
#include <cstddef>
#include <functional>
#include <string>
#include <string_view>
#include <utility>

namespace gsh::server_wrapper {

class LineSplitter {
 public:
  static constexpr std::size_t kMaxLine = 16u << 10;  // of a longer line, its begin

  explicit LineSplitter(std::function<void(std::string_view)> on_line)
      : on_line_(std::move(on_line)) {}

  void Add(std::string_view bytes) {
    while (!bytes.empty()) {
      const std::size_t end = bytes.find('\n');
      const std::string_view part = bytes.substr(0, end);
      line_.append(part.substr(0, kMaxLine - std::min(kMaxLine, line_.size())));
      if (end == bytes.npos) return;
      Finish();
      bytes.remove_prefix(end + 1);
    }
  }
  // A last line without an end.
  void End() {
    if (!line_.empty()) Finish();
  }

 private:
  void Finish() {
    on_line_(line_);
    line_.clear();
  }

  const std::function<void(std::string_view)> on_line_;
  std::string line_;
};

}  // namespace gsh::server_wrapper

#endif  // GSH_SRC_SERVER_WRAPPER_LINE_SPLITTER_H_
