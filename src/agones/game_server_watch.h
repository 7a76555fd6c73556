// Watches the game server through its side-car, and opens the stream again when it breaks.
#ifndef GSH_SRC_AGONES_GAME_SERVER_WATCH_H_
#define GSH_SRC_AGONES_GAME_SERVER_WATCH_H_

#include <condition_variable>
#include <functional>
#include <memory>
#include <mutex>
#include <stop_token>
#include <thread>

#include "gsh/agones/game_server_sdk.h"
#include "src/rpc/client.h"
#include "src/rpc/reconnect.h"

namespace gsh::agones {

// Shared by the subscription, the SDK (which stops it before its client goes) and what is under
// way.
class GameServerWatch : public std::enable_shared_from_this<GameServerWatch> {
 public:
  GameServerWatch(rpc::Client& client, std::function<void(const GameServer&)> on_change)
      : client_(client), on_change_(std::move(on_change)), reconnect_(client.options()) {}

  void Start() { Open(); }
  // After it `on_change` does not run any more: waits for a running one, unless called from it. The
  // client is not used any more either.
  void Stop();

 private:
  void Open();
  bool Enter();
  void Leave();
  bool Deliver(const google::protobuf::MessageLite& message);
  void OnBroken(const Status& status);

  rpc::Client& client_;
  std::function<void(const GameServer&)> on_change_;
  std::stop_source stop_;
  std::mutex mutex_;
  std::condition_variable idle_;
  bool stopped_ = false;
  std::thread::id delivering_;  // the thread that runs on_change
  int in_client_ = 0;           // threads that are inside the client
  rpc::Reconnect reconnect_;
};

}  // namespace gsh::agones

#endif  // GSH_SRC_AGONES_GAME_SERVER_WATCH_H_
