#include "src/matcher/team_filling.h"

#include <algorithm>
#include <array>

namespace gsh::matcher {

void TeamFilling::Take(PartyCounts& counts, std::uint32_t team, std::uint32_t size,
                       std::uint32_t number) {
  const std::uint32_t bound = bound_ ? std::min(number, counts.Of(team, size)) : 0;
  const std::uint32_t any = number - bound;
  if (bound > 0) counts.Of(team, size) -= bound;
  counts.Of(teams_, size) -= any;
  places_.push_back({team, size, bound, any});
}

void TeamFilling::PutBack(PartyCounts& counts) {
  const Places& last = places_.back();
  if (last.bound > 0) counts.Of(last.team, last.size) += last.bound;
  counts.Of(teams_, last.size) += last.any;
  places_.pop_back();
}

// The first path of the search below, which nearly always is the answer, without recursion.
bool TeamFilling::Greedy(PartyCounts& counts) {
  for (std::uint32_t team = 0; team < teams_; ++team) {
    std::uint32_t left = team_size_ - (team == seated_team_ ? seated_size_ : 0);
    for (std::uint32_t size = std::min(left, counts.largest()); left > 0 && size > 0;
         size = std::min(size - 1, left)) {
      std::uint32_t there = counts.Of(teams_, size);
      if (bound_) there += counts.Of(team, size);
      if (there == 0) continue;
      const std::uint32_t number = size == 1 ? std::min(there, left) : std::min(there, left / size);
      Take(counts, team, size, number);
      left -= number * size;
    }
    if (left > 0) return false;
  }
  return true;
}

// Greedy for parties that any team takes, on a copy of the counts.
bool TeamFilling::FillsQuickly(const PartyCounts& counts, std::uint32_t team_size,
                               std::uint32_t seed_size) const {
  constexpr std::uint32_t kLargest = 16;
  if (team_size > kLargest || seed_size > team_size) return false;
  std::array<std::uint32_t, kLargest + 1> there;
  for (std::uint32_t size = 1; size <= team_size; ++size) there[size] = counts.Of(teams_, size);
  --there[seed_size];
  for (std::uint32_t team = 0; team < teams_; ++team) {
    std::uint32_t left = team_size - (team == 0 ? seed_size : 0);
    for (std::uint32_t size = left; left > 0 && size > 0; --size) {
      while (size <= left && there[size] > 0) {
        --there[size];
        left -= size;
      }
    }
    if (left > 0) return false;
  }
  return true;
}

bool TeamFilling::FillFrom(PartyCounts& counts, std::uint32_t team) {
  if (team == teams_) return true;
  const std::uint32_t left = team_size_ - (team == seated_team_ ? seated_size_ : 0);
  return FillTeam(counts, team, left, left);
}

bool TeamFilling::FillTeam(PartyCounts& counts, std::uint32_t team, std::uint32_t left,
                           std::uint32_t size) {
  if (left == 0) return FillFrom(counts, team + 1);
  const auto there = [&](std::uint32_t of) {
    return counts.Of(teams_, of) + (bound_ ? counts.Of(team, of) : 0);
  };
  size = std::min({size, left, counts.largest()});
  while (size > 0 && there(size) == 0) --size;
  if (size == 0 || ++steps_ > max_steps_) return false;
  for (std::uint32_t number = std::min(there(size), left / size); number > 0; --number) {
    Take(counts, team, size, number);
    if (FillTeam(counts, team, left - number * size, size - 1)) return true;
    PutBack(counts);
    if (steps_ > max_steps_) return false;
  }
  return FillTeam(counts, team, left, size - 1);
}

bool TeamFilling::Find(PartyCounts& counts, std::uint32_t team_size, std::uint32_t seed_size,
                       std::uint32_t seed_team) {
  places_.clear();
  if (seed_size > team_size) return false;
  team_size_ = team_size;
  seated_size_ = seed_size;
  steps_ = 0;
  const bool any = seed_team == teams_;
  const std::uint32_t first = any ? 0 : seed_team;
  const std::uint32_t last = any ? (bound_ ? teams_ - 1 : 0) : seed_team;
  counts.Of(seed_team, seed_size) -= 1;
  bool found = false;
  for (seated_team_ = first; seated_team_ <= last; ++seated_team_) {
    places_.push_back({seated_team_, seed_size, any ? 0u : 1u, any ? 1u : 0u});
    found = Greedy(counts);
    if (found) break;
    while (places_.size() > 1) PutBack(counts);
    found = FillFrom(counts, 0);
    if (found) break;
    places_.clear();
  }
  // The counts are the caller's as they were, whatever was found.
  for (std::size_t i = 1; i < places_.size(); ++i) {
    const Places& place = places_[i];
    if (place.bound > 0) counts.Of(place.team, place.size) += place.bound;
    counts.Of(teams_, place.size) += place.any;
  }
  counts.Of(seed_team, seed_size) += 1;
  return found;
}

}  // namespace gsh::matcher
