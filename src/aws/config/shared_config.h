// The shared config and credentials files (~/.aws/config, ~/.aws/credentials).
#ifndef GSH_SRC_AWS_CONFIG_SHARED_CONFIG_H_
#define GSH_SRC_AWS_CONFIG_SHARED_CONFIG_H_

#include <map>
#include <optional>
#include <string>
#include <string_view>

#include "gsh/env.h"
#include "gsh/status.h"

namespace gsh::aws {

// Values by their names; nested ones as "s3.addressing_style" (no name of AWS has a dot itself).
// All of them are wiped at the end, as some are secrets.
class Settings : public std::map<std::string, std::string, std::less<>> {
 public:
  using map::map;
  Settings() = default;
  Settings(const Settings&) = default;
  Settings(Settings&&) = default;
  Settings& operator=(Settings other) noexcept;
  ~Settings();

  // Null if there is none.
  const std::string* Find(std::string_view key) const;
  // What `other` has stands in the place of ours, with all that is nested in it.
  void Override(const Settings& other);

 private:
  void Remove(std::string_view name);
};

struct SharedConfig {
  // Of both files, merged: where both name a setting, the credentials file's stands.
  std::map<std::string, Settings, std::less<>> profiles = {};
  std::map<std::string, Settings, std::less<>> sso_sessions = {};
  std::map<std::string, Settings, std::less<>> services = {};  // "gamelift.endpoint_url"
  // As each file has them, for what is looked up in one before the other.
  std::map<std::string, Settings, std::less<>> in_credentials_file = {};
  std::map<std::string, Settings, std::less<>> in_config_file = {};
};

// AWS_CONFIG_FILE and AWS_SHARED_CREDENTIALS_FILE, else those in the user's home. A file that is
// missing is empty; one that cannot be read or parsed is an error with its name and line.
StatusOr<SharedConfig> LoadSharedConfig(const Env& env);

}  // namespace gsh::aws

#endif  // GSH_SRC_AWS_CONFIG_SHARED_CONFIG_H_
