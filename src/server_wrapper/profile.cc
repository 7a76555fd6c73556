#include "src/server_wrapper/profile.h"

#include <array>
#include <utility>

#include "src/rpc/common/pem.h"
#include "src/server_wrapper/line_matcher.h"
#include "src/service/config_file.h"

namespace gsh::server_wrapper {
namespace {

struct BuiltIn {
  const char* name;
  const char* text;
};

// SuperTuxKart 1.4 and later, started as a server (supertuxkart/stk-code: src/network/stk_host.cpp,
// src/utils/log.cpp). The patterns hold on to the line's begin, for the names of players stand in
// other lines and may hold anything.
constexpr char kStk[] = R"(
ready    = ^.{0,26}\[info *\] STKHost: Listening has been started\.$
joined   = ^.{0,26}\[info *\] STKHost: (?P<player>\S+) has just connected\.
left     = ^.{0,26}\[info *\] STKHost: (?P<player>\S+) has just disconnected\.
count    = ^.{0,26}\[info *\] STKHost: \S+ has just (?:dis)?connected\. There are now (?P<count>\d+) peers\.$
terminal = true
)";

// `ncat -l --chat -vv` of ncat 7.93, which says nothing with less than two -v; the count needs
// three.
constexpr char kNcat[] = R"(
ready  = ^Ncat: Listening on
joined = ^Ncat: Connection from .* on file descriptor \d+\.$
left   = ^NCAT DEBUG: Closing connection\.$
count  = ^NCAT DEBUG: Broker connection count is (?P<count>\d+)$
)";

constexpr std::array<BuiltIn, 2> kBuiltIns = {{{"ncat", kNcat}, {"stk", kStk}}};

std::string* PatternOf(Profile& profile, const std::string& key) {
  if (key == "ready") return &profile.ready;
  if (key == "joined") return &profile.joined;
  if (key == "left") return &profile.left;
  if (key == "count") return &profile.count;
  if (key == "empty") return &profile.empty;
  return nullptr;
}

Status Apply(const service::ConfigEntry& entry, Profile& profile) {
  if (entry.key == "terminal") {
    if (entry.value != "true" && entry.value != "false") {
      return InvalidArgumentError("terminal must be true or false");
    }
    profile.terminal = entry.value == "true";
    return OkStatus();
  }
  std::string* const pattern = PatternOf(profile, entry.key);
  if (pattern == nullptr) {
    return InvalidArgumentError("unknown key " + entry.key +
                                "; known are ready, joined, left, count, empty and terminal");
  }
  if (!pattern->empty()) return InvalidArgumentError(entry.key + " is there twice");
  if (entry.value.empty()) return InvalidArgumentError(entry.key + " is empty");
  *pattern = entry.value;
  return CheckPattern(entry.key, entry.value);
}

}  // namespace

std::vector<std::string> BuiltInProfiles() {
  std::vector<std::string> names;
  for (const BuiltIn& one : kBuiltIns) names.emplace_back(one.name);
  return names;
}

StatusOr<Profile> ParseProfile(std::string_view text, std::string_view file) {
  const auto entries = service::ParseConfig(text, file, "profile");
  if (!entries.ok()) return entries.status();
  Profile profile;
  for (const service::ConfigEntry& entry : *entries) {
    if (Status applied = Apply(entry, profile); !applied.ok()) {
      return applied.WithContext(std::string(file) + ":" + std::to_string(entry.line));
    }
  }
  const bool sees_players = !profile.joined.empty() || !profile.count.empty();
  if (profile.left.empty() && profile.count.empty() && profile.empty.empty()) {
    return InvalidArgumentError(std::string(file) +
                                ": nothing says that players leave (left, count or empty)");
  }
  if (!profile.left.empty() && !sees_players) {
    return InvalidArgumentError(std::string(file) + ": left needs joined or count");
  }
  return profile;
}

StatusOr<Profile> LoadProfile(const std::string& name_or_file) {
  for (const BuiltIn& one : kBuiltIns) {
    if (name_or_file == one.name) return ParseProfile(one.text, one.name);
  }
  const StatusOr<std::string> text = rpc::ReadPemFile(name_or_file);  // at most 1 MiB of anything
  if (!text.ok()) {
    return InvalidArgumentError("no profile is built in as '" + name_or_file +
                                "', and as a file: " + text.status().message());
  }
  return ParseProfile(*text, name_or_file);
}

}  // namespace gsh::server_wrapper
