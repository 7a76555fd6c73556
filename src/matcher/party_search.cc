#include "src/matcher/party_search.h"

#include <algorithm>
#include <cmath>
#include <functional>
#include <limits>
#include <utility>

namespace gsh::matcher {
namespace {

constexpr std::int64_t kMostStepsATicket = 256;
constexpr int kFewSteps = 256;  // from then on
constexpr float kInfinity = std::numeric_limits<float>::infinity();

}  // namespace

PartySearch::PartySearch(Line& line, std::uint32_t teams, std::uint32_t team_size,
                         bool oldest_first, bool bound)
    : line_(line),
      teams_(teams),
      oldest_first_(oldest_first),
      counts_(teams, team_size),
      filling_(teams) {
  filling_.set_bound(bound);
}

void PartySearch::Begin(std::size_t tickets) {
  steps_left_ = kMostStepsATicket * static_cast<std::int64_t>(tickets);
  number_.assign(line_.kinds.size(), 0);
  failures_.fill({});
  next_failure_ = 0;
}

std::uint32_t PartySearch::KindOf(std::uint32_t place) const {
  const LineTicket& ticket = line_.tickets[place];
  return line_.kinds.KindOf(ticket.Row(teams_), ticket.players);
}

// More of a kind than fill its team, or all teams, are never needed.
void PartySearch::PutCursors(std::vector<Cursor>& cursors, bool right) {
  cursors.clear();
  const std::uint32_t largest = std::min(team_size_, needed_ - line_.tickets[seed_].players);
  for (std::uint32_t i = 0; i < line_.kinds.size(); ++i) {
    const KindIndex::Kind& kind = line_.kinds[i];
    if (kind.size > largest) continue;
    const std::size_t at = line_.kinds.CountBefore(i, right ? seed_ + 1 : seed_);
    const std::uint32_t number =
        right ? line_.kinds.FirstFrom(i, at) : line_.kinds.LastBefore(i, at);
    if (number == kNone) continue;
    const std::uint32_t most = (kind.row == teams_ ? needed_ : team_size_) / kind.size;
    cursors.push_back({i, number, kind.places[number], most});
  }
}

template <typename Within>
bool PartySearch::Advance(std::vector<Cursor>& cursors, bool right, const Within& within,
                          Near& near) {
  if (cursors.empty()) return false;
  auto nearest = cursors.begin();
  for (auto cursor = nearest + 1; cursor != cursors.end(); ++cursor) {
    if (right ? cursor->place < nearest->place : cursor->place > nearest->place) nearest = cursor;
  }
  if (!within(Latency(nearest->place))) return false;
  near = {nearest->place, nearest->kind};
  nearest->number = --nearest->more == 0 ? kNone
                    : right              ? line_.kinds.FirstFrom(nearest->kind, nearest->number + 1)
                                         : line_.kinds.LastBefore(nearest->kind, nearest->number);
  if (nearest->number == kNone) {
    *nearest = cursors.back();
    cursors.pop_back();
  } else {
    nearest->place = line_.kinds[nearest->kind].places[nearest->number];
  }
  return true;
}

void PartySearch::Add(std::uint32_t kind) {
  const KindIndex::Kind& of = line_.kinds[kind];
  ++counts_.Of(of.row, of.size);
  ++number_[kind];
  players_ += of.size;
}

void PartySearch::Remove(std::uint32_t kind) {
  const KindIndex::Kind& of = line_.kinds[kind];
  --counts_.Of(of.row, of.size);
  --number_[kind];
  players_ -= of.size;
}

bool PartySearch::Failure::IsOf(const PartySearch& search) const {
  return team_size == search.team_size_ && seed_kind == search.seed_kind_;
}

// With so many of each kind, or more.
bool PartySearch::HasFailed(const std::vector<std::uint32_t>& number) const {
  return std::any_of(failures_.begin(), failures_.end(), [&](const Failure& failure) {
    return failure.IsOf(*this) && std::ranges::equal(number, failure.counts, std::less_equal());
  });
}

// In place of one that it includes, or of the oldest.
void PartySearch::Remember() {
  auto place = std::find_if(failures_.begin(), failures_.end(), [this](const Failure& failure) {
    return failure.IsOf(*this) && std::ranges::equal(number_, failure.counts, std::greater_equal());
  });
  if (place == failures_.end()) {
    place = failures_.begin() + static_cast<std::ptrdiff_t>(next_failure_);
    next_failure_ = (next_failure_ + 1) % failures_.size();
  }
  place->team_size = team_size_;
  place->seed_kind = seed_kind_;
  place->counts = number_;
}

// A team whose size is no multiple of a number needs a party whose size is none: told at once,
// where trying would be given up.
bool PartySearch::LacksRests() {
  for (std::uint32_t divisor = 2; divisor <= 5; ++divisor) {
    if (team_size_ % divisor == 0) continue;
    has_rest_.assign(teams_, 0);
    std::uint32_t lacking = teams_;
    std::uint32_t any = 0;
    for (std::uint32_t i = 0; i < number_.size(); ++i) {
      const KindIndex::Kind& kind = line_.kinds[i];
      if (number_[i] == 0 || kind.size % divisor == 0) continue;
      if (kind.row == teams_) {
        any += number_[i];
      } else if (std::exchange(has_rest_[kind.row], std::uint8_t{1}) == 0) {
        --lacking;
      }
    }
    if (any < lacking) return true;
  }
  return false;
}

bool PartySearch::Fills() {
  gave_up_ = false;
  if (players_ < needed_) return false;
  if (HasFailed(number_)) return false;
  if (LacksRests()) {
    Remember();
    return false;
  }
  filling_.set_max_steps(steps_left_ > 0 ? TeamFilling::kMaxSteps : kFewSteps);
  const bool fills = filling_.CanFill(counts_, team_size_, line_.kinds[seed_kind_].size, Row());
  steps_left_ -= filling_.steps();
  gave_up_ = !fills && filling_.gave_up();
  if (!fills && !gave_up_) Remember();
  return fills;
}

// Where fillings are given up they are tried again after 1, 2, 4 and so on more tickets.
bool PartySearch::FillsNow() {
  if (patience_ > 0) {
    --patience_;
    return false;
  }
  if (Fills()) return true;
  if (gave_up_) patience_ = 1u << std::min(tries_++, 20u);
  return false;
}

// The players of the seed and of all that may be within the bound, which is counted in most_.
std::uint32_t PartySearch::CountMost(float bound_ms) {
  most_ = number_;
  std::uint32_t players = players_;
  const auto add = [&](const std::vector<Cursor>& cursors) {
    for (const Cursor& cursor : cursors) {
      if (std::abs(Latency(cursor.place) - Latency(seed_)) > bound_ms) continue;
      most_[cursor.kind] += cursor.more;
      players += cursor.more * line_.kinds[cursor.kind].size;
    }
  };
  add(left_cursors_);
  add(right_cursors_);
  return players;
}

void PartySearch::ExtendRight(float bound_ms) {
  const float from = Latency(seed_);
  const auto within = [&](float latency_ms) { return latency_ms - from <= bound_ms; };
  Near near;
  while (!FillsNow() && Advance(right_cursors_, true, within, near)) {
    rights_.push_back(near);
    Add(near.kind);
  }
}

// From the right as long as the rest fills the match.
void PartySearch::DropNeedlessRights() {
  while (!rights_.empty()) {
    const std::uint32_t last = rights_.back().kind;
    Remove(last);
    if (!Fills()) {
      Add(last);
      return;
    }
    rights_.pop_back();
  }
}

void PartySearch::Keep() {
  const std::uint32_t first = lefts_.empty() ? seed_ : lefts_.back().place;
  const std::uint32_t last = rights_.empty() ? seed_ : rights_.back().place;
  const float spread = Latency(last) - Latency(first);
  if (spread >= spread_ms_ || !Fills()) return;  // more may be what a filling is given up for
  spread_ms_ = spread;
  best_.first = first;
  best_.last = last;
  best_.number = number_;
}

// Two ends that only move left: a stretch that reaches further to the left never needs more on the
// right.
bool PartySearch::Find(std::uint32_t seed, std::uint32_t team_size, float bound_ms,
                       std::vector<std::uint32_t>& members, std::vector<Places>& places) {
  seed_ = seed;
  seed_kind_ = KindOf(seed);
  team_size_ = team_size;
  needed_ = team_size * teams_;
  players_ = 0;
  patience_ = tries_ = 0;
  if (line_.tickets[seed].players > team_size) return false;
  lefts_.clear();
  rights_.clear();
  spread_ms_ = kInfinity;
  Add(seed_kind_);
  PutCursors(right_cursors_, true);
  if (oldest_first_) PutCursors(left_cursors_, false);
  const std::uint32_t most = CountMost(bound_ms);
  // In a long line the seeds' neighbourhoods are much alike: one search speaks for many.
  if (most < needed_ || HasFailed(most_)) {
    Remove(seed_kind_);
    players_ = most;
    return false;
  }
  ExtendRight(bound_ms);
  bool fills = Fills();
  const auto within = [&](float latency_ms) {
    const float reach = Latency(seed_) - latency_ms;
    return reach < spread_ms_ && reach <= bound_ms;
  };
  while (true) {
    if (fills) {
      DropNeedlessRights();
      Keep();
    }
    Near near;
    if (!oldest_first_) break;
    if (!Advance(left_cursors_, false, within, near)) {
      if (fills || !Fills()) break;
      fills = true;
      continue;
    }
    lefts_.push_back(near);
    Add(near.kind);
    fills = fills || FillsNow();
  }
  const std::uint32_t in_reach = players_;
  Remove(seed_kind_);
  for (const Near& near : lefts_) Remove(near.kind);
  for (const Near& near : rights_) Remove(near.kind);
  players_ = in_reach;
  if (spread_ms_ == kInfinity) return false;
  Choose(members, places);
  return true;
}

// The stretch may hold more than is needed: of each kind those come whose turn is first.
void PartySearch::Choose(std::vector<std::uint32_t>& members, std::vector<Places>& places) {
  for (std::uint32_t i = 0; i < line_.kinds.size(); ++i) {
    counts_.Of(line_.kinds[i].row, line_.kinds[i].size) = best_.number[i];
  }
  filling_.set_max_steps(TeamFilling::kMaxSteps);
  filling_.Find(counts_, team_size_, line_.kinds[seed_kind_].size, Row());
  places = filling_.places();
  for (std::uint32_t i = 0; i < line_.kinds.size(); ++i) {
    counts_.Of(line_.kinds[i].row, line_.kinds[i].size) = 0;
  }
  for (const Places& of : places) {  // now what is wanted
    if (of.bound > 0) counts_.Of(of.team, of.size) += of.bound;
    counts_.Of(teams_, of.size) += of.any;
  }
  --counts_.Of(Row(), line_.kinds[seed_kind_].size);
  members.assign(1, seed_);
  line_.kinds.Take(seed_kind_, seed_);
  for (std::uint32_t i = 0; i < line_.kinds.size(); ++i) {
    std::uint32_t& wanted = counts_.Of(line_.kinds[i].row, line_.kinds[i].size);
    if (wanted > 0) line_.kinds.FirstTurns(i, best_.first, best_.last, wanted, members);
    wanted = 0;
  }
  line_.kinds.PutBack(seed_kind_, seed_);
  std::sort(members.begin(), members.end());
}

}  // namespace gsh::matcher
