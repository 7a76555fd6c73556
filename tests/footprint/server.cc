// A game server that does nothing but speak to its side-car, or not even that. Prints what it is
// mapped to and what private memory it has.
#include <chrono>
#include <fstream>
#include <iostream>
#include <string>

#ifdef GSH_WITH_SDK
#include <condition_variable>
#include <memory>
#include <mutex>

#include "gsh/agones_rest/game_server_sdk.h"

namespace {

// Everything that a server usually does: ready, pings, a watch.
class Sdk {
 public:
  bool Start() {
    auto made = gsh::agones_rest::MakeGameServerSdk();
    if (!made.ok()) return false;
    sdk_ = *std::move(made);
    watch_ = sdk_->WatchGameServer([this](const gsh::agones::GameServer& server) {
      std::lock_guard lock(mutex_);
      state_ = server.state;
      changed_.notify_all();
    });
    sdk_->StartHealth(std::chrono::milliseconds(10));
    if (!sdk_->Ready().ok()) return false;
    for (int i = 0; i < 50; ++i) {
      if (!sdk_->GetGameServer().ok()) return false;
    }
    std::unique_lock lock(mutex_);
    return changed_.wait_for(lock, std::chrono::seconds(10), [this] { return state_ == "Ready"; });
  }

 private:
  std::mutex mutex_;
  std::condition_variable changed_;
  std::string state_;
  std::unique_ptr<gsh::agones::GameServerSdk> sdk_;
  std::unique_ptr<gsh::agones::Subscription> watch_;
};

}  // namespace
#endif

int main() {
#ifdef GSH_WITH_SDK
  Sdk sdk;
  if (!sdk.Start()) return 1;
#endif
  for (const std::string file : {"/proc/self/maps", "/proc/self/status"}) {
    std::ifstream in(file);
    for (std::string line; std::getline(in, line);) std::cout << line << '\n';
  }
  return 0;
}
