#include "src/matcher/neighbours.h"

#include <algorithm>
#include <limits>

namespace gsh::matcher {
namespace {

constexpr float kInfinity = std::numeric_limits<float>::infinity();
constexpr std::uint32_t kNone = FreePlaces::kNone;

std::uint32_t TeamSize(const Rules& rules) {
  return static_cast<std::uint32_t>(rules.match_size / rules.teams);
}

}  // namespace

Neighbours::Neighbours(const Tickets& tickets, const Rules& rules, const Line& line)
    : line_(line),
      teams_(static_cast<std::uint32_t>(rules.teams)),
      oldest_first_(rules.order == Order::kOldestFirst),
      singles_(tickets.party_size.empty() && tickets.team.empty()),
      counts_(teams_, TeamSize(rules)),
      wanted_(teams_, TeamSize(rules)),
      filling_(teams_) {
  filling_.set_bound(!tickets.team.empty());
  const std::uint32_t team_size = TeamSize(rules);
  if (!singles_ && tickets.team.empty() && team_size <= PackedParties::kLargest &&
      team_size * teams_ <= SmallParties::kMostPlayers) {
    small_.emplace(line, teams_, team_size, oldest_first_);
  }
}

bool Neighbours::Find(std::uint32_t seed, std::uint32_t team_size, float bound_ms) {
  if (small_) {
    const bool found = small_->Find(seed, team_size, bound_ms, members_, places_);
    spread_ms_ = small_->spread_ms();
    return found;
  }
  if (!singles_) return FindParties(seed, team_size, bound_ms);
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
  if (best == kNone) return false;
  members_.clear();
  for (std::size_t left = best; left > 0; --left) members_.push_back(lefts_[left]);
  for (std::size_t right = 0; right < count - best; ++right) members_.push_back(rights_[right]);
  return true;
}

void Neighbours::Add(std::uint32_t place) {
  const LineTicket& ticket = At(place);
  ++counts_.Of(Row(ticket), ticket.players);
  players_ += ticket.players;
}

void Neighbours::Remove(std::uint32_t place) {
  const LineTicket& ticket = At(place);
  --counts_.Of(Row(ticket), ticket.players);
  players_ -= ticket.players;
}

bool Neighbours::Fills() {
  if (players_ < needed_) return false;
  const LineTicket& seed = At(seed_);
  return filling_.CanFill(counts_, team_size_, seed.players, Row(seed));
}

void Neighbours::ExtendRight(float bound_ms) {
  std::uint32_t next = line_.free.Next(seed_);
  while (!fills_ && next != kNone && Spread(seed_, next) <= bound_ms) {
    if (Useful(next)) {
      rights_.push_back(next);
      Add(next);
      fills_ = Fills();
    }
    next = line_.free.Next(next);
  }
}

std::uint32_t Neighbours::NextLeft() {
  std::uint32_t next = line_.free.Previous(lefts_.back());
  while (next != kNone && !Useful(next)) next = line_.free.Previous(next);
  return next;
}

// From the right as long as the rest fills the match.
void Neighbours::DropNeedlessRights() {
  while (rights_.size() > 1) {
    const std::uint32_t last = rights_.back();
    Remove(last);
    if (!Fills()) {
      Add(last);
      return;
    }
    rights_.pop_back();
  }
}

// Two ends that only move left: a stretch that reaches further to the left never needs more on the
// right.
bool Neighbours::FindParties(std::uint32_t seed, std::uint32_t team_size, float bound_ms) {
  seed_ = seed;
  team_size_ = team_size;
  needed_ = team_size * teams_;
  if (At(seed).players > team_size) return false;
  largest_ = std::min(team_size, needed_ - At(seed).players);
  players_ = 0;
  rights_.assign(1, seed);
  lefts_.assign(1, seed);
  Add(seed);
  fills_ = Fills();
  ExtendRight(bound_ms);
  std::size_t best_lefts = 0;
  std::size_t best_rights = 0;
  members_.clear();
  spread_ms_ = kInfinity;
  while (true) {
    if (fills_) {
      DropNeedlessRights();
      if (const float spread = Spread(lefts_.back(), rights_.back()); spread < spread_ms_) {
        spread_ms_ = spread;
        best_lefts = lefts_.size();
        best_rights = rights_.size();
        members_.assign(rights_.begin(), rights_.end());
      }
    }
    const std::uint32_t next = oldest_first_ ? NextLeft() : kNone;
    if (next == kNone) break;
    const float reach = Spread(next, seed);
    if (reach >= spread_ms_ || reach > bound_ms) break;
    lefts_.push_back(next);
    Add(next);
    fills_ = fills_ || Fills();
  }
  for (const std::uint32_t place : lefts_) Remove(place);
  for (std::size_t i = 1; i < rights_.size(); ++i) Remove(rights_[i]);
  if (best_rights == 0) return false;
  lefts_.resize(best_lefts);
  members_.insert(members_.begin(), lefts_.rbegin(), lefts_.rend() - 1);
  ChooseMembers();
  return true;
}

// The stretch may hold more than is needed: of each kind those come whose turn is first.
void Neighbours::ChooseMembers() {
  const LineTicket& seed = At(seed_);
  for (const std::uint32_t place : members_) Add(place);
  const bool all = players_ == needed_;
  if (!all || teams_ > 1) filling_.Find(counts_, team_size_, seed.players, Row(seed));
  for (const std::uint32_t place : members_) Remove(place);
  places_ = filling_.places();
  if (all) return;
  for (const Places& places : places_) {
    if (places.bound > 0) wanted_.Of(places.team, places.size) += places.bound;
    wanted_.Of(teams_, places.size) += places.any;
  }
  --wanted_.Of(Row(seed), seed.players);
  by_turn_ = members_;
  if (oldest_first_) {
    std::sort(by_turn_.begin(), by_turn_.end(),
              [this](std::uint32_t a, std::uint32_t b) { return line_.TurnsBefore(a, b); });
  }
  members_.assign(1, seed_);
  for (const std::uint32_t place : by_turn_) {
    std::uint32_t& number = wanted_.Of(Row(At(place)), At(place).players);
    if (place == seed_ || number == 0) continue;
    --number;
    members_.push_back(place);
  }
  std::sort(members_.begin(), members_.end());
}

}  // namespace gsh::matcher
