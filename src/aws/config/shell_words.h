// A line as a POSIX shell cuts it into words.
#ifndef GSH_SRC_AWS_CONFIG_SHELL_WORDS_H_
#define GSH_SRC_AWS_CONFIG_SHELL_WORDS_H_

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace gsh::aws {

// Quotes and backslashes alone: nothing is expanded (as Python's shlex.split). Empty optional for a
// quotation without end, or a backslash at the end.
std::optional<std::vector<std::string>> SplitShellWords(std::string_view text);

}  // namespace gsh::aws

#endif  // GSH_SRC_AWS_CONFIG_SHELL_WORDS_H_
