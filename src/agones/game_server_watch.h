// Watches the game server through its side-car, and opens the stream again when it breaks.
#ifndef GSH_SRC_AGONES_GAME_SERVER_WATCH_H_
#define GSH_SRC_AGONES_GAME_SERVER_WATCH_H_

#include <condition_variable>
#include <functional>
#include <memory>
#include <mutex>
#include <stop_token>
#include <thread>
#include <vector>

#include "gsh/agones/game_server_sdk.h"
#include "gsh/export.h"
#include "src/rpc/common/reconnect.h"

namespace gsh::agones {

// How an adapter opens one stream, and waits. Both end as calls of a client do: `done` runs once,
// soon after options.stop is asked for.
struct WatchSource {
  using OnServer = std::function<bool(const GameServer&)>;  // false: enough
  using Done = std::function<void(Status)>;
  std::function<void(OnServer on_server, CallOptions options, Done done)> open;
  std::function<void(Duration pause, CallOptions options, Done done)> pause;
};

// Shared by the subscription, the SDK (which stops it before its client goes) and what is under
// way.
class GSH_EXPORT GameServerWatch : public std::enable_shared_from_this<GameServerWatch> {
 public:
  // `options` are the client's, complete; like what `source` uses they need not outlive Stop.
  GameServerWatch(WatchSource source, const ClientOptions& options,
                  std::function<void(const GameServer&)> on_change)
      : source_(std::move(source)),
        options_(options),
        on_change_(std::move(on_change)),
        reconnect_(options) {}

  void Start() { Open(); }
  // After it `on_change` does not run any more: waits for a running one, unless called from it. The
  // source is not used any more either.
  void Stop();

 private:
  void Open();
  bool Enter();
  void Leave();
  bool Deliver(const GameServer& game_server);
  void OnBroken(const Status& status);

  const WatchSource source_;
  const ClientOptions& options_;
  const std::function<void(const GameServer&)> on_change_;
  std::stop_source stop_;
  std::mutex mutex_;
  std::condition_variable idle_;
  bool stopped_ = false;
  std::thread::id delivering_;  // the thread that runs on_change
  int in_source_ = 0;           // threads that are inside the source
  rpc::Reconnect reconnect_;
};

// The watches of one SDK; stops those that are left.
class GSH_EXPORT GameServerWatches {
 public:
  ~GameServerWatches();
  // Starts it.
  std::unique_ptr<Subscription> Add(std::shared_ptr<GameServerWatch> watch);

 private:
  std::mutex mutex_;
  std::vector<std::weak_ptr<GameServerWatch>> watches_;
};

}  // namespace gsh::agones

#endif  // GSH_SRC_AGONES_GAME_SERVER_WATCH_H_
