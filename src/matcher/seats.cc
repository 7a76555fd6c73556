#include "src/matcher/seats.h"

#include <algorithm>
#include <cmath>
#include <tuple>

#include "src/matcher/widening.h"

namespace gsh::matcher {

float Seats::Skill(std::uint32_t ticket) const {
  if (!balance_) return 0;
  const float skill = tickets_.skill[ticket];
  return std::isfinite(skill) ? skill : 0;
}

void Seats::SortUnseated() {
  std::sort(unseated_.begin(), unseated_.end(), [](const Unseated& a, const Unseated& b) {
    if (a.players != b.players) return a.players > b.players;
    return a.skill != b.skill ? a.skill > b.skill : a.member < b.member;
  });
  std::sort(free_.begin(), free_.end(), [](const Places& a, const Places& b) {
    return a.size != b.size ? a.size > b.size : a.team < b.team;
  });
}

void Seats::Seat(std::span<const std::uint32_t> members, std::span<const Places> places,
                 std::vector<std::uint16_t>& teams) {
  const std::size_t begin = teams.size();
  teams.resize(begin + members.size());
  std::uint16_t* const seats = teams.data() + begin;
  std::fill(sums_.begin(), sums_.end(), 0.0);
  unseated_.clear();
  // A product of a float and a party's size is exact in double: the sums are the same everywhere.
  const auto sit = [&](std::uint32_t member, std::uint32_t team, float skill,
                       std::uint32_t players) {
    seats[member] = static_cast<std::uint16_t>(team);
    if (balance_) sums_[team] += static_cast<double>(skill) * players;
  };
  for (std::uint32_t i = 0; i < members.size(); ++i) {
    const std::uint16_t team = TeamOf(tickets_, members[i]);
    const std::uint32_t players = PlayersOf(tickets_, members[i]);
    const float skill = Skill(members[i]);
    if (team == kAnyTeam) {
      unseated_.push_back({players, skill, i});
    } else {
      sit(i, team, skill, players);
    }
  }
  free_.assign(places.begin(), places.end());
  SortUnseated();
  auto first = free_.begin();  // with places of the size at hand
  for (const Unseated& next : unseated_) {
    while (first->size > next.players || first->any == 0) ++first;
    auto best = first;
    for (auto at = first; balance_ && at != free_.end() && at->size == next.players; ++at) {
      if (at->any > 0 && sums_[at->team] < sums_[best->team]) best = at;
    }
    --best->any;
    sit(next.member, best->team, next.skill, next.players);
  }
}

}  // namespace gsh::matcher
