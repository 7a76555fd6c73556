#include "src/http/client/line_cutter.h"

namespace gsh::http {

bool LineCutter::Add(std::string_view chunk, const std::function<bool(std::string_view)>& on_line) {
  while (!chunk.empty()) {
    const std::size_t end = chunk.find('\n');
    const std::string_view part = chunk.substr(0, end);
    if (part.size() > max_line_ - rest_.size()) {
      overflow_ = true;
      return false;
    }
    if (end == chunk.npos) {
      rest_.append(part);
      return true;
    }
    chunk.remove_prefix(end + 1);
    std::string_view line = part;
    if (!rest_.empty()) line = rest_.append(part);
    if (line.find_first_not_of(" \t\r") != line.npos && !on_line(line)) return false;
    rest_.clear();
  }
  return true;
}

}  // namespace gsh::http
