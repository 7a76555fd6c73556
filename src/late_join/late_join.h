// LateJoin: offers the free seats of an allocated game server to players who come later.
#ifndef GSH_SRC_LATE_JOIN_LATE_JOIN_H_
#define GSH_SRC_LATE_JOIN_LATE_JOIN_H_

#include <cstdint>
#include <memory>
#include <mutex>
#include <string>
#include <vector>

#include "gsh/agones/game_server_sdk.h"
#include "gsh/clock.h"
#include "gsh/executor.h"
#include "gsh/log.h"
#include "gsh/metrics.h"
#include "gsh/openmatch/backfill_keeper.h"
#include "gsh/openmatch/frontend.h"

namespace gsh::late_join {

struct LateJoinOptions {
  std::uint32_t seats = 4;                           // players of a match
  std::string region = {};                           // empty: the game server's label `region`
  std::vector<std::string> tags = {"mode.session"};  // by which pools find it
  std::shared_ptr<Executor> executor = {};           // DefaultExecutor()
  Clock* clock = nullptr;                            // SystemClock()
  LogSink* log = nullptr;
  MetricsSink* metrics = nullptr;
};

// Once Agones has allocated the server: keeps the backfill that the director names, or makes one
// for the seats that the match's own players leave free. May be called from several threads at
// once.
class LateJoin {
 public:
  // Both must outlive it.
  LateJoin(agones::GameServerSdk& sdk, openmatch::Frontend& frontend, LateJoinOptions options);
  ~LateJoin();

  void PlayerJoined();
  void PlayerLeft();
  // Nobody else is to come. Waits for at most `patience`; what is not done by then goes on until
  // destruction.
  void Close(Duration patience);
  std::string backfill_id() const;  // of now

 private:
  void OnChange(const agones::GameServer& game_server);
  openmatch::BackfillKeeperOptions KeeperFor(const agones::GameServer& game_server) const;

  openmatch::Frontend& frontend_;
  const LateJoinOptions options_;
  mutable std::mutex mutex_;
  std::uint32_t players_ = 0;  // until there is a keeper
  bool closed_ = false;
  bool begun_ = false;
  std::shared_ptr<openmatch::BackfillKeeper> keeper_;
  std::unique_ptr<agones::Subscription> subscription_;
};

}  // namespace gsh::late_join

#endif  // GSH_SRC_LATE_JOIN_LATE_JOIN_H_
