#include "src/testing/sandbox/agones/command_line.h"

#include <optional>
#include <utility>

namespace gsh::sandbox {

StatusOr<std::vector<std::string>> SplitCommandLine(std::string_view line) {
  std::vector<std::string> words;
  std::optional<std::string> word;
  char quote = 0;
  for (std::size_t i = 0; i < line.size(); ++i) {
    const char c = line[i];
    const bool blank = c == ' ' || c == '\t' || c == '\n';
    if (quote == 0 && blank) {
      if (word) words.push_back(std::move(*word));
      word.reset();
      continue;
    }
    if (!word) word.emplace();
    if (c == '\\' && quote != '\'') {
      if (++i == line.size())
        return InvalidArgumentError("game server command ends with a backslash");
      *word += line[i];
    } else if (c == quote) {
      quote = 0;
    } else if (quote == 0 && (c == '\'' || c == '"')) {
      quote = c;
    } else {
      *word += c;
    }
  }
  if (quote != 0) return InvalidArgumentError("game server command has a quote that is not closed");
  if (word) words.push_back(std::move(*word));
  if (words.empty()) return InvalidArgumentError("game server command is empty");
  return words;
}

void Substitute(std::vector<std::string>& words, std::string_view from, std::string_view to) {
  for (std::string& word : words) {
    for (std::size_t at = 0; (at = word.find(from, at)) != std::string::npos; at += to.size()) {
      word.replace(at, from.size(), to);
    }
  }
}

}  // namespace gsh::sandbox
