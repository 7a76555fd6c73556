// Cluster: the game servers that exist, and who wants to know when one changes (what the Kubernetes
// API server and its informers are to Agones).
#ifndef GSH_SRC_TESTING_SANDBOX_AGONES_CLUSTER_H_
#define GSH_SRC_TESTING_SANDBOX_AGONES_CLUSTER_H_

#include <cstddef>
#include <cstdint>
#include <deque>
#include <functional>
#include <map>
#include <memory>
#include <mutex>
#include <string>
#include <unordered_map>
#include <vector>

#include "gsh/clock.h"
#include "gsh/rng.h"
#include "src/testing/sandbox/agones/game_server.h"

namespace gsh::sandbox {

// May be used from several threads at once.
class Cluster {
 public:
  enum class Event { kAdded, kModified, kDeleted };
  using Observer = std::function<void(Event, const GameServerPtr&)>;

  // Ends when destroyed; waits for a running call of its observer, unless destroyed by it.
  class Observation {
   public:
    virtual ~Observation() = default;
  };

  Cluster(Clock& clock, Rng& rng) : clock_(clock), rng_(rng) {}

  // Null if the name is taken. Fills in uid, version and time of creation.
  GameServerPtr Create(GameServer server);
  GameServerPtr Get(const std::string& name) const;  // null: does not exist
  std::vector<GameServerPtr> List() const;           // by name
  // Applies `change` to a copy and keeps it if that returns true. Returns what is there then; null:
  // no such server.
  GameServerPtr Update(const std::string& name, const std::function<bool(GameServer&)>& change);
  void Remove(const std::string& name);

  // How many servers have this label: whether a selector can match anything at all.
  std::size_t CountLabel(const std::string& key, const std::string& value) const;

  // `observer` gets every later change, in order, one at a time, on the thread that made it or on
  // one that is just handing on another change. It may change the cluster itself.
  [[nodiscard]] std::unique_ptr<Observation> Observe(Observer observer);

 private:
  class Watcher;
  struct Change {
    Event event;
    GameServerPtr server;
  };

  void Index(const GameServer& server, int by);
  void HandOn(std::unique_lock<std::mutex> lock);

  Clock& clock_;
  Rng& rng_;
  mutable std::mutex mutex_;
  std::map<std::string, GameServerPtr> servers_;
  std::unordered_map<std::string, std::size_t> label_counts_;  // by "key=value"
  std::uint64_t version_ = 0;
  std::deque<Change> changes_;
  bool handing_on_ = false;
  std::vector<std::shared_ptr<Watcher>> watchers_;
};

}  // namespace gsh::sandbox

#endif  // GSH_SRC_TESTING_SANDBOX_AGONES_CLUSTER_H_
