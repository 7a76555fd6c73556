#include "gsh/env.h"

#include <cstdlib>

namespace gsh {
namespace {

class ProcessEnv final : public Env {
 public:
  std::optional<std::string> Get(const std::string& name) const override {
    const char* value = std::getenv(name.c_str());
    if (value == nullptr) return std::nullopt;
    return std::string(value);
  }
};

}  // namespace

const Env& SystemEnv() {
  static const Env& env = *new ProcessEnv;
  return env;
}

}  // namespace gsh
