// Agones' integration patterns, as docs/agones-recipes.md explains them. agones_recipes_test.cc
// runs each, and compares what the page shows with what stands here.
#ifndef GSH_DOCS_SAMPLES_AGONES_RECIPES_H_
#define GSH_DOCS_SAMPLES_AGONES_RECIPES_H_

#include <chrono>
#include <functional>
#include <string>
#include <vector>

#include "gsh/agones/allocator.h"
#include "gsh/agones/game_server_sdk.h"

namespace recipes {

using gsh::Status;
using gsh::StatusOr;
using gsh::agones::AllocationRequest;
using gsh::agones::GameServer;
using gsh::agones::GameServerSdk;
using State = gsh::agones::GameServerSelector::State;

inline AllocationRequest FromFleet(const std::string& fleet) {
  return {.selectors = {{.match_labels = {{"agones.dev/fleet", fleet}}}}};
}

inline AllocationRequest RoomIn(const std::string& fleet) {
  const gsh::agones::Labels labels = {{"agones.dev/fleet", fleet}};
  return {
      .selectors = {{.match_labels = labels,
                     .state = State::kAllocated,
                     .counters = {{"rooms", {.min_available = 1}}}},
                    {.match_labels = labels, .counters = {{"rooms", {.min_available = 1}}}}},
      .priorities = {{.key = "rooms"}},  // ascending: the fullest first
      .counters = {{"rooms", {.action = "Increment", .amount = 1}}},
  };
}

inline Status EndRoom(GameServerSdk& sdk) {
  return sdk.UpdateCounter("rooms", {.diff = -1}).status();
}

inline AllocationRequest SessionIn(const std::string& fleet) {
  return {
      .selectors = {{.match_labels = {{"agones.dev/fleet", fleet},
                                      {"agones.dev/sdk-gs-session-ready", "true"}},
                     .state = State::kAllocated},
                    {.match_labels = {{"agones.dev/fleet", fleet}}}},
      .labels = {{"agones.dev/sdk-gs-session-ready", "false"}},
  };
}

inline Status OfferAnotherSession(GameServerSdk& sdk) {
  return sdk.SetLabel("gs-session-ready", "true");
}

inline AllocationRequest SeatsIn(const std::string& fleet,
                                 const std::vector<std::string>& players) {
  const gsh::agones::Labels labels = {{"agones.dev/fleet", fleet}};
  const gsh::agones::ListSelector free{.min_available = static_cast<std::int64_t>(players.size())};
  return {
      .selectors = {{.match_labels = labels,
                     .state = State::kAllocated,
                     .lists = {{"players", free}}},
                    {.match_labels = labels, .lists = {{"players", free}}}},
      .lists = {{"players", {.add_values = players}}},
  };
}

inline Status Leave(GameServerSdk& sdk, const std::string& player) {
  return sdk.RemoveListValue("players", player);
}

inline Status EndSession(GameServerSdk& sdk, int sessions_played, int most_sessions) {
  return sessions_played < most_sessions ? sdk.Ready() : sdk.Shutdown();
}

inline AllocationRequest CanaryFirst(const std::string& canary, const std::string& stable) {
  return {.selectors = {{.match_labels = {{"agones.dev/fleet", canary}}},
                        {.match_labels = {{"agones.dev/fleet", stable}}}}};
}

// `offer` tells your matchmaker of the server, and returns whether it sent players within that
// time.
using Offer = std::function<bool(const GameServer& self, std::chrono::seconds valid)>;

inline Status RegisterWith(const Offer& offer, GameServerSdk& sdk) {
  constexpr std::chrono::seconds kValid{30};
  sdk.StartHealth();
  if (Status status = sdk.Reserve(kValid); !status.ok()) return status;
  const StatusOr<GameServer> self = sdk.GetGameServer();
  if (!self.ok()) return self.status();
  return offer(*self, kValid) ? sdk.Allocate() : sdk.Ready();
}

}  // namespace recipes

#endif  // GSH_DOCS_SAMPLES_AGONES_RECIPES_H_
