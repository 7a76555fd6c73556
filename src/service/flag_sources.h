// Where a flag's value comes from: command line, else environment, else --config file, else its
// default.
#ifndef GSH_SRC_SERVICE_FLAG_SOURCES_H_
#define GSH_SRC_SERVICE_FLAG_SOURCES_H_

#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "gsh/env.h"
#include "gsh/status.h"
#include "src/service/config_file.h"
#include "src/service/spellings.h"

namespace gsh::service {

// A flag that may also come from the environment and the file.
struct FlagSource {
  std::string name;                    // the parser's long name, without dashes
  std::vector<std::string> env_names;  // the first that is set and not empty counts
  bool repeatable = false;
};

struct MergedArgs {
  std::vector<std::string> args;  // "--name=value" for what was added, then the command line
  std::map<std::string, std::string>
      origins;  // of each added name: "environment GSH_X", "file.ini:3"
};

// `args` are canonical (CanonicalArgs). A repeatable flag's variable holds several values separated
// by spaces, its key stands in the file several times. InvalidArgument for keys of the file that
// name no flag or stand there twice.
StatusOr<MergedArgs> MergeSources(const std::vector<std::string>& args,
                                  const std::vector<FlagSource>& flags, const Env& env,
                                  const std::vector<ConfigEntry>& entries, std::string_view file);

// True when "--name" or "--name=..." stands in `args` before a "--".
bool HasFlag(const std::vector<std::string>& args, const std::string& name);
// The value of the last "--name value" or "--name=value" before a "--"; empty if there is none.
std::string FlagValue(const std::vector<std::string>& args, const std::string& name);

}  // namespace gsh::service

#endif  // GSH_SRC_SERVICE_FLAG_SOURCES_H_
