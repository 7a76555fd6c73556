// Sources: where a setting is looked up, the environment before the profile.
#ifndef GSH_SRC_AWS_CONFIG_SOURCES_H_
#define GSH_SRC_AWS_CONFIG_SOURCES_H_

#include <optional>
#include <string>
#include <string_view>
#include <utility>

#include "gsh/env.h"
#include "gsh/status.h"
#include "src/aws/config/ascii.h"
#include "src/aws/config/shared_config.h"

namespace gsh::aws {

// What is empty counts as not said.
class Sources {
 public:
  // What somebody says, and the variable or the profile's setting that says it.
  struct Said {
    std::string text = {};
    std::string by = {};
  };

  // `profile` may be null; both must outlive this.
  Sources(const Env& env, const Settings* profile) : env_(env), profile_(profile) {}

  std::optional<std::string> FromEnv(const std::string& variable) const {
    auto value = env_.Get(variable);
    return value && value->empty() ? std::nullopt : value;
  }
  std::optional<std::string> FromProfile(std::string_view setting) const {
    const std::string* const value = profile_ == nullptr ? nullptr : profile_->Find(setting);
    return value == nullptr || value->empty() ? std::nullopt : std::optional(*value);
  }
  std::optional<Said> Find(const std::string& variable, std::string_view setting) const {
    if (auto value = FromEnv(variable)) return Said{*std::move(value), variable};
    if (auto value = FromProfile(setting)) return Said{*std::move(value), std::string(setting)};
    return std::nullopt;
  }
  std::optional<std::string> Text(const std::string& variable, std::string_view setting) const {
    auto said = Find(variable, setting);
    return said ? std::optional(std::move(said->text)) : std::nullopt;
  }
  // False if nobody says.
  StatusOr<bool> Flag(const std::string& variable, std::string_view setting) const {
    const auto said = Find(variable, setting);
    if (!said) return false;
    const std::string lower = Lower(said->text);
    if (lower == "true" || lower == "false") return lower == "true";
    return InvalidArgumentError(said->by + " must be true or false");
  }

 private:
  const Env& env_;
  const Settings* profile_;
};

}  // namespace gsh::aws

#endif  // GSH_SRC_AWS_CONFIG_SOURCES_H_
