// agones::GameServerSdk: what a game server calls on its side-car (agones: proto/sdk/sdk.proto,
// beta, alpha).
#ifndef GSH_AGONES_GAME_SERVER_SDK_H_
#define GSH_AGONES_GAME_SERVER_SDK_H_

#include <chrono>
#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "gsh/agones/allocator.h"
#include "gsh/agones/match_annotation.h"
#include "gsh/env.h"
#include "gsh/export.h"
#include "gsh/options.h"
#include "gsh/status.h"

namespace gsh::agones {

struct PlayerStatus {
  std::int64_t count = 0;
  std::int64_t capacity = 0;
  std::vector<std::string> ids = {};
};

struct HealthSpec {
  bool disabled = false;
  int period_seconds = 0;
  int failure_threshold = 0;
  int initial_delay_seconds = 0;
};

struct GameServer {
  std::string name = {};
  std::string ns = {};
  std::string uid = {};
  std::string resource_version = {};
  std::int64_t generation = 0;
  std::int64_t creation_timestamp = 0;  // seconds since 1970
  std::int64_t deletion_timestamp = 0;  // 0: not deleted
  Labels annotations = {};
  Labels labels = {};
  HealthSpec health = {};
  std::string state = {};  // "Ready", "Allocated", ...
  std::string address = {};
  std::vector<GameServerAddress> addresses = {};
  std::vector<GameServerPort> ports = {};
  std::optional<PlayerStatus> players = {};
  std::map<std::string, CounterStatus> counters = {};
  std::map<std::string, ListStatus> lists = {};
};

// Counter and list names, capacities and bounds are Agones'. UpdateCounter changes what is set.
struct CounterUpdate {
  std::optional<std::int64_t> count = {};
  std::optional<std::int64_t> capacity = {};
  std::int64_t diff = 0;
};

// Stops a watch when destroyed (waits for a running callback, unless called from it).
class GSH_EXPORT Subscription {
 public:
  virtual ~Subscription() = default;
};

// A port. The blocking calls return when the side-car has answered; Agones applies state changes a
// little later: watch to see them. May be called from several threads at once.
//
// Where the side-car's protos promise NOT_FOUND and OUT_OF_RANGE it really answers UNKNOWN with a
// text; the adapter turns those texts into the promised codes, and a feature that is switched off
// in the cluster ("PlayerTracking not enabled") into Unimplemented.
class GSH_EXPORT GameServerSdk {
 public:
  virtual ~GameServerSdk() = default;

  // Stable.
  virtual Status Ready(CallOptions options = {}) = 0;
  virtual Status Allocate(CallOptions options = {}) = 0;
  virtual Status Shutdown(CallOptions options = {}) = 0;
  virtual Status Reserve(std::chrono::seconds duration, CallOptions options = {}) = 0;
  virtual StatusOr<GameServer> GetGameServer(CallOptions options = {}) = 0;
  // The key gets the prefix "agones.dev/sdk-".
  virtual Status SetLabel(std::string key, std::string value, CallOptions options = {}) = 0;
  virtual Status SetAnnotation(std::string key, std::string value, CallOptions options = {}) = 0;
  // `on_change` for the server as it is now and for each change, on the options' executor, one at a
  // time, until the subscription is destroyed. A broken stream is opened again.
  virtual std::unique_ptr<Subscription> WatchGameServer(
      std::function<void(const GameServer&)> on_change) = 0;
  // Sends health pings every `interval` on a thread of the library, over a stream that is opened
  // again when it breaks, until StopHealth or destruction. A second call only changes the interval.
  virtual void StartHealth(Duration interval = std::chrono::seconds(2)) = 0;
  virtual void StopHealth() = 0;

  // Beta: counters and lists.
  virtual StatusOr<CounterStatus> GetCounter(std::string name, CallOptions options = {}) = 0;
  virtual StatusOr<CounterStatus> UpdateCounter(std::string name, CounterUpdate update,
                                                CallOptions options = {}) = 0;
  virtual StatusOr<ListStatus> GetList(std::string name, CallOptions options = {}) = 0;
  virtual Status SetListCapacity(std::string name, std::int64_t capacity,
                                 CallOptions options = {}) = 0;
  virtual Status AddListValue(std::string name, std::string value, CallOptions options = {}) = 0;
  virtual Status RemoveListValue(std::string name, std::string value, CallOptions options = {}) = 0;

  // Alpha: player tracking. The bools say whether the call changed anything.
  virtual StatusOr<bool> PlayerConnect(std::string player, CallOptions options = {}) = 0;
  virtual StatusOr<bool> PlayerDisconnect(std::string player, CallOptions options = {}) = 0;
  virtual Status SetPlayerCapacity(std::int64_t capacity, CallOptions options = {}) = 0;
  virtual StatusOr<std::int64_t> GetPlayerCapacity(CallOptions options = {}) = 0;
  virtual StatusOr<std::int64_t> GetPlayerCount(CallOptions options = {}) = 0;
  virtual StatusOr<bool> IsPlayerConnected(std::string player, CallOptions options = {}) = 0;
  virtual StatusOr<std::vector<std::string>> GetConnectedPlayers(CallOptions options = {}) = 0;

  // The match that this server was allocated for; NotFound when its director said nothing.
  StatusOr<MatchInfo> Match(CallOptions options = {});
};

// What Match() reads; for those who watch.
GSH_EXPORT std::optional<MatchInfo> MatchOf(const GameServer& game_server);

struct GameServerSdkOptions {
  // client.endpoint empty: localhost and the port in AGONES_SDK_GRPC_PORT (9357); plaintext, as the
  // side-car is.
  ClientOptions client = {};
  const Env* env = nullptr;  // SystemEnv()
};

GSH_EXPORT StatusOr<std::unique_ptr<GameServerSdk>> MakeGameServerSdk(
    GameServerSdkOptions options = {});

}  // namespace gsh::agones

#endif  // GSH_AGONES_GAME_SERVER_SDK_H_
