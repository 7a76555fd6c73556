// Arena: a sandbox, its game servers and 1,000 players who wait, for tests that break what is
// between them; and the count at the end.
#ifndef GSH_TESTS_FAULTS_ARENA_H_
#define GSH_TESTS_FAULTS_ARENA_H_

#include <memory>
#include <string>
#include <vector>

#include "gsh/openmatch/frontend.h"
#include "gsh/testing/fakes.h"
#include "gsh/testing/sandbox.h"
#include "src/testing/temporary_directory.h"
#include "tests/faults/game_servers.h"
#include "tests/faults/players.h"

namespace gsh::faults {

struct ArenaOptions {
  bool insecure = false;
  int replicas = 150;  // game servers in each of the two regions
  Duration pending_release_timeout = std::chrono::seconds(60);
  Duration allocation_batch_wait = std::chrono::milliseconds(20);
  // Longer than any test here: what is of no use, the director must give back itself.
  Duration first_player_timeout = std::chrono::minutes(10);
};

class Arena {
 public:
  static constexpr int kPlayers = 1000;
  static constexpr int kMatchSize = 4;
  static constexpr int kMatches = kPlayers / kMatchSize;

  explicit Arena(ArenaOptions options);
  ~Arena();

  // All players have tickets; they watch them through the frontend at `endpoint` (empty: the
  // sandbox's own).
  void QueuePlayers(const std::string& endpoint = "");
  bool AwaitReady(int servers, Duration timeout = std::chrono::seconds(30));
  // Waits until all have been assigned, and nothing is allocated in vain any more; then counts: no
  // ticket is lost or was assigned twice, each is on a server that is allocated for it, and no
  // server waits for nobody.
  void ExpectAllPlay(Duration timeout = std::chrono::seconds(60));

  ClientOptions OpenMatchClient(const std::string& endpoint) const;
  ClientOptions AllocatorClient(const std::string& endpoint) const;
  std::string allocator() const { return sandbox->endpoints().allocators.begin()->second; }
  int allocated() const;

  const std::vector<std::string> regions = {"us-east-1", "us-east-2"};
  const testing::TemporaryDirectory dir;
  std::unique_ptr<testing::Sandbox> sandbox;
  std::unique_ptr<GameServers> game_servers;
  std::unique_ptr<Players> players;

 private:
  void ExpectServersAreUsed() const;
  void ExpectTicketsAgree();

  std::unique_ptr<openmatch::Frontend> frontend_;
  std::unique_ptr<openmatch::Frontend> watching_;
};

}  // namespace gsh::faults

#endif  // GSH_TESTS_FAULTS_ARENA_H_
