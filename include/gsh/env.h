// Env: environment variables, injected so that tests do not change the process's own.
#ifndef GSH_ENV_H_
#define GSH_ENV_H_

#include <optional>
#include <string>

#include "gsh/export.h"

namespace gsh {

class GSH_EXPORT Env {
 public:
  virtual ~Env() = default;
  virtual std::optional<std::string> Get(const std::string& name) const = 0;
};

GSH_EXPORT const Env& SystemEnv();

}  // namespace gsh

#endif  // GSH_ENV_H_
