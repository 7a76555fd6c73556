#include "src/testing/sandbox/agones/allocation_match.h"

#include <algorithm>
#include <map>
#include <numeric>
#include <optional>
#include <utility>

// Older clients send the deprecated selectors only.
#pragma GCC diagnostic ignored "-Wdeprecated-declarations"

namespace gsh::sandbox {
namespace {

using wire_allocation::AllocationRequest;
using wire_allocation::GameServerSelector;

// Bounds of which 0 means none.
bool Within(std::int64_t value, std::int64_t min, std::int64_t max) {
  return value >= min && (max == 0 || value <= max);
}

std::int64_t Available(const agones::CounterStatus& counter) {
  return counter.capacity - counter.count;
}
std::int64_t Available(const agones::ListStatus& list) {
  return list.capacity - static_cast<std::int64_t>(list.values.size());
}
std::int64_t Available(const agones::PlayerStatus& players) {
  return players.capacity - players.count;
}

bool MatchesLabels(const GameServerSelector& selector, const GameServer& server) {
  return std::all_of(selector.matchlabels().begin(), selector.matchlabels().end(),
                     [&](const auto& label) {
                       const auto it = server.labels.find(label.first);
                       return it != server.labels.end() && it->second == label.second;
                     });
}

// Agones looks at the minimum only when there is a maximum.
bool MatchesPlayers(const GameServerSelector& selector, const GameServer& server) {
  if (!selector.has_players() || selector.players().maxavailable() == 0) return true;
  return Within(Available(server.players),
                static_cast<std::int64_t>(selector.players().minavailable()),
                static_cast<std::int64_t>(selector.players().maxavailable()));
}

bool MatchesCounters(const GameServerSelector& selector, const GameServer& server) {
  return std::all_of(
      selector.counters().begin(), selector.counters().end(), [&](const auto& entry) {
        const auto it = server.counters.find(entry.first);
        if (it == server.counters.end()) return false;
        const auto& wanted = entry.second;
        return Within(it->second.count, wanted.mincount(), wanted.maxcount()) &&
               Within(Available(it->second), wanted.minavailable(), wanted.maxavailable());
      });
}

bool MatchesLists(const GameServerSelector& selector, const GameServer& server) {
  return std::all_of(selector.lists().begin(), selector.lists().end(), [&](const auto& entry) {
    const auto it = server.lists.find(entry.first);
    if (it == server.lists.end()) return false;
    const auto& wanted = entry.second;
    const auto& values = it->second.values;
    return Within(Available(it->second), wanted.minavailable(), wanted.maxavailable()) &&
           (wanted.containsvalue().empty() ||
            std::find(values.begin(), values.end(), wanted.containsvalue()) != values.end());
  });
}

std::optional<std::int64_t> AvailableFor(const wire_allocation::Priority& priority,
                                         const GameServer& server) {
  if (priority.type() == wire_allocation::Priority::List) {
    const auto it = server.lists.find(priority.key());
    if (it != server.lists.end()) return Available(it->second);
  } else {
    const auto it = server.counters.find(priority.key());
    if (it != server.counters.end()) return Available(it->second);
  }
  return std::nullopt;
}

// Less than 0: `a` goes first. Servers that have what the priority names go before those that do
// not.
int ComparePriorities(const AllocationRequest& request, const GameServer& a, const GameServer& b) {
  for (const auto& priority : request.priorities()) {
    const auto left = AvailableFor(priority, a);
    const auto right = AvailableFor(priority, b);
    if (left == right) continue;
    if (!left || !right) return left ? -1 : 1;
    const bool ascending = priority.order() == wire_allocation::Priority::Ascending;
    return (*left < *right) == ascending ? -1 : 1;
  }
  return 0;
}

struct NodeLoad {
  int allocated = 0;
  int ready = 0;
};

std::map<std::string, NodeLoad> CountByNode(const std::vector<GameServerPtr>& servers) {
  std::map<std::string, NodeLoad> counts;
  for (const GameServerPtr& server : servers) {
    if (server->state == State::kAllocated) ++counts[server->node].allocated;
    if (server->state == State::kReady) ++counts[server->node].ready;
  }
  return counts;
}

// Packed fills the fullest node first, and there the server with the least room.
void SortPacked(const AllocationRequest& request, std::vector<GameServerPtr>& servers) {
  const auto nodes = CountByNode(servers);
  const auto load = [&](const GameServerPtr& server) {
    const auto it = nodes.find(server->node);
    return it == nodes.end() ? NodeLoad{} : it->second;
  };
  std::sort(servers.begin(), servers.end(), [&](const GameServerPtr& a, const GameServerPtr& b) {
    if (a->state != b->state) return a->state == State::kAllocated;
    if (a->node != b->node) {
      const NodeLoad left = load(a);
      const NodeLoad right = load(b);
      if (left.allocated != right.allocated) return left.allocated > right.allocated;
      if (left.ready != right.ready) return left.ready > right.ready;
    }
    const std::int64_t room_a = Available(a->players);
    const std::int64_t room_b = Available(b->players);
    if (room_a != room_b) return room_a < room_b;
    if (const int order = ComparePriorities(request, *a, *b); order != 0) return order < 0;
    return a->name < b->name;
  });
}

bool CanMatch(const GameServerSelector& selector, const Cluster& cluster) {
  return std::all_of(
      selector.matchlabels().begin(), selector.matchlabels().end(),
      [&](const auto& label) { return cluster.CountLabel(label.first, label.second) > 0; });
}

}  // namespace

bool Matches(const GameServerSelector& selector, const GameServer& server) {
  const State wanted = selector.gameserverstate() == GameServerSelector::ALLOCATED
                           ? State::kAllocated
                           : State::kReady;
  return server.state == wanted && !server.BeingDeleted() && MatchesLabels(selector, server) &&
         MatchesPlayers(selector, server) && MatchesCounters(selector, server) &&
         MatchesLists(selector, server);
}

std::vector<const GameServerSelector*> SelectorsOf(const AllocationRequest& request) {
  std::vector<const GameServerSelector*> selectors;
  for (const auto& selector : request.gameserverselectors()) selectors.push_back(&selector);
  if (!selectors.empty()) return selectors;
  for (const auto& selector : request.preferredgameserverselectors())
    selectors.push_back(&selector);
  selectors.push_back(&request.requiredgameserverselector());
  return selectors;
}

void SortFor(const AllocationRequest& request, std::vector<GameServerPtr>& servers) {
  if (request.scheduling() == AllocationRequest::Packed) return SortPacked(request, servers);
  std::sort(servers.begin(), servers.end(), [&](const GameServerPtr& a, const GameServerPtr& b) {
    const int order = ComparePriorities(request, *a, *b);
    return order != 0 ? order < 0 : a->name < b->name;
  });
}

std::string SortKeyOf(const AllocationRequest& request) {
  AllocationRequest key;
  key.set_scheduling(request.scheduling());
  *key.mutable_priorities() = request.priorities();
  return key.SerializeAsString();
}

std::size_t FindServer(const AllocationRequest& request, const SelectorExpressions* expressions,
                       const std::vector<GameServerPtr>& servers, const Cluster& cluster,
                       Rng& rng) {
  // Distributed without priorities starts anywhere, in any order.
  std::vector<std::size_t> order;
  if (request.scheduling() == AllocationRequest::Distributed && request.priorities().empty()) {
    order.resize(servers.size());
    std::iota(order.begin(), order.end(), std::size_t{0});
    for (std::size_t i = order.size(); i > 1; --i) std::swap(order[i - 1], order[rng.Next() % i]);
  }
  const auto selectors = SelectorsOf(request);
  for (std::size_t s = 0; s < selectors.size(); ++s) {
    if (!CanMatch(*selectors[s], cluster)) continue;
    for (std::size_t i = 0; i < servers.size(); ++i) {
      const std::size_t at = order.empty() ? i : order[i];
      const GameServer& server = *servers[at];
      if (server.ns != request.namespace_() || !Matches(*selectors[s], server)) continue;
      if (expressions == nullptr || Hold(expressions->at(s), server.labels)) return at;
    }
  }
  return servers.size();
}

}  // namespace gsh::sandbox
