// The ini dialect of the shared config files, read as botocore reads it (Python's configparser,
// strict).
#ifndef GSH_SRC_AWS_CONFIG_INI_H_
#define GSH_SRC_AWS_CONFIG_INI_H_

#include <string>
#include <string_view>
#include <vector>

#include "gsh/status.h"
#include "src/aws/config/shared_config.h"

namespace gsh::aws {

struct IniSection {
  std::string name = {};  // between the brackets, as it stands
  Settings settings = {};
};

// Of 1 MiB at most, and no more than that again by [DEFAULT], whose settings every section has.
// Comments are whole lines that begin with # or ;. A line that is indented deeper than its setting
// continues it; a setting whose own line is empty holds nested ones. A section or setting given
// twice is a mistake: one of both would be lost. InvalidArgument "FILE:LINE: WHAT" quotes no value.
StatusOr<std::vector<IniSection>> ParseIni(std::string_view text, const std::string& file);

}  // namespace gsh::aws

#endif  // GSH_SRC_AWS_CONFIG_INI_H_
