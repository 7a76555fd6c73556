// A program that is run for what it writes.
#ifndef GSH_SRC_PROCESS_RUN_FOR_OUTPUT_H_
#define GSH_SRC_PROCESS_RUN_FOR_OUTPUT_H_

#include <chrono>
#include <map>
#include <stop_token>
#include <string>
#include <vector>

#include "gsh/status.h"

namespace gsh::process {

struct RunOptions {
  std::string what = {};  // of the errors: "credential plugin"
  std::vector<std::string> argv = {};
  std::map<std::string, std::string> environment = {};  // on top of ours
  std::chrono::milliseconds timeout = std::chrono::seconds(30);
};

// What it wrote to stdout. It, and what it started, is killed at the timeout, when `stop` is asked
// for, or when it writes more than 1 MiB. Errors carry the start of what it wrote to stderr.
// Blocks.
StatusOr<std::string> RunForOutput(const RunOptions& run, std::stop_token stop);

}  // namespace gsh::process

#endif  // GSH_SRC_PROCESS_RUN_FOR_OUTPUT_H_
