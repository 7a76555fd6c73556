#include "src/matcher/neighbours.h"

#include <algorithm>
#include <limits>

namespace gsh::matcher {
namespace {

constexpr float kInfinity = std::numeric_limits<float>::infinity();
constexpr std::uint32_t kNone = FreePlaces::kNone;
constexpr std::uint64_t kMostStepsATicket = 64;

std::uint32_t TeamSize(const Rules& rules) {
  return static_cast<std::uint32_t>(rules.match_size / rules.teams);
}

}  // namespace

Neighbours::Neighbours(const Tickets& tickets, const Rules& rules, Line& line)
    : line_(line),
      teams_(static_cast<std::uint32_t>(rules.teams)),
      team_size_(TeamSize(rules)),
      oldest_first_(rules.order == Order::kOldestFirst),
      singles_(tickets.party_size.empty() && tickets.team.empty()) {
  if (singles_) return;
  if (tickets.team.empty() && team_size_ <= PackedParties::kLargest &&
      team_size_ * teams_ <= SmallParties::kMostPlayers) {
    small_.emplace(line, teams_, team_size_, oldest_first_);
  }
  parties_.emplace(line, teams_, team_size_, oldest_first_, !tickets.team.empty());
}

void Neighbours::Begin(std::size_t tickets) {
  tickets_ = tickets;
  line_.kinds.Clear();
  if (small_) small_->Begin();
}

std::uint32_t Neighbours::KindOf(std::uint32_t place) const {
  const LineTicket& ticket = At(place);
  if (ticket.players > team_size_) return KindIndex::kNone;
  return line_.kinds.KindOf(ticket.Row(teams_), ticket.players);
}

void Neighbours::TakeInIndex(std::uint32_t place) {
  const std::uint32_t kind = KindOf(place);
  if (kind != KindIndex::kNone) line_.kinds.Take(kind, place);
}

void Neighbours::PutBack(std::uint32_t place) {
  line_.free.PutBack(place);
  if (line_.kinds.built()) line_.kinds.PutBack(KindOf(place), place);
}

// The quick way for small parties takes what fits from the tickets in turn. In a line where hardly
// anything fits, and where it has come by many times the line's tickets, the index is worth its
// building.
bool Neighbours::Small() {
  if (line_.kinds.built()) return false;
  if (small_ && small_->steps() / kMostStepsATicket <= tickets_) return true;
  line_.kinds.Build(line_, tickets_, teams_, team_size_, oldest_first_);
  parties_->Begin(tickets_);
  return false;
}

bool Neighbours::Find(std::uint32_t seed, std::uint32_t team_size, float bound_ms) {
  const auto find_by = [&](auto& search) {
    const bool found = search.Find(seed, team_size, bound_ms, members_, places_);
    spread_ms_ = search.spread_ms();
    players_in_reach_ = search.players();
    return found;
  };
  if (!singles_) return Small() ? find_by(*small_) : find_by(*parties_);
  if (!FindSingles(seed, team_size * teams_, bound_ms)) return false;
  if (teams_ > 1 && (places_.empty() || places_.front().any != team_size)) {
    places_.clear();
    for (std::uint32_t team = 0; team < teams_; ++team) places_.push_back({team, 1, 0, team_size});
  }
  return true;
}

// Every stretch of `count` tickets fills the match. With bound_ms, what is further away than that
// from the seed cannot be in a stretch that counts.
bool Neighbours::FindSingles(std::uint32_t seed, std::uint32_t count, float bound_ms) {
  rights_.assign(1, seed);
  lefts_.assign(1, seed);
  while (rights_.size() < count) {
    const std::uint32_t next = line_.free.Next(rights_.back());
    if (next == kNone || Spread(seed, next) > bound_ms) break;
    rights_.push_back(next);
  }
  std::size_t best = kNone;
  spread_ms_ = kInfinity;
  if (rights_.size() == count) {
    best = 0;
    spread_ms_ = Spread(seed, rights_.back());
  }
  for (std::size_t left = 1; oldest_first_ && left < count; ++left) {
    const std::uint32_t next = line_.free.Previous(lefts_.back());
    if (next == kNone) break;
    const float reach = Spread(next, seed);
    if (reach >= spread_ms_ || reach > bound_ms) break;
    lefts_.push_back(next);
    if (rights_.size() < count - left) continue;
    const float spread = Spread(next, rights_[count - left - 1]);
    if (spread >= spread_ms_) continue;
    spread_ms_ = spread;
    best = left;
  }
  players_in_reach_ = static_cast<std::uint32_t>(lefts_.size() + rights_.size() - 1);
  if (best == kNone) return false;
  members_.clear();
  for (std::size_t left = best; left > 0; --left) members_.push_back(lefts_[left]);
  for (std::size_t right = 0; right < count - best; ++right) members_.push_back(rights_[right]);
  return true;
}

}  // namespace gsh::matcher
