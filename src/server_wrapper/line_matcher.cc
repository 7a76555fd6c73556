#include "src/server_wrapper/line_matcher.h"

#include <re2/re2.h>

#include <array>
#include <charconv>
#include <utility>

namespace gsh::server_wrapper {
namespace {

constexpr std::size_t kMaxNameBytes = 128;
constexpr std::size_t kMaxCount = 10'000;

RE2::Options RegexOptions() {
  RE2::Options options(RE2::Latin1);  // a log may hold any bytes
  options.set_log_errors(false);
  return options;
}

std::unique_ptr<RE2> Compile(const std::string& pattern) {
  return pattern.empty() ? nullptr : std::make_unique<RE2>(pattern, RegexOptions());
}

// The group's number; 0: the pattern has no such group.
int GroupOf(const RE2& regex, const std::string& name) {
  const auto& groups = regex.NamedCapturingGroups();
  const auto found = groups.find(name);
  return found == groups.end() ? 0 : found->second;
}

// The text of the named group ("" without one) if the pattern is found in the line.
std::optional<std::string> Find(const std::unique_ptr<RE2>& regex, const std::string& group,
                                std::string_view line) {
  if (regex == nullptr) return std::nullopt;
  const int number = GroupOf(*regex, group);
  constexpr int kMostGroups = 17;
  std::array<re2::StringPiece, kMostGroups> found;
  const re2::StringPiece text(line.data(), line.size());
  if (!regex->Match(text, 0, text.size(), RE2::UNANCHORED, found.data(), number + 1)) {
    return std::nullopt;
  }
  if (number == 0) return "";
  const re2::StringPiece& part = found[static_cast<std::size_t>(number)];
  return std::string(part.data() == nullptr ? "" : part.data(),
                     std::min(part.size(), kMaxNameBytes));
}

std::optional<std::size_t> ToCount(const std::string& text) {
  std::size_t count = 0;
  const char* const end = text.data() + text.size();
  const auto [stop, error] = std::from_chars(text.data(), end, count);
  if (error != std::errc() || stop != end || count > kMaxCount) return std::nullopt;
  return count;
}

}  // namespace

struct LineMatcher::Patterns {
  std::unique_ptr<RE2> ready;
  std::unique_ptr<RE2> joined;
  std::unique_ptr<RE2> left;
  std::unique_ptr<RE2> count;
  std::unique_ptr<RE2> empty;
};

Status CheckPattern(const std::string& key, const std::string& pattern) {
  const RE2 regex(pattern, RegexOptions());
  if (!regex.ok()) return InvalidArgumentError(key + ": " + regex.error());
  if (regex.NumberOfCapturingGroups() > 16) {
    return InvalidArgumentError(key + ": more than 16 groups");
  }
  if (key == "count" && GroupOf(regex, "count") == 0) {
    return InvalidArgumentError("count: a group (?P<count>\\d+) is missing");
  }
  return OkStatus();
}

LineMatcher::LineMatcher(std::unique_ptr<Patterns> patterns) : patterns_(std::move(patterns)) {}
LineMatcher::LineMatcher(LineMatcher&&) noexcept = default;
LineMatcher::~LineMatcher() = default;

StatusOr<LineMatcher> LineMatcher::Make(const Profile& profile) {
  const std::array<std::pair<const char*, const std::string*>, 5> patterns = {
      {{"ready", &profile.ready},
       {"joined", &profile.joined},
       {"left", &profile.left},
       {"count", &profile.count},
       {"empty", &profile.empty}}};
  for (const auto& [key, pattern] : patterns) {
    if (pattern->empty()) continue;
    if (Status checked = CheckPattern(key, *pattern); !checked.ok()) return checked;
  }
  return LineMatcher(std::make_unique<Patterns>(
      Patterns{Compile(profile.ready), Compile(profile.joined), Compile(profile.left),
               Compile(profile.count), Compile(profile.empty)}));
}

LineNews LineMatcher::Match(std::string_view line) const {
  const std::string plain = PlainLine(line);
  LineNews news;
  news.ready = Find(patterns_->ready, "", plain).has_value();
  news.joined = Find(patterns_->joined, "player", plain);
  news.left = Find(patterns_->left, "player", plain);
  if (const auto count = Find(patterns_->count, "count", plain)) news.count = ToCount(*count);
  news.empty = Find(patterns_->empty, "", plain).has_value();
  return news;
}

std::string PlainLine(std::string_view line) {
  std::string plain;
  plain.reserve(line.size());
  while (!line.empty()) {
    if (!line.starts_with("\x1b[")) {
      plain += line.front();
      line.remove_prefix(1);
      continue;
    }
    const std::size_t end = line.find_first_not_of("0123456789;", 2);
    line.remove_prefix(end == line.npos ? line.size() : end + 1);
  }
  if (plain.ends_with('\r')) plain.pop_back();
  return plain;
}

}  // namespace gsh::server_wrapper
