#include "tests/faults/game_servers.h"

#include <gtest/gtest.h>

#include <chrono>
#include <utility>

namespace gsh::faults {

using std::chrono::milliseconds;

GameServers::GameServers(testing::Sandbox& sandbox, Duration first_player_timeout)
    : sandbox_(sandbox),
      first_player_timeout_(first_player_timeout),
      thread_([this](const std::stop_token& stop) { Run(stop); }) {}

GameServers::~GameServers() {
  thread_.request_stop();
  thread_.join();
  running_.clear();
}

void GameServers::Run(const std::stop_token& stop) {
  do {
    StartNew();
    ShutDownEnded();
  } while (SystemClock().SleepFor(milliseconds(20), stop));
}

void GameServers::StartNew() {
  for (const testing::SandboxGameServer& server : sandbox_.game_servers()) {
    if (server.state != "Ready" && server.state != "Allocated") continue;
    const std::string connection = server.address + ":" + std::to_string(server.port);
    if (!started_.insert(connection).second) continue;
    auto sdk = agones::MakeGameServerSdk(
        {.client = {.endpoint = "127.0.0.1:" + std::to_string(server.sdk_port),
                    .tls = {.insecure = true}}});
    ASSERT_TRUE(sdk.ok()) << sdk.status();
    GameServer started{.sdk = *std::move(sdk)};
    const agones::IdleGuardOptions options = {.first_player_timeout = first_player_timeout_,
                                              .executor = executor_};
    started.guard = std::make_unique<agones::IdleGuard>(
        *started.sdk, options, [this, connection](const std::string&) { End(connection); });
    std::lock_guard lock(mutex_);
    for (; early_[connection] > 0; --early_[connection]) started.guard->PlayerJoined();
    running_.emplace(connection, std::move(started));
  }
}

bool GameServers::Join(const std::string& connection) {
  std::lock_guard lock(mutex_);
  if (gone_.contains(connection)) return false;
  const auto found = running_.find(connection);
  if (found == running_.end()) {
    ++early_[connection];
  } else {
    found->second.guard->PlayerJoined();
  }
  return true;
}

void GameServers::End(const std::string& connection) {
  std::lock_guard lock(mutex_);
  gone_.insert(connection);
  ending_.push_back(connection);
}

void GameServers::ShutDownEnded() {
  std::vector<GameServer> ended;
  {
    std::lock_guard lock(mutex_);
    for (const std::string& connection : std::exchange(ending_, {})) {
      const auto found = running_.find(connection);
      if (found == running_.end()) continue;
      ended.push_back(std::move(found->second));
      running_.erase(found);
    }
  }
  for (GameServer& server : ended) {
    server.guard.reset();
    const Status status = server.sdk->Shutdown();
    EXPECT_TRUE(status.ok()) << status;
    ++ended_;
  }
}

}  // namespace gsh::faults
