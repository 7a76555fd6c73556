#include "src/service/config_file.h"

#include <cerrno>
#include <cstddef>
#include <cstring>
#include <fstream>
#include <utility>

namespace gsh::service {
namespace {

constexpr std::size_t kMaxBytes = 1u << 20;

std::string_view Trim(std::string_view text) {
  constexpr std::string_view kSpace = " \t\r";
  const std::size_t begin = text.find_first_not_of(kSpace);
  if (begin == std::string_view::npos) return {};
  return text.substr(begin, text.find_last_not_of(kSpace) - begin + 1);
}

std::string_view Unquote(std::string_view text) {
  if (text.size() < 2 || text.front() != '"' || text.back() != '"') return text;
  return text.substr(1, text.size() - 2);
}

// Takes the first line off `text`.
std::string_view NextLine(std::string_view& text) {
  const std::size_t end = text.find('\n');
  const std::string_view line = text.substr(0, end);
  text.remove_prefix(end == std::string_view::npos ? text.size() : end + 1);
  return Trim(line);
}

}  // namespace

StatusOr<std::vector<ConfigEntry>> ParseConfig(std::string_view text, std::string_view file,
                                               std::string_view program) {
  std::vector<ConfigEntry> entries;
  if (text.starts_with("\xEF\xBB\xBF")) text.remove_prefix(3);  // an editor's byte order mark
  for (int number = 1; !text.empty(); ++number) {
    const std::string_view line = NextLine(text);
    if (line.empty() || line.front() == '#' || line.front() == ';') continue;
    auto error = [&](const std::string& what) {
      return InvalidArgumentError(std::string(file) + ":" + std::to_string(number) + ": " + what);
    };
    if (line.front() == '[') {
      const std::string_view section = Trim(line.substr(1, line.size() - 2));
      if (line.back() != ']' || (section != "default" && section != program)) {
        return error("section " + std::string(line) + " is neither [default] nor [" +
                     std::string(program) + "]");
      }
      continue;
    }
    const std::size_t equals = line.find('=');
    const std::string_view key = Trim(line.substr(0, equals));
    // The line itself is not shown: it may be half of a secret.
    if (equals == std::string_view::npos || key.empty()) return error("expected key = value");
    entries.push_back(
        {std::string(key), std::string(Unquote(Trim(line.substr(equals + 1)))), number});
  }
  return entries;
}

StatusOr<std::vector<ConfigEntry>> ReadConfigFile(const std::string& file,
                                                  std::string_view program) {
  errno = 0;
  std::ifstream in(file, std::ios::binary);
  std::string text(kMaxBytes + 1, '\0');
  in.read(text.data(), static_cast<std::streamsize>(text.size()));
  if (in.bad() || (in.fail() && !in.eof())) {
    const std::string why = errno != 0 ? std::strerror(errno) : "it cannot be read";
    return InvalidArgumentError("--config " + file + ": " + why);
  }
  text.resize(static_cast<std::size_t>(in.gcount()));
  if (text.size() > kMaxBytes) return InvalidArgumentError("--config " + file + ": over 1 MiB");
  return ParseConfig(text, file, program);
}

}  // namespace gsh::service
