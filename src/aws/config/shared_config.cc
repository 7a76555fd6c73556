#include "src/aws/config/shared_config.h"

#include <openssl/crypto.h>
#include <pwd.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <optional>
#include <utility>
#include <vector>

#include "src/aws/config/ascii.h"
#include "src/aws/config/ini.h"
#include "src/aws/config/shell_words.h"
#include "src/rpc/common/pem.h"

namespace gsh::aws {
namespace {

using Profiles = std::map<std::string, Settings, std::less<>>;

// HOME, or what the system knows of the user: services often run without the variable. Of another
// environment than the process's own, the variable alone counts.
std::optional<std::string> HomeOf(const Env& env) {
  if (auto home = env.Get("HOME")) return home;
  if (&env != &SystemEnv()) return std::nullopt;
  std::array<char, 16384> buffer = {};
  passwd entry = {};
  passwd* found = nullptr;
  getpwuid_r(getuid(), &entry, buffer.data(), buffer.size(), &found);
  return found == nullptr ? std::nullopt : std::optional<std::string>(found->pw_dir);
}

// "~/x", "$NAME/x" and "${NAME}/x"; names that are not set stay as they are. Empty for a home that
// nobody knows: "~" in the current folder would be somebody else's.
std::string ExpandPath(std::string_view text, const Env& env) {
  std::string path;
  while (!text.empty()) {
    const std::size_t dollar = std::min(text.find('$'), text.size());
    path += text.substr(0, dollar);
    text.remove_prefix(dollar);
    if (text.empty()) break;
    const bool braces = text.starts_with("${");
    std::size_t end = braces ? 2 : 1;
    while (end < text.size() && (IsAlphaNumeric(text[end]) || text[end] == '_')) ++end;
    const std::string name(text.substr(braces ? 2 : 1, end - (braces ? 2 : 1)));
    const bool closed = !braces || (end < text.size() && text[end] == '}');
    if (braces && closed) ++end;
    const auto value = closed && !name.empty() ? env.Get(name) : std::nullopt;
    path += value ? *value : std::string(text.substr(0, end));
    text.remove_prefix(end);
  }
  if (path == "~" || path.starts_with("~/")) {
    const auto home = HomeOf(env);
    if (!home) return {};
    path.replace(0, 1, *home);
  }
  return path;
}

// No sections if there is no such file.
StatusOr<std::vector<IniSection>> ReadFile(const Env& env, const char* variable,
                                           const char* usual_path) {
  const std::string path = ExpandPath(env.Get(variable).value_or(usual_path), env);
  if (path.empty()) return std::vector<IniSection>();
  auto text = rpc::ReadPemFile(path);
  if (text.status().code() == StatusCode::kNotFound) return std::vector<IniSection>();
  if (!text.ok()) return text.status();
  const rpc::SecretText secret(*std::move(text));
  return ParseIni(secret.text(), path);
}

// [profile x], [sso-session x] and [services x] of the config file, where x may be quoted. Other
// sections than these and [default] belong to other tools.
void Sort(std::vector<IniSection> sections, SharedConfig& config) {
  for (IniSection& section : sections) {
    Profiles* const into = section.name.starts_with("profile")       ? &config.in_config_file
                           : section.name.starts_with("sso-session") ? &config.sso_sessions
                           : section.name.starts_with("services")    ? &config.services
                                                                     : nullptr;
    if (into != nullptr) {
      const auto words = SplitShellWords(section.name);
      if (words && words->size() == 2) (*into)[words->back()] = std::move(section.settings);
    } else if (section.name == "default") {
      config.in_config_file["default"] = std::move(section.settings);
    }
  }
}

}  // namespace

Settings& Settings::operator=(Settings other) noexcept {
  swap(other);
  return *this;
}

Settings::~Settings() {
  for (auto& [key, value] : *this) {
    if (!value.empty()) OPENSSL_cleanse(value.data(), value.size());
  }
}

const std::string* Settings::Find(std::string_view key) const {
  const auto found = find(key);
  return found == end() ? nullptr : &found->second;
}

void Settings::Override(const Settings& other) {
  for (const auto& [key, value] : other) Remove(std::string_view(key).substr(0, key.find('.')));
  insert(other.begin(), other.end());
}

void Settings::Remove(std::string_view name) {
  if (const auto found = find(name); found != end()) erase(found);
  const std::string nested = std::string(name) + ".";
  for (auto next = lower_bound(nested); next != end() && next->first.starts_with(nested);) {
    next = erase(next);
  }
}

StatusOr<SharedConfig> LoadSharedConfig(const Env& env) {
  SharedConfig config;
  auto sections = ReadFile(env, "AWS_CONFIG_FILE", "~/.aws/config");
  if (!sections.ok()) return sections.status();
  Sort(*std::move(sections), config);
  auto credentials = ReadFile(env, "AWS_SHARED_CREDENTIALS_FILE", "~/.aws/credentials");
  if (!credentials.ok()) return credentials.status();
  config.profiles = config.in_config_file;
  for (IniSection& section : *credentials) {
    config.profiles[section.name].Override(section.settings);
    config.in_credentials_file[section.name] = std::move(section.settings);
  }
  return config;
}

}  // namespace gsh::aws
