#include "src/matcher/kind_index.h"

#include <algorithm>
#include <bit>

#include "src/matcher/line.h"

namespace gsh::matcher {

void KindIndex::Build(const Line& line, std::size_t tickets, std::uint32_t teams,
                      std::uint32_t team_size, bool oldest_first) {
  built_ = true;
  team_size_ = team_size;
  kinds_.clear();
  kind_of_.assign((std::size_t{teams} + 1) * (team_size + 1), kNone);
  for (std::uint32_t place = 0; place < tickets; ++place) {
    const LineTicket& ticket = line.tickets[place];
    if (ticket.players > team_size || !line.free.IsFree(place)) continue;
    const std::uint32_t row = ticket.Row(teams);
    std::uint32_t& kind = kind_of_[std::size_t{row} * (team_size + 1) + ticket.players];
    if (kind == kNone) {
      kind = static_cast<std::uint32_t>(kinds_.size());
      kinds_.push_back({.row = row, .size = ticket.players});
    }
    kinds_[kind].places.push_back(place);
    if (oldest_first) kinds_[kind].waits_s.push_back(line.rest[place].wait_s);
  }
  for (Kind& kind : kinds_) {
    const std::size_t leaves = std::bit_ceil(kind.places.size());
    kind.tree.assign(2 * leaves, kNone);
    for (std::uint32_t i = 0; i < kind.places.size(); ++i) kind.tree[leaves + i] = i;
    for (std::size_t node = leaves; node-- > 1;) {
      kind.tree[node] = Earlier(kind, kind.tree[2 * node], kind.tree[2 * node + 1]);
    }
  }
}

std::uint32_t KindIndex::Earlier(const Kind& kind, std::uint32_t a, std::uint32_t b) {
  if (a == kNone || b == kNone || kind.waits_s.empty()) return std::min(a, b);
  if (kind.waits_s[a] != kind.waits_s[b]) return kind.waits_s[a] > kind.waits_s[b] ? a : b;
  return std::min(a, b);
}

void KindIndex::SetNumber(Kind& kind, std::size_t number, bool free) {
  std::size_t node = kind.tree.size() / 2 + number;
  kind.tree[node] = free ? static_cast<std::uint32_t>(number) : kNone;
  for (node /= 2; node > 0; node /= 2) {
    const std::uint32_t first = Earlier(kind, kind.tree[2 * node], kind.tree[2 * node + 1]);
    if (kind.tree[node] == first) return;
    kind.tree[node] = first;
  }
}

void KindIndex::Set(Kind& kind, std::uint32_t place, bool free) {
  const auto at = std::lower_bound(kind.places.begin(), kind.places.end(), place);
  SetNumber(kind, static_cast<std::size_t>(at - kind.places.begin()), free);
}

std::size_t KindIndex::CountBefore(std::uint32_t kind, std::uint32_t place) const {
  const auto& places = kinds_[kind].places;
  return static_cast<std::size_t>(std::lower_bound(places.begin(), places.end(), place) -
                                  places.begin());
}

std::uint32_t KindIndex::FirstFrom(std::uint32_t kind, std::size_t from) const {
  const std::vector<std::uint32_t>& tree = kinds_[kind].tree;
  const std::size_t leaves = tree.size() / 2;
  if (from >= leaves) return kNone;
  std::size_t node = leaves + from;
  if (tree[node] != kNone) return static_cast<std::uint32_t>(from);
  while (node % 2 == 1 || tree[node + 1] == kNone) {  // up, to a right neighbour with somebody
    node /= 2;
    if (node <= 1) return kNone;
  }
  for (++node; node < leaves;) {
    node *= 2;
    if (tree[node] == kNone) ++node;
  }
  return static_cast<std::uint32_t>(node - leaves);
}

std::uint32_t KindIndex::LastBefore(std::uint32_t kind, std::size_t before) const {
  const std::vector<std::uint32_t>& tree = kinds_[kind].tree;
  const std::size_t leaves = tree.size() / 2;
  if (before == 0) return kNone;
  std::size_t node = leaves + before - 1;
  if (tree[node] != kNone) return static_cast<std::uint32_t>(before - 1);
  while (node % 2 == 0 || tree[node - 1] == kNone) {
    node /= 2;
    if (node <= 1) return kNone;
  }
  for (--node; node < leaves;) {
    node = 2 * node + 1;
    if (tree[node] == kNone) --node;
  }
  return static_cast<std::uint32_t>(node - leaves);
}

// One after the other, each taken out until all are found.
void KindIndex::FirstTurns(std::uint32_t number, std::uint32_t first, std::uint32_t last,
                           std::uint32_t count, std::vector<std::uint32_t>& places) {
  Kind& kind = kinds_[number];
  const std::size_t leaves = kind.tree.size() / 2;
  const std::size_t begin = CountBefore(number, first);
  const std::size_t end = CountBefore(number, last + 1);
  const std::size_t before = places.size();
  while (places.size() < before + count) {
    std::uint32_t earliest = kNone;
    for (std::size_t l = leaves + begin, r = leaves + end; l < r; l /= 2, r /= 2) {
      if (l % 2 == 1) earliest = Earlier(kind, earliest, kind.tree[l++]);
      if (r % 2 == 1) earliest = Earlier(kind, earliest, kind.tree[--r]);
    }
    if (earliest == kNone) break;
    places.push_back(kind.places[earliest]);
    SetNumber(kind, earliest, false);
  }
  for (std::size_t i = before; i < places.size(); ++i) Set(kind, places[i], true);
}

}  // namespace gsh::matcher
