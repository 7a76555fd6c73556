#include "src/agones/game_server_watch.h"

#include <utility>

#include "src/agones/game_server_convert.h"
#include "src/agones/sdk_methods.h"

namespace gsh::agones {

// Before and after each use of the client: Stop waits for them. False: stopped.
bool GameServerWatch::Enter() {
  std::lock_guard lock(mutex_);
  if (stopped_) return false;
  ++in_client_;
  return true;
}

void GameServerWatch::Leave() {
  std::lock_guard lock(mutex_);
  --in_client_;
  idle_.notify_all();
}

void GameServerWatch::Open() {
  if (!Enter()) return;
  {
    std::lock_guard lock(mutex_);
    reconnect_.Opened();
  }
  const auto self = shared_from_this();
  client_.ServerStream(
      sdk::kWatchGameServer, std::make_shared<wire_sdk::Empty>(),
      [] { return std::make_unique<wire_sdk::GameServer>(); },
      [self](google::protobuf::MessageLite& message) { return self->Deliver(message); },
      CallOptions{.timeout = rpc::kNoTimeout, .stop = stop_.get_token()},
      [self](const Status& status) { self->OnBroken(status); });
  Leave();
}

bool GameServerWatch::Deliver(const google::protobuf::MessageLite& message) {
  {
    std::lock_guard lock(mutex_);
    if (stopped_) return false;
    delivering_ = std::this_thread::get_id();
  }
  on_change_(FromWire(static_cast<const wire_sdk::GameServer&>(message)));
  std::lock_guard lock(mutex_);
  delivering_ = {};
  idle_.notify_all();
  return !stopped_;
}

void GameServerWatch::OnBroken(const Status& status) {
  if (!Enter()) return;
  Duration pause{0};
  int failures = 0;
  {
    std::lock_guard lock(mutex_);
    pause = reconnect_.NextPause();
    failures = reconnect_.failures();
  }
  if (failures == 1) {
    Log(client_.options().log, LogLevel::kWarning, "watch of the game server broke, reopening",
        {{"error", status.ok() ? "closed by the side-car" : status.ToString()}});
  }
  client_.Pause(pause, CallOptions{.timeout = rpc::kNoTimeout, .stop = stop_.get_token()},
                [self = shared_from_this()](const Status& paused) {
                  if (paused.ok()) self->Open();
                });
  Leave();
}

void GameServerWatch::Stop() {
  {
    std::lock_guard lock(mutex_);
    stopped_ = true;
  }
  stop_.request_stop();  // without the lock: it may run code of the client that calls back
  const auto me = std::this_thread::get_id();
  std::unique_lock lock(mutex_);
  idle_.wait(lock, [&] {
    return in_client_ == 0 && (delivering_ == std::thread::id() || delivering_ == me);
  });
}

}  // namespace gsh::agones
