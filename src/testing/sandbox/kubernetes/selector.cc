#include "src/testing/sandbox/kubernetes/selector.h"

#include <algorithm>
#include <utility>

namespace gsh::testing::kubernetes {
namespace {

using nlohmann::json;

std::string_view Trim(std::string_view text) {
  while (text.starts_with(' ')) text.remove_prefix(1);
  while (text.ends_with(' ')) text.remove_suffix(1);
  return text;
}

// At the separators that stand in no parentheses.
std::vector<std::string_view> Split(std::string_view text, char separator) {
  std::vector<std::string_view> parts;
  int depth = 0;
  std::size_t begin = 0;
  for (std::size_t i = 0; i <= text.size(); ++i) {
    if (i < text.size() && text[i] == '(') ++depth;
    if (i < text.size() && text[i] == ')') --depth;
    if (i < text.size() && (text[i] != separator || depth > 0)) continue;
    parts.push_back(Trim(text.substr(begin, i - begin)));
    begin = i + 1;
  }
  return parts;
}

std::vector<std::string> PathOf(std::string_view key, bool is_label) {
  if (is_label) return {"metadata", "labels", std::string(key)};
  std::vector<std::string> path;
  for (const std::string_view part : Split(key, '.')) path.emplace_back(part);
  return path;
}

}  // namespace

std::optional<Selector> Selector::Parse(std::string_view labels, std::string_view fields) {
  Selector selector;
  for (const bool is_label : {true, false}) {
    const std::string_view text = is_label ? labels : fields;
    if (Trim(text).empty()) continue;
    for (const std::string_view part : Split(text, ',')) {
      auto term = ParseTerm(part, is_label);
      if (!term) return std::nullopt;
      selector.terms_.push_back(*std::move(term));
    }
  }
  return selector;
}

std::optional<Selector::Term> Selector::ParseTerm(std::string_view text, bool is_label) {
  Term term;
  for (const auto& [word, op] : {std::pair<std::string_view, Term::Op>{" notin ", Term::Op::kNotIn},
                                 {" in ", Term::Op::kIn}}) {
    const std::size_t at = text.find(word);
    if (at == text.npos || !is_label) continue;
    std::string_view list = Trim(text.substr(at + word.size()));
    if (!list.starts_with('(') || !list.ends_with(')')) return std::nullopt;
    term.op = op;
    term.path = PathOf(Trim(text.substr(0, at)), true);
    for (const auto value : Split(list.substr(1, list.size() - 2), ',')) {
      term.values.emplace_back(value);
    }
    return term;
  }
  const std::size_t equals = text.find('=');
  if (equals == text.npos) {
    if (!is_label || text.empty()) return std::nullopt;
    term.op = text.starts_with('!') ? Term::Op::kAbsent : Term::Op::kExists;
    if (term.op == Term::Op::kAbsent) text.remove_prefix(1);
    term.path = PathOf(text, true);
    return term;
  }
  const bool negated = equals > 0 && text[equals - 1] == '!';
  const std::string_view key = Trim(text.substr(0, negated ? equals - 1 : equals));
  std::string_view value = text.substr(equals + 1);
  if (value.starts_with('=')) value.remove_prefix(1);
  if (key.empty()) return std::nullopt;
  term.op = negated ? Term::Op::kNotIn : Term::Op::kIn;
  term.path = PathOf(key, is_label);
  term.values.emplace_back(Trim(value));
  return term;
}

bool Selector::Matches(const json& object) const {
  return std::ranges::all_of(terms_, [&](const Term& term) { return MatchesTerm(term, object); });
}

bool Selector::MatchesTerm(const Term& term, const json& object) {
  const json* here = &object;
  for (const std::string& key : term.path) {
    const auto found = here->is_object() ? here->find(key) : here->end();
    if (!here->is_object() || found == here->end()) {
      here = nullptr;
      break;
    }
    here = &*found;
  }
  const bool is_field =
      term.path.size() < 2 || term.path[0] != "metadata" || term.path[1] != "labels";
  const bool exists = here != nullptr && here->is_string();
  const std::string value = exists ? here->get<std::string>() : "";
  const bool listed =
      (exists || is_field) && std::ranges::find(term.values, value) != term.values.end();
  switch (term.op) {
    case Term::Op::kIn:
      return listed;
    case Term::Op::kNotIn:
      return !listed;
    case Term::Op::kExists:
      return exists;
    case Term::Op::kAbsent:
      return !exists;
  }
  return false;
}

}  // namespace gsh::testing::kubernetes
