#include "src/matcher/seats.h"

#include <algorithm>
#include <bit>

namespace gsh::matcher {
namespace {

// Larger parties first, then higher skill: patterns of floats order as the floats do once those of
// negative ones are turned over.
std::uint64_t TurnOf(std::uint32_t players, float skill) {
  const auto pattern = std::bit_cast<std::uint32_t>(skill + 0.0f);
  const std::uint32_t rising = (pattern >> 31) != 0 ? ~pattern : pattern | 0x80000000;
  return ~(std::uint64_t{players} << 32 | rising);
}

}  // namespace

// Insertion for the few that there usually are.
void Seats::SortUnseated() {
  const auto before = [](const Unseated& a, const Unseated& b) {
    return a.turn != b.turn ? a.turn < b.turn : a.member < b.member;
  };
  if (unseated_.size() > 32) {
    std::sort(unseated_.begin(), unseated_.end(), before);
    return;
  }
  for (std::size_t i = 1; i < unseated_.size(); ++i) {
    const Unseated next = unseated_[i];
    std::size_t at = i;
    for (; at > 0 && before(next, unseated_[at - 1]); --at) unseated_[at] = unseated_[at - 1];
    unseated_[at] = next;
  }
}

std::uint32_t Seats::TeamFor(std::uint32_t players, bool balance) {
  std::uint32_t* const open = open_.data() + std::size_t{players} * teams_;
  if (players != last_players_) first_open_ = 0;
  last_players_ = players;
  while (open[first_open_] == 0) ++first_open_;
  std::uint32_t best = first_open_;
  for (std::uint32_t team = best + 1; balance && team < teams_; ++team) {
    if (open[team] > 0 && sums_[team] < sums_[best]) best = team;
  }
  --open[best];
  return best;
}

void Seats::Seat(std::span<const Member> members, std::span<const Places> places,
                 std::vector<std::uint16_t>& teams) {
  const std::size_t begin = teams.size();
  teams.resize(begin + members.size());
  std::uint16_t* const seats = teams.data() + begin;
  std::fill(sums_.begin(), sums_.end(), 0.0);
  unseated_.clear();
  last_players_ = 0;
  bool balance = false;  // somebody has a skill
  // A product of a float and a party's size is exact in double: the sums are the same everywhere.
  const auto sit = [&](std::uint32_t member, std::uint32_t team) {
    seats[member] = static_cast<std::uint16_t>(team);
    sums_[team] += static_cast<double>(members[member].skill) * members[member].players;
  };
  for (std::uint32_t i = 0; i < members.size(); ++i) {
    balance = balance || members[i].skill != 0;
    if (members[i].team == kAnyTeam) {
      unseated_.push_back({TurnOf(members[i].players, members[i].skill), i});
    } else {
      sit(i, members[i].team);
    }
  }
  for (const Places& place : places) {
    open_[std::size_t{place.size} * teams_ + place.team] += place.any;
  }
  SortUnseated();
  for (const Unseated& next : unseated_) {
    sit(next.member, TeamFor(members[next.member].players, balance));
  }
}

}  // namespace gsh::matcher
