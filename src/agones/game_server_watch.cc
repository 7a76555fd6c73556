#include "src/agones/game_server_watch.h"

#include <utility>

#include "src/rpc/common/deadline.h"

namespace gsh::agones {

// Before and after each use of the source: Stop waits for them. False: stopped.
bool GameServerWatch::Enter() {
  std::lock_guard lock(mutex_);
  if (stopped_) return false;
  ++in_source_;
  return true;
}

void GameServerWatch::Leave() {
  std::lock_guard lock(mutex_);
  --in_source_;
  idle_.notify_all();
}

void GameServerWatch::Open() {
  if (!Enter()) return;
  {
    std::lock_guard lock(mutex_);
    reconnect_.Opened();
  }
  const auto self = shared_from_this();
  source_.open([self](const GameServer& game_server) { return self->Deliver(game_server); },
               CallOptions{.timeout = rpc::kNoTimeout, .stop = stop_.get_token()},
               [self](const Status& status) { self->OnBroken(status); });
  Leave();
}

bool GameServerWatch::Deliver(const GameServer& game_server) {
  {
    std::lock_guard lock(mutex_);
    if (stopped_) return false;
    delivering_ = std::this_thread::get_id();
  }
  on_change_(game_server);
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
    Log(options_.log, LogLevel::kWarning, "watch of the game server broke, reopening",
        {{"error", status.ok() ? "closed by the side-car" : status.ToString()}});
  }
  source_.pause(pause, CallOptions{.timeout = rpc::kNoTimeout, .stop = stop_.get_token()},
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
    return in_source_ == 0 && (delivering_ == std::thread::id() || delivering_ == me);
  });
}

namespace {

class WatchSubscription final : public Subscription {
 public:
  explicit WatchSubscription(std::shared_ptr<GameServerWatch> watch) : watch_(std::move(watch)) {}
  ~WatchSubscription() override { watch_->Stop(); }

 private:
  const std::shared_ptr<GameServerWatch> watch_;
};

}  // namespace

GameServerWatches::~GameServerWatches() {
  for (const auto& weak : watches_) {
    if (const auto watch = weak.lock()) watch->Stop();
  }
}

std::unique_ptr<Subscription> GameServerWatches::Add(std::shared_ptr<GameServerWatch> watch) {
  {
    std::lock_guard lock(mutex_);
    std::erase_if(watches_, [](const auto& weak) { return weak.expired(); });
    watches_.push_back(watch);
  }
  watch->Start();
  return std::make_unique<WatchSubscription>(std::move(watch));
}

}  // namespace gsh::agones
