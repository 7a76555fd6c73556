#include "src/service/spellings.h"

#include <algorithm>
#include <cctype>
#include <cstddef>
#include <numeric>

namespace gsh::service {
namespace {

bool IsUpper(char c) { return c >= 'A' && c <= 'Z'; }
bool IsLower(char c) { return c >= 'a' && c <= 'z'; }
char Lower(char c) { return IsUpper(c) ? static_cast<char>(c - 'A' + 'a') : c; }
char Upper(char c) { return IsLower(c) ? static_cast<char>(c - 'a' + 'A') : c; }

// An upper-case letter starts a word, unless it continues an acronym ("useTLSDir" ->
// "use-tls-dir").
bool StartsWord(std::string_view name, std::size_t i) {
  if (i == 0 || !IsUpper(name[i]) || name[i - 1] == '-') return false;
  if (!IsUpper(name[i - 1])) return true;
  return i + 1 < name.size() && IsLower(name[i + 1]);
}

std::size_t EditDistance(std::string_view a, std::string_view b) {
  std::vector<std::size_t> row(b.size() + 1);
  std::iota(row.begin(), row.end(), std::size_t{0});
  for (std::size_t i = 1; i <= a.size(); ++i) {
    std::size_t diagonal = row[0];
    row[0] = i;
    for (std::size_t j = 1; j <= b.size(); ++j) {
      const std::size_t substituted = diagonal + (a[i - 1] == b[j - 1] ? 0 : 1);
      diagonal = row[j];
      row[j] = std::min({row[j] + 1, row[j - 1] + 1, substituted});
    }
  }
  return row[b.size()];
}

}  // namespace

std::string ToKebab(std::string_view name) {
  std::string kebab;
  for (std::size_t i = 0; i < name.size(); ++i) {
    if (StartsWord(name, i)) kebab += '-';
    kebab += Lower(name[i]);
  }
  return kebab;
}

std::string ToCamel(std::string_view name) {
  std::string camel;
  bool word_starts = false;
  for (char c : name) {
    if (c == '-') {
      word_starts = !camel.empty();
    } else {
      camel += word_starts ? Upper(c) : c;
      word_starts = false;
    }
  }
  return camel;
}

std::string ToEnvName(std::string_view name) {
  std::string env = "GSH_";
  for (char c : ToKebab(name)) env += c == '-' ? '_' : Upper(c);
  return env;
}

void FlagNames::Add(std::string_view name) { by_kebab_.emplace(ToKebab(name), name); }

std::optional<std::string> FlagNames::Find(std::string_view name) const {
  auto found = by_kebab_.find(ToKebab(name));
  if (found == by_kebab_.end()) return std::nullopt;
  return found->second;
}

std::optional<std::string> FlagNames::Suggest(std::string_view name) const {
  if (name.size() > 64) return std::nullopt;
  const std::string kebab = ToKebab(name);
  // A third of a short name may be wrong, but not all of it.
  std::size_t best = std::min(kebab.size() / 4 + 2, kebab.size());
  std::optional<std::string> nearest;
  for (const auto& [candidate, registered] : by_kebab_) {
    const std::size_t distance = EditDistance(kebab, candidate);
    if (distance < best) {
      best = distance;
      nearest = registered;
    }
  }
  return nearest;
}

std::vector<std::string> CanonicalArgs(const std::vector<std::string>& args,
                                       const FlagNames& names) {
  std::vector<std::string> result;
  auto arg = args.begin();
  for (; arg != args.end() && *arg != "--"; ++arg) {
    const std::size_t dashes = std::min(arg->find_first_not_of('-'), arg->size());
    const std::size_t equals = std::min(arg->find('='), arg->size());
    std::optional<std::string> name;
    if (dashes == 1 || dashes == 2) name = names.Find(arg->substr(dashes, equals - dashes));
    if (!name) {
      result.push_back(*arg);
    } else if (equals + 1 == arg->size()) {
      result.push_back("--" + *name);
      result.emplace_back();
    } else {
      result.push_back("--" + *name + arg->substr(equals));
    }
  }
  result.insert(result.end(), arg, args.end());
  return result;
}

}  // namespace gsh::service
