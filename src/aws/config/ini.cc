#include "src/aws/config/ini.h"

#include <algorithm>
#include <map>
#include <optional>
#include <set>
#include <utility>

#include "src/aws/config/ascii.h"

namespace gsh::aws {
namespace {

constexpr std::size_t kMaxBytes = 1u << 20;
constexpr std::string_view kByteOrderMark = "\xef\xbb\xbf";

// A setting while its lines come.
struct Open {
  std::string key = {};
  std::string value = {};
  int line = 0;
};

class Parser {
 public:
  Parser(std::string_view text, const std::string& file) : rest_(text), file_(file) {}

  StatusOr<std::vector<IniSection>> Run() {
    if (rest_.size() > kMaxBytes) return InvalidArgumentError(file_ + ": larger than 1 MiB");
    if (rest_.starts_with(kByteOrderMark)) rest_.remove_prefix(kByteOrderMark.size());
    while (!rest_.empty()) {
      if (Status status = OneLine(NextLine()); !status.ok()) return status;
    }
    if (Status status = Close(); !status.ok()) return status;
    if (Status status = Inherit(); !status.ok()) return status;
    return std::move(sections_);
  }

 private:
  std::string_view NextLine() {
    ++line_;
    const std::size_t end = rest_.find_first_of("\r\n");
    const std::string_view line = rest_.substr(0, end);
    rest_.remove_prefix(end == rest_.npos ? rest_.size() : end);
    if (rest_.starts_with("\r\n")) rest_.remove_prefix(1);
    if (!rest_.empty()) rest_.remove_prefix(1);
    return line;
  }

  Status Mistake(const std::string& what, int line) const {
    return InvalidArgumentError(file_ + ":" + std::to_string(line) + ": " + what);
  }

  Status OneLine(std::string_view line) {
    if (std::ranges::any_of(line,
                            [](char c) { return (c >= 0 && c < ' ' && c != '\t') || c == 127; }))
      return Mistake("a control character", line_);
    const std::string_view text = Trim(line);
    if (text.starts_with('#') || text.starts_with(';')) return OkStatus();
    if (text.empty()) {
      if (open_) open_->value += '\n';
      return OkStatus();
    }
    const std::size_t indent = line.find_first_not_of(" \t");
    if (open_ && indent > indent_) {
      open_->value.append(1, '\n').append(text);
      return OkStatus();
    }
    indent_ = indent;
    if (Status status = Close(); !status.ok()) return status;
    const std::size_t bracket = text.rfind(']');
    if (text.starts_with('[') && bracket != text.npos && bracket > 1) {
      return Section(std::string(text.substr(1, bracket - 1)));
    }
    if (sections_.empty() && !in_defaults_)
      return Mistake("a line before the first section", line_);
    return Setting(text);
  }

  Status Section(std::string name) {
    in_defaults_ = name == "DEFAULT";
    if (in_defaults_) return OkStatus();
    if (!names_.insert(name).second) return Mistake("section [" + name + "] is given twice", line_);
    sections_.push_back({.name = std::move(name)});
    return OkStatus();
  }

  Status Setting(std::string_view text) {
    const std::size_t delimiter = text.find_first_of("=:");
    if (delimiter == text.npos) return Mistake("neither a section nor a setting", line_);
    std::string key = Lower(Trim(text.substr(0, delimiter)));
    if (key.empty()) return Mistake("a setting without a name", line_);
    if (!keys_[in_defaults_ ? 0 : sections_.size()].insert(key).second) {
      return Mistake("setting " + key + " is given twice", line_);
    }
    open_ = Open{.key = std::move(key),
                 .value = std::string(Trim(text.substr(delimiter + 1))),
                 .line = line_};
    return OkStatus();
  }

  // The setting has all its lines.
  Status Close() {
    if (!open_) return OkStatus();
    Open done = *std::exchange(open_, std::nullopt);
    done.value.resize(done.value.find_last_not_of(" \t\n") + 1);
    Settings& settings = in_defaults_ ? defaults_ : sections_.back().settings;
    if (!done.value.starts_with('\n')) {
      settings[std::move(done.key)] = std::move(done.value);
      return OkStatus();
    }
    std::string_view rest = done.value;
    while (!rest.empty()) {
      const std::size_t end = std::min(rest.find('\n'), rest.size());
      const std::string_view nested = rest.substr(0, end);
      rest.remove_prefix(std::min(end + 1, rest.size()));
      if (nested.empty()) continue;
      const std::size_t equals = nested.find('=');
      if (equals == nested.npos) {
        return Mistake("what is nested in " + done.key + " has a line without =", done.line);
      }
      settings[done.key + "." + std::string(Trim(nested.substr(0, equals)))] =
          Trim(nested.substr(equals + 1));
    }
    return OkStatus();
  }

  Status Inherit() {
    std::size_t bytes = 0;
    for (const auto& [key, value] : defaults_) bytes += key.size() + value.size();
    if (bytes * sections_.size() > kMaxBytes)
      return InvalidArgumentError(file_ + ": [DEFAULT] is too large");
    for (IniSection& section : sections_) {
      Settings inherited = defaults_;
      inherited.Override(section.settings);
      section.settings = std::move(inherited);
    }
    return OkStatus();
  }

  std::string_view rest_;
  const std::string& file_;
  int line_ = 0;
  std::size_t indent_ = 0;  // of the last line that was no continuation
  bool in_defaults_ = false;
  std::optional<Open> open_;
  std::vector<IniSection> sections_;
  std::set<std::string, std::less<>> names_;
  std::map<std::size_t, std::set<std::string>> keys_;  // by the section's number; 0: [DEFAULT]
  Settings defaults_;
};

}  // namespace

StatusOr<std::vector<IniSection>> ParseIni(std::string_view text, const std::string& file) {
  return Parser(text, file).Run();
}

}  // namespace gsh::aws
