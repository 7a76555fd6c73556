// GameSession: what a server that people join and leave tells Agones, and when it ends.
#ifndef GSH_SRC_GAME_SESSION_GAME_SESSION_H_
#define GSH_SRC_GAME_SESSION_GAME_SESSION_H_

#include <atomic>
#include <chrono>
#include <cstddef>
#include <functional>
#include <memory>
#include <optional>
#include <stop_token>
#include <string>

#include "gsh/agones/game_server_sdk.h"
#include "gsh/agones/idle_guard.h"

namespace gsh::game_session {

struct SessionOptions {
  bool player_tracking = false;                              // needs Agones' feature PlayerTracking
  int player_capacity = 8;                                   // told to Agones with player_tracking
  Duration first_player_timeout = std::chrono::seconds(60);  // 0: for ever
  LogSink* log = nullptr;
};

// Calls to the side-car run in order on a thread of their own, so that a slow one does not stop the
// game; one that fails is logged (by the SDK's client) and does not end the match.
class GameSession {
 public:
  // `terminated` is SIGTERM. `on_over` runs once when Agones has accepted the server's Shutdown.
  GameSession(agones::GameServerSdk& sdk, SessionOptions options, std::stop_token terminated,
              std::function<void()> on_over);
  ~GameSession();

  // Tells Agones that players may come. Tries for half a minute, as the side-car may start later.
  Status Start();
  // Not before Start has returned.
  void PlayerJoined(const std::string& player);
  void PlayerLeft(const std::string& player, std::size_t remaining);
  // The match is over: asks Agones to shut the server down, until it has.
  void End(const std::string& reason);
  // After SIGTERM: says so to Agones if it will listen.
  void Terminate();

 private:
  CallOptions Call() const { return {.timeout = std::chrono::seconds(5), .stop = terminated_}; }
  Status KeepTrying(const std::function<Status()>& call);

  agones::GameServerSdk& sdk_;
  const SessionOptions options_;
  const std::stop_token terminated_;
  const std::function<void()> on_over_;
  std::atomic<bool> ending_ = false;
  std::atomic<bool> over_ = false;
  std::shared_ptr<Executor> calls_ = MakeThreadPool(1);
  std::optional<agones::IdleGuard> guard_;
};

}  // namespace gsh::game_session

#endif  // GSH_SRC_GAME_SESSION_GAME_SESSION_H_
