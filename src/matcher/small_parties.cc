#include "src/matcher/small_parties.h"

#include <algorithm>
#include <limits>

namespace gsh::matcher {
namespace {

constexpr float kInfinity = std::numeric_limits<float>::infinity();
constexpr std::uint32_t kNone = FreePlaces::kNone;

}  // namespace

SmallParties::SmallParties(const Line& line, std::uint32_t teams, std::uint32_t team_size,
                           bool oldest_first)
    : line_(line),
      teams_(teams),
      oldest_first_(oldest_first),
      counts_(teams, team_size),
      filling_(teams) {
  filling_.set_bound(false);
}

void SmallParties::BeginSearch(std::uint32_t seed, std::uint32_t team_size) {
  const LineTicket& ticket = line_.tickets[seed];
  if (team_size != team_size_) {
    team_size_ = team_size;
    needed_ = team_size * teams_;
    for (std::uint32_t size = 1; size < most_of_.size(); ++size) most_of_[size] = needed_ / size;
  }
  largest_ = std::min(team_size, needed_ - ticket.players);
  lefts_[0] = rights_[0] = {seed, ticket.latency_ms, ticket.players};
  left_count_ = right_count_ = 1;
  left_parties_ = right_parties_ = parties_ = {};
  parties_.Add(ticket.players);
  players_ = ticket.players;
}

bool SmallParties::Fills() {
  if (players_ < needed_) return false;
  return FillsGreedily(parties_, teams_, team_size_, rights_[0].players) || FillsByTrying(nullptr);
}

// The rare stretch that has enough players of the wrong sizes.
bool SmallParties::FillsByTrying(std::vector<Places>* places) {
  const std::uint32_t seed = rights_[0].players;
  const auto count = [this](std::uint32_t by) {
    for (std::uint32_t i = 1; i < left_count_; ++i) counts_.Of(teams_, lefts_[i].players) += by;
    for (std::uint32_t i = 0; i < right_count_; ++i) counts_.Of(teams_, rights_[i].players) += by;
  };
  count(1);
  const bool found = filling_.Find(counts_, team_size_, seed, teams_);
  steps_ += 16 + static_cast<std::uint64_t>(filling_.steps());
  if (places != nullptr) *places = filling_.places();
  count(0u - 1);
  return found;
}

void SmallParties::ExtendRight(float bound_ms) {
  const float from = rights_[0].latency_ms;
  std::uint32_t place = line_.free.Next(rights_[0].place);
  for (bool fills = Fills(); !fills && place != kNone; place = line_.free.Next(place)) {
    const LineTicket& ticket = line_.tickets[place];
    if (ticket.latency_ms - from > bound_ms) return;
    if (!Useful(ticket.players, right_parties_)) {
      ++steps_;
      continue;
    }
    rights_[right_count_++] = {place, ticket.latency_ms, ticket.players};
    right_parties_.Add(ticket.players);
    parties_.Add(ticket.players);
    players_ += ticket.players;
    fills = Fills();
  }
}

bool SmallParties::ExtendLeft(float narrower_than_ms, float bound_ms) {
  const float to = rights_[0].latency_ms;
  std::uint32_t place = line_.free.Previous(lefts_[left_count_ - 1].place);
  for (; place != kNone; place = line_.free.Previous(place)) {
    const LineTicket& ticket = line_.tickets[place];
    const float reach = to - ticket.latency_ms;
    if (reach >= narrower_than_ms || reach > bound_ms) return false;
    if (!Useful(ticket.players, left_parties_)) {
      ++steps_;
      continue;
    }
    lefts_[left_count_++] = {place, ticket.latency_ms, ticket.players};
    left_parties_.Add(ticket.players);
    parties_.Add(ticket.players);
    players_ += ticket.players;
    return true;
  }
  return false;
}

void SmallParties::DropRight() {
  const std::uint32_t size = rights_[--right_count_].players;
  parties_.Remove(size);
  players_ -= size;
}

// Only what is narrower than the best so far counts, and a stretch that begins further to the left
// never reaches further to the right.
void SmallParties::DropFarRights(float narrower_than_ms) {
  const float from = lefts_[left_count_ - 1].latency_ms;
  while (right_count_ > 1 && rights_[right_count_ - 1].latency_ms - from >= narrower_than_ms) {
    DropRight();
  }
}

void SmallParties::DropNeedlessRights() {
  while (right_count_ > 1) {
    DropRight();
    if (Fills()) continue;
    const std::uint32_t size = rights_[right_count_++].players;
    parties_.Add(size);
    players_ += size;
    return;
  }
}

bool SmallParties::Find(std::uint32_t seed, std::uint32_t team_size, float bound_ms,
                        std::vector<std::uint32_t>& members, std::vector<Places>& places) {
  players_ = 0;
  if (line_.tickets[seed].players > team_size) return false;
  BeginSearch(seed, team_size);
  ExtendRight(bound_ms);
  struct {
    std::uint32_t left_count, right_count, players;
    PackedParties parties;
  } best = {};
  spread_ms_ = kInfinity;
  while (true) {
    if (Fills()) {
      if (left_count_ > 1) DropNeedlessRights();
      spread_ms_ = rights_[right_count_ - 1].latency_ms - lefts_[left_count_ - 1].latency_ms;
      best = {left_count_, right_count_, players_, parties_};
    }
    if (!oldest_first_ || !ExtendLeft(spread_ms_, bound_ms)) break;
    DropFarRights(spread_ms_);
  }
  if (best.right_count == 0) return false;
  left_count_ = best.left_count;
  right_count_ = best.right_count;
  members.clear();
  for (std::uint32_t i = left_count_ - 1; i > 0; --i) members.push_back(lefts_[i].place);
  for (std::uint32_t i = 0; i < right_count_; ++i) members.push_back(rights_[i].place);
  const bool all = best.players == needed_;
  if (all && teams_ == 1) return true;
  if (!FillsGreedily(best.parties, teams_, team_size_, rights_[0].players, places)) {
    FillsByTrying(&places);
  }
  if (!all) Choose(members, places);
  return true;
}

// The stretch holds more than is needed: of each size those come whose turn is first. They are
// looked for again, as who is not needed is not in the sides.
void SmallParties::Choose(std::vector<std::uint32_t>& members, const std::vector<Places>& places) {
  const std::uint32_t seed = rights_[0].place;
  const std::uint32_t last = members.back();
  std::array<std::uint32_t, PackedParties::kLargest + 1> wanted = {};
  for (const Places& of_one_size : places) wanted[of_one_size.size] += of_one_size.any;
  --wanted[rights_[0].players];
  by_turn_.clear();
  for (std::uint32_t at = members.front(); at != kNone && at <= last; at = line_.free.Next(at)) {
    ++steps_;
    if (line_.tickets[at].players <= team_size_) by_turn_.push_back(at);
  }
  if (oldest_first_) {
    std::sort(by_turn_.begin(), by_turn_.end(),
              [this](std::uint32_t a, std::uint32_t b) { return line_.TurnsBefore(a, b); });
  }
  members.assign(1, seed);
  for (const std::uint32_t place : by_turn_) {
    std::uint32_t& number = wanted[line_.tickets[place].players];
    if (place == seed || number == 0) continue;
    --number;
    members.push_back(place);
  }
  std::sort(members.begin(), members.end());
}

}  // namespace gsh::matcher
