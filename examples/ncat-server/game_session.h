// GameSession: what the chat server tells Agones, and when it ends.
#ifndef GSH_EXAMPLES_NCAT_SERVER_GAME_SESSION_H_
#define GSH_EXAMPLES_NCAT_SERVER_GAME_SESSION_H_

#include <atomic>
#include <functional>
#include <memory>
#include <optional>
#include <stop_token>

#include "gsh/agones/game_server_sdk.h"
#include "gsh/agones/idle_guard.h"

namespace gsh::ncat_server {

struct SessionOptions {
  bool player_tracking = false;
  Duration first_player_timeout = std::chrono::seconds(60);  // 0: for ever
  LogSink* log = nullptr;
};

// Calls to the side-car run in order on a thread of their own, so that a slow one does not stop the
// chat; one that fails is logged (by the SDK's client) and does not end the match.
class GameSession {
 public:
  // `terminated` is SIGTERM. `on_over` runs once when Agones has accepted the server's Shutdown.
  GameSession(agones::GameServerSdk& sdk, SessionOptions options, std::stop_token terminated,
              std::function<void()> on_over);
  ~GameSession();

  // Tells Agones that players may come. Tries for half a minute, as the side-car may start later.
  Status Start();
  void PlayerJoined(int user);
  void PlayerLeft(int user, std::size_t remaining);
  // After SIGTERM: says so to Agones if it will listen.
  void Terminate();

 private:
  CallOptions Call() const { return {.timeout = std::chrono::seconds(5), .stop = terminated_}; }
  Status KeepTrying(const std::function<Status()>& call);
  void End(const std::string& reason);

  agones::GameServerSdk& sdk_;
  const SessionOptions options_;
  const std::stop_token terminated_;
  const std::function<void()> on_over_;
  std::atomic<bool> ending_ = false;
  std::atomic<bool> over_ = false;
  std::shared_ptr<Executor> calls_ = MakeThreadPool(1);
  std::optional<agones::IdleGuard> guard_;
};

}  // namespace gsh::ncat_server

#endif  // GSH_EXAMPLES_NCAT_SERVER_GAME_SESSION_H_
