// RulesFile: the matcher's rules in a file that may change while the match function runs.
#ifndef GSH_MMF_RULES_FILE_H_
#define GSH_MMF_RULES_FILE_H_

#include <memory>
#include <string>

#include "gsh/export.h"
#include "gsh/log.h"
#include "gsh/matcher/matcher.h"
#include "gsh/status.h"

namespace gsh::mmf {

struct RulesFileOptions {
  std::string path = {};         // JSON as matcher::RulesFromJson reads it; at most 1 MiB
  matcher::Rules defaults = {};  // for members that the file leaves out
  LogSink* log = nullptr;        // must outlive the object
};

// May be used from several threads.
class GSH_EXPORT RulesFile {
 public:
  virtual ~RulesFile() = default;
  // Reads the file again; a bad or missing one keeps the last good rules and is reported to the
  // log, once.
  virtual matcher::Rules Current() = 0;
};

// InvalidArgument if the file is bad now; NotFound if it cannot be read.
GSH_EXPORT StatusOr<std::unique_ptr<RulesFile>> OpenRulesFile(RulesFileOptions options);

}  // namespace gsh::mmf

#endif  // GSH_MMF_RULES_FILE_H_
