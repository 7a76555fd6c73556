#include "src/matcher/seats.h"

#include <algorithm>
#include <cmath>

#include "src/matcher/widening.h"

namespace gsh::matcher {
namespace {

double SkillOf(const Tickets& tickets, std::uint32_t ticket) {
  const float skill = tickets.skill[ticket];
  return std::isfinite(skill) ? static_cast<double>(skill) : 0;
}

}  // namespace

std::vector<std::uint16_t> SeatMembers(const Tickets& tickets,
                                       std::span<const std::uint32_t> members,
                                       std::span<const Places> places, std::uint32_t teams,
                                       bool balance) {
  balance = balance && !tickets.skill.empty();
  std::vector<std::uint16_t> seats(members.size());
  std::vector<double> sums(teams, 0);
  std::vector<std::uint32_t> unbound;  // places in `members`
  for (std::uint32_t i = 0; i < members.size(); ++i) {
    const std::uint16_t team = TeamOf(tickets, members[i]);
    if (team == kAnyTeam) {
      unbound.push_back(i);
      continue;
    }
    seats[i] = team;
    if (balance) sums[team] += SkillOf(tickets, members[i]) * PlayersOf(tickets, members[i]);
  }
  std::stable_sort(unbound.begin(), unbound.end(), [&](std::uint32_t a, std::uint32_t b) {
    const std::uint32_t players_a = PlayersOf(tickets, members[a]);
    const std::uint32_t players_b = PlayersOf(tickets, members[b]);
    if (players_a != players_b) return players_a > players_b;
    return balance && SkillOf(tickets, members[a]) > SkillOf(tickets, members[b]);
  });
  std::vector<Places> free(places.begin(), places.end());
  std::stable_sort(free.begin(), free.end(), [](const Places& a, const Places& b) {
    return a.size != b.size ? a.size > b.size : a.team < b.team;
  });
  auto first = free.begin();  // of the present size
  for (const std::uint32_t i : unbound) {
    const std::uint32_t size = PlayersOf(tickets, members[i]);
    while (first != free.end() && (first->size > size || first->any == 0)) ++first;
    auto best = first;
    for (auto place = first; balance && place != free.end() && place->size == size; ++place) {
      if (place->any > 0 && sums[place->team] < sums[best->team]) best = place;
    }
    --best->any;
    seats[i] = static_cast<std::uint16_t>(best->team);
    if (balance) sums[best->team] += SkillOf(tickets, members[i]) * size;
  }
  return seats;
}

}  // namespace gsh::matcher
