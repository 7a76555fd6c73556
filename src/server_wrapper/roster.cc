#include "src/server_wrapper/roster.h"

#include <algorithm>

namespace gsh::server_wrapper {

std::vector<RosterChange> Roster::Apply(const LineNews& news) {
  std::vector<RosterChange> changes;
  if (news.joined) Join(*news.joined, changes);
  if (news.left) Leave(*news.left, changes);
  if (news.count) {
    while (players_.size() < std::min(*news.count, kMaxPlayers)) Join("", changes);
    while (players_.size() > *news.count) LeaveAt(players_.size() - 1, changes);
  }
  if (news.empty) {
    while (!players_.empty()) LeaveAt(players_.size() - 1, changes);
  }
  return changes;
}

void Roster::Join(const std::string& name, std::vector<RosterChange>& changes) {
  if (players_.size() >= kMaxPlayers) return;
  if (!name.empty() && std::find(players_.begin(), players_.end(), name) != players_.end()) return;
  ++joined_;
  players_.push_back(name.empty() ? "player" + std::to_string(joined_) : name);
  changes.push_back({true, players_.back(), players_.size()});
}

void Roster::Leave(const std::string& name, std::vector<RosterChange>& changes) {
  if (players_.empty()) return;
  if (name.empty()) return LeaveAt(0, changes);  // nobody knows who: the one longest there
  const auto found = std::find(players_.begin(), players_.end(), name);
  if (found == players_.end()) return;
  LeaveAt(static_cast<std::size_t>(found - players_.begin()), changes);
}

void Roster::LeaveAt(std::size_t index, std::vector<RosterChange>& changes) {
  const std::string player = players_[index];
  players_.erase(players_.begin() + static_cast<std::ptrdiff_t>(index));
  changes.push_back({false, player, players_.size()});
}

}  // namespace gsh::server_wrapper
