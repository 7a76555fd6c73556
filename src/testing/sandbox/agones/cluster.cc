#include "src/testing/sandbox/agones/cluster.h"

#include <condition_variable>
#include <thread>
#include <utility>

namespace gsh::sandbox {

class Cluster::Watcher {
 public:
  explicit Watcher(Observer observer) : observer_(std::move(observer)) {}

  bool stopped() const {
    std::lock_guard lock(mutex_);
    return stopped_;
  }

  void Call(Event event, const GameServerPtr& server) {
    {
      std::lock_guard lock(mutex_);
      if (stopped_) return;
      caller_ = std::this_thread::get_id();
    }
    observer_(event, server);
    Observer dropped;
    std::lock_guard lock(mutex_);
    caller_ = {};
    if (stopped_) dropped = std::exchange(observer_, {});
    idle_.notify_all();
  }

  // Lets go of the observer, which may own the cluster that lists this watcher until its next
  // change; without the lock, for what the observer owns is destroyed with it.
  void Stop() {
    Observer dropped;
    std::unique_lock lock(mutex_);
    stopped_ = true;
    if (caller_ == std::this_thread::get_id()) return;
    idle_.wait(lock, [&] { return caller_ == std::thread::id(); });
    dropped = std::exchange(observer_, {});
  }

 private:
  mutable std::mutex mutex_;
  std::condition_variable idle_;
  std::thread::id caller_;
  bool stopped_ = false;
  Observer observer_;
};

GameServerPtr Cluster::Create(GameServer server) {
  std::unique_lock lock(mutex_);
  if (servers_.contains(server.name)) return nullptr;
  server.uid = NewUuid(rng_);
  server.resource_version = ++version_;
  server.generation = 1;
  server.created = clock_.Now();
  Index(server, 1);
  auto created = std::make_shared<const GameServer>(std::move(server));
  servers_[created->name] = created;
  changes_.push_back({Event::kAdded, created});
  HandOn(std::move(lock));
  return created;
}

GameServerPtr Cluster::Get(const std::string& name) const {
  std::lock_guard lock(mutex_);
  const auto it = servers_.find(name);
  return it == servers_.end() ? nullptr : it->second;
}

std::vector<GameServerPtr> Cluster::List() const {
  std::lock_guard lock(mutex_);
  std::vector<GameServerPtr> all;
  all.reserve(servers_.size());
  for (const auto& [name, server] : servers_) all.push_back(server);
  return all;
}

GameServerPtr Cluster::Update(const std::string& name,
                              const std::function<bool(GameServer&)>& change) {
  std::unique_lock lock(mutex_);
  const auto it = servers_.find(name);
  if (it == servers_.end()) return nullptr;
  GameServer copy = *it->second;
  if (!change(copy)) return it->second;
  copy.resource_version = ++version_;
  ++copy.generation;
  if (copy.labels != it->second->labels) {
    Index(*it->second, -1);
    Index(copy, 1);
  }
  auto updated = std::make_shared<const GameServer>(std::move(copy));
  it->second = updated;
  changes_.push_back({Event::kModified, updated});
  HandOn(std::move(lock));
  return updated;
}

void Cluster::Remove(const std::string& name) {
  std::unique_lock lock(mutex_);
  const auto it = servers_.find(name);
  if (it == servers_.end()) return;
  Index(*it->second, -1);
  changes_.push_back({Event::kDeleted, std::move(it->second)});
  servers_.erase(it);
  HandOn(std::move(lock));
}

std::size_t Cluster::CountLabel(const std::string& key, const std::string& value) const {
  std::lock_guard lock(mutex_);
  const auto it = label_counts_.find(key + "=" + value);
  return it == label_counts_.end() ? 0 : it->second;
}

void Cluster::Index(const GameServer& server, int by) {
  for (const auto& [key, value] : server.labels) {
    const auto it = label_counts_.try_emplace(key + "=" + value, 0).first;
    it->second += static_cast<std::size_t>(by);
    if (it->second == 0) label_counts_.erase(it);
  }
}

std::unique_ptr<Cluster::Observation> Cluster::Observe(Observer observer) {
  class Registered final : public Observation {
   public:
    explicit Registered(std::shared_ptr<Watcher> watcher) : watcher_(std::move(watcher)) {}
    ~Registered() override { watcher_->Stop(); }

   private:
    std::shared_ptr<Watcher> watcher_;
  };
  auto watcher = std::make_shared<Watcher>(std::move(observer));
  std::lock_guard lock(mutex_);
  watchers_.push_back(watcher);
  return std::make_unique<Registered>(std::move(watcher));
}

// One thread at a time hands changes on, so that every observer sees them in order, even those that
// another observer makes meanwhile.
void Cluster::HandOn(std::unique_lock<std::mutex> lock) {
  if (handing_on_) return;
  handing_on_ = true;
  while (!changes_.empty()) {
    const Change change = std::move(changes_.front());
    changes_.pop_front();
    std::erase_if(watchers_, [](const auto& watcher) { return watcher->stopped(); });
    const auto watchers = watchers_;
    lock.unlock();
    for (const auto& watcher : watchers) watcher->Call(change.event, change.server);
    lock.lock();
  }
  handing_on_ = false;
}

}  // namespace gsh::sandbox
