// GameServer: one game server of the sandbox's Agones (agones: pkg/apis/agones/v1/gameserver.go).
#ifndef GSH_SRC_TESTING_SANDBOX_AGONES_GAME_SERVER_H_
#define GSH_SRC_TESTING_SANDBOX_AGONES_GAME_SERVER_H_

#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "gsh/agones/game_server_sdk.h"
#include "gsh/clock.h"

namespace gsh::sandbox {

enum class State {
  kPortAllocation,
  kCreating,
  kStarting,
  kScheduled,
  kRequestReady,
  kReady,
  kReserved,
  kAllocated,
  kShutdown,
  kUnhealthy,
};
std::string_view StateName(State state);

inline constexpr char kFleetLabel[] = "agones.dev/fleet";
inline constexpr char kGameServerSetLabel[] = "agones.dev/gameserverset";
inline constexpr char kLastAllocatedAnnotation[] = "agones.dev/last-allocated";
inline constexpr std::int64_t kMaxListCapacity = 1000;

struct GameServer {
  std::string name = {};
  std::string ns = "default";
  std::string uid = {};
  std::uint64_t resource_version = 0;
  std::int64_t generation = 0;
  WallTime created = {};
  std::optional<WallTime> deleted = {};  // when its deletion began
  agones::Labels labels = {};
  agones::Labels annotations = {};
  agones::HealthSpec health = {};

  State state = State::kPortAllocation;
  bool was_ready = false;  // has it ever been Ready
  std::string address = {};
  std::vector<agones::GameServerAddress> addresses = {};
  std::vector<agones::GameServerPort> ports = {};
  std::string node = {};
  int sdk_port = 0;
  int sdk_http_port = 0;
  agones::PlayerStatus players = {};
  std::map<std::string, agones::CounterStatus> counters = {};
  std::map<std::string, agones::ListStatus> lists = {};

  bool BeingDeleted() const { return deleted.has_value() || state == State::kShutdown; }
  // Scaling down leaves these alone.
  bool InUse() const {
    return !BeingDeleted() && (state == State::kAllocated || state == State::kReserved);
  }
  bool BeforeReady() const { return state <= State::kRequestReady; }
  std::string Fleet() const;
};

// A game server never changes: each change makes a new one, so that snapshots cost nothing.
using GameServerPtr = std::shared_ptr<const GameServer>;

// Appends what is not there yet and cuts at the capacity, as Agones does on allocation.
void AppendUnique(agones::ListStatus& list, const std::vector<std::string>& values);
void Truncate(agones::ListStatus& list);

// Marks it as allocated at `now`, the annotation included.
void MarkAllocated(GameServer& server, WallTime now);

}  // namespace gsh::sandbox

#endif  // GSH_SRC_TESTING_SANDBOX_AGONES_GAME_SERVER_H_
