// GameServers: a game server for each of a sandbox's, in this process: the SDK client and IdleGuard
// of the library over the real side-car sockets, and players who join by a function call.
#ifndef GSH_TESTS_FAULTS_GAME_SERVERS_H_
#define GSH_TESTS_FAULTS_GAME_SERVERS_H_

#include <atomic>
#include <map>
#include <memory>
#include <mutex>
#include <set>
#include <string>
#include <thread>
#include <vector>

#include "gsh/agones/idle_guard.h"
#include "gsh/executor.h"
#include "gsh/testing/sandbox.h"

namespace gsh::faults {

class GameServers {
 public:
  // `first_player_timeout`: what IdleGuard is told.
  GameServers(testing::Sandbox& sandbox, Duration first_player_timeout);
  ~GameServers();

  // A player enters the server at "host:port". False when it has ended.
  bool Join(const std::string& connection);
  // How many have ended themselves, because nobody came or because they were released.
  int ended() const { return ended_.load(); }

 private:
  struct GameServer {
    std::unique_ptr<agones::GameServerSdk> sdk = {};
    std::unique_ptr<agones::IdleGuard> guard = {};  // destroyed before what it watches
  };

  void Run(const std::stop_token& stop);
  void StartNew();
  void End(const std::string& connection);
  void ShutDownEnded();

  testing::Sandbox& sandbox_;
  const Duration first_player_timeout_;
  const std::shared_ptr<Executor> executor_ = MakeThreadPool(2);
  std::atomic<int> ended_ = 0;
  std::mutex mutex_;
  std::map<std::string, GameServer> running_;  // by connection
  std::map<std::string, int> early_;           // players who came before this class saw the server
  std::set<std::string> gone_;
  std::vector<std::string> ending_;
  std::set<std::string> started_;  // of the thread alone
  std::jthread thread_;
};

}  // namespace gsh::faults

#endif  // GSH_TESTS_FAULTS_GAME_SERVERS_H_
