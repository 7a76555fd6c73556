// Splits a command line into words, without a shell.
#ifndef GSH_SRC_TESTING_SANDBOX_AGONES_COMMAND_LINE_H_
#define GSH_SRC_TESTING_SANDBOX_AGONES_COMMAND_LINE_H_

#include <string>
#include <string_view>
#include <vector>

#include "gsh/status.h"

namespace gsh::sandbox {

// Words are separated by blanks; '...' keeps everything, "..." and \x outside quotes work as in a
// shell, but nothing is expanded. InvalidArgument: no word at all, or a quote that is not closed.
StatusOr<std::vector<std::string>> SplitCommandLine(std::string_view line);

// Replaces each `from` in each word by `to`.
void Substitute(std::vector<std::string>& words, std::string_view from, std::string_view to);

}  // namespace gsh::sandbox

#endif  // GSH_SRC_TESTING_SANDBOX_AGONES_COMMAND_LINE_H_
