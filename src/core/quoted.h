// Text from outside, as an error may show it.
#ifndef GSH_SRC_CORE_QUOTED_H_
#define GSH_SRC_CORE_QUOTED_H_

#include <cstddef>
#include <string>
#include <string_view>

namespace gsh::internal {

// "\"text\"", on one line and of bounded length: '?' for control characters, "..." for the rest.
inline std::string Quoted(std::string_view text) {
  constexpr std::size_t kShown = 64;
  std::string shown = "\"";
  for (const char c : text.substr(0, kShown)) {
    shown += static_cast<unsigned char>(c) < ' ' || c == '\x7f' ? '?' : c;
  }
  return shown + (text.size() > kShown ? "...\"" : "\"");
}

}  // namespace gsh::internal

#endif  // GSH_SRC_CORE_QUOTED_H_
