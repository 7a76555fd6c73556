// The --config file: one `key = value` a line, `#` and `;` start comment lines.
#ifndef GSH_SRC_SERVICE_CONFIG_FILE_H_
#define GSH_SRC_SERVICE_CONFIG_FILE_H_

#include <string>
#include <string_view>
#include <vector>

#include "gsh/status.h"

namespace gsh::service {

struct ConfigEntry {
  std::string key;
  std::string value;
  int line = 0;
};

// A value keeps its commas, spaces and `#`; one pair of double quotes around it is taken off.
// Sections other than [default] and [`program`] are errors, as is a line that is no entry: nothing
// is silently left out. `file` is for the messages.
StatusOr<std::vector<ConfigEntry>> ParseConfig(std::string_view text, std::string_view file,
                                               std::string_view program);

// InvalidArgument when the file cannot be read or has more than 1 MiB.
StatusOr<std::vector<ConfigEntry>> ReadConfigFile(const std::string& file,
                                                  std::string_view program);

}  // namespace gsh::service

#endif  // GSH_SRC_SERVICE_CONFIG_FILE_H_
