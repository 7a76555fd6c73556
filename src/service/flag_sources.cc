#include "src/service/flag_sources.h"

#include <algorithm>
#include <cstddef>
#include <optional>
#include <sstream>
#include <utility>

namespace gsh::service {
namespace {

bool IsFlag(const std::string& arg, const std::string& name) {
  return arg.starts_with("--") && arg.compare(2, name.size(), name) == 0 &&
         (arg.size() == name.size() + 2 || arg[name.size() + 2] == '=');
}

// An empty value needs a word of its own: see CanonicalArgs.
void AddFlag(const std::string& name, const std::string& value, std::vector<std::string>& args) {
  if (value.empty()) {
    args.push_back("--" + name);
    args.emplace_back();
  } else {
    args.push_back("--" + name + "=" + value);
  }
}

std::vector<std::string> EnvValues(const FlagSource& flag, const std::string& value) {
  if (!flag.repeatable) return {value};
  std::istringstream words(value);
  std::vector<std::string> values;
  for (std::string word; words >> word;) values.push_back(word);
  return values;
}

bool AddFromEnv(const FlagSource& flag, const Env& env, MergedArgs& merged) {
  for (const std::string& env_name : flag.env_names) {
    const std::optional<std::string> value = env.Get(env_name);
    if (!value || value->empty()) continue;
    for (const std::string& one : EnvValues(flag, *value)) AddFlag(flag.name, one, merged.args);
    merged.origins[flag.name] = "environment " + env_name;
    return true;
  }
  return false;
}

using EntriesByFlag = std::map<std::string, std::vector<const ConfigEntry*>>;

StatusOr<EntriesByFlag> SortEntries(const std::vector<FlagSource>& flags,
                                    const std::vector<ConfigEntry>& entries,
                                    std::string_view file) {
  FlagNames names;
  std::map<std::string, bool> repeatable;
  for (const FlagSource& flag : flags) {
    names.Add(flag.name);
    repeatable[flag.name] = flag.repeatable;
  }
  EntriesByFlag sorted;
  for (const ConfigEntry& entry : entries) {
    const std::string where = std::string(file) + ":" + std::to_string(entry.line) + ": ";
    const std::optional<std::string> name = names.Find(entry.key);
    if (!name) {
      const std::optional<std::string> suggestion = names.Suggest(entry.key);
      return InvalidArgumentError(where + "unknown key " + entry.key +
                                  (suggestion ? "; did you mean " + *suggestion + "?" : ""));
    }
    std::vector<const ConfigEntry*>& of_flag = sorted[*name];
    if (!of_flag.empty() && !repeatable[*name]) {
      return InvalidArgumentError(where + "key " + entry.key + " stands in line " +
                                  std::to_string(of_flag.front()->line) + " already");
    }
    of_flag.push_back(&entry);
  }
  return sorted;
}

}  // namespace

StatusOr<MergedArgs> MergeSources(const std::vector<std::string>& args,
                                  const std::vector<FlagSource>& flags, const Env& env,
                                  const std::vector<ConfigEntry>& entries, std::string_view file) {
  StatusOr<EntriesByFlag> sorted = SortEntries(flags, entries, file);
  if (!sorted.ok()) return sorted.status();
  MergedArgs merged;
  for (const FlagSource& flag : flags) {
    if (HasFlag(args, flag.name) || AddFromEnv(flag, env, merged)) continue;
    for (const ConfigEntry* entry : (*sorted)[flag.name]) {
      AddFlag(flag.name, entry->value, merged.args);
      merged.origins[flag.name] = std::string(file) + ":" + std::to_string(entry->line);
    }
  }
  merged.args.insert(merged.args.end(), args.begin(), args.end());
  return merged;
}

bool HasFlag(const std::vector<std::string>& args, const std::string& name) {
  const auto end = std::find(args.begin(), args.end(), "--");
  return std::any_of(args.begin(), end, [&](const std::string& arg) { return IsFlag(arg, name); });
}

std::string FlagValue(const std::vector<std::string>& args, const std::string& name) {
  std::string value;
  const auto end = std::find(args.begin(), args.end(), "--");
  for (auto arg = args.begin(); arg != end; ++arg) {
    if (!IsFlag(*arg, name)) continue;
    if (arg->size() > name.size() + 2) {
      value = arg->substr(name.size() + 3);
    } else if (arg + 1 != end) {
      value = *(arg + 1);
    }
  }
  return value;
}

}  // namespace gsh::service
