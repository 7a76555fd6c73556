#include "src/allocator_service/users.h"

#include <algorithm>
#include <utility>

#include "src/allocator_service/password.h"
#include "src/core/mistakes.h"

namespace gsh::allocator_service {
namespace {

constexpr std::size_t kMaxNameBytes = 255;
constexpr std::size_t kMaxUsers = 100'000;

struct Entry {
  std::string name;
  std::string hash;
};

StatusOr<Entry> ParseLine(std::string_view line) {
  const std::size_t colon = line.find(':');
  if (colon == std::string_view::npos) return InvalidArgumentError("wanted: name:hash");
  Entry entry{std::string(line.substr(0, colon)), std::string(line.substr(colon + 1))};
  if (entry.name.empty()) return InvalidArgumentError("the name is empty");
  if (entry.name.size() > kMaxNameBytes) return InvalidArgumentError("the name is too long");
  const auto is_control = [](unsigned char c) { return c < ' ' || c == 0x7f; };
  if (std::any_of(entry.name.begin(), entry.name.end(), is_control)) {
    return InvalidArgumentError("the name has a control character");
  }
  if (Status checked = CheckHash(entry.hash); !checked.ok()) return checked;
  return entry;
}

std::string_view Trim(std::string_view line) {
  constexpr std::string_view kBlank = " \t\r\n";
  const std::size_t begin = line.find_first_not_of(kBlank);
  if (begin == std::string_view::npos) return {};
  return line.substr(begin, line.find_last_not_of(kBlank) - begin + 1);
}

}  // namespace

StatusOr<Users> Users::Parse(std::string_view text, char separator) {
  Users users;
  internal::Mistakes mistakes;
  for (std::size_t number = 1; !text.empty(); ++number) {
    const std::size_t end = std::min(text.find(separator), text.size());
    const std::string_view line = Trim(text.substr(0, end));
    text.remove_prefix(std::min(end + 1, text.size()));
    if (line.empty() || line.starts_with('#')) continue;
    const auto wrong = [&](const std::string& what) {
      mistakes.Add("line " + std::to_string(number) + ": " + what);
    };
    StatusOr<Entry> entry = ParseLine(line);
    if (!entry.ok()) {
      wrong(entry.status().message());
    } else if (!users.hashes_.emplace(entry->name, entry->hash).second) {
      wrong("the name is there already");
    } else if (users.size() > kMaxUsers) {
      return InvalidArgumentError("more than " + std::to_string(kMaxUsers) + " users");
    }
  }
  if (Status status = mistakes.ToStatus(); !status.ok()) return status;
  if (users.size() == 0) return InvalidArgumentError("there is no user");
  return users;
}

Users::Lookup Users::Find(const std::string& name) const {
  const auto found = hashes_.find(name);
  if (found != hashes_.end()) return {found->second, true};
  return {hashes_.begin()->second, false};
}

}  // namespace gsh::allocator_service
