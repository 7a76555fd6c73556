#include "src/testing/sandbox/agones/fleet.h"

#include <algorithm>
#include <condition_variable>
#include <mutex>
#include <optional>
#include <unordered_set>
#include <utility>
#include <vector>

namespace gsh::sandbox {
namespace {

// Five characters of those that Kubernetes appends to a generated name: no vowels, no look-alikes.
std::string Suffix(Rng& rng) {
  constexpr std::string_view kAlphabet = "bcdfghjklmnpqrstvwxz2456789";
  std::string suffix;
  for (int i = 0; i < 5; ++i) suffix += kAlphabet[rng.Next() % kAlphabet.size()];
  return suffix;
}

// Which server goes first when there are too many: those that are not ready yet, then the newest.
bool GoesBefore(const GameServerPtr& a, const GameServerPtr& b) {
  if (a->BeforeReady() != b->BeforeReady()) return a->BeforeReady();
  if (a->created != b->created) return a->created > b->created;
  return a->name < b->name;
}

}  // namespace

class Fleet::Core : public std::enable_shared_from_this<Core> {
 public:
  Core(std::shared_ptr<Cluster> cluster, Clock& clock, Rng& rng, FleetOptions options)
      : cluster_(std::move(cluster)), clock_(clock), rng_(rng), options_(std::move(options)) {
    set_name_ = options_.name + "-" + Suffix(rng_);
    options_.server.labels[kFleetLabel] = options_.name;
    options_.server.labels[kGameServerSetLabel] = set_name_;
  }

  void Scale(int replicas) {
    {
      std::lock_guard lock(mutex_);
      options_.replicas = replicas;
    }
    Reconcile();
  }

  void OnChange(Cluster::Event event, const GameServerPtr& server) {
    if (server->Fleet() != options_.name) return;
    {
      std::lock_guard lock(mutex_);
      Count(event, *server);
    }
    if (event != Cluster::Event::kDeleted && server->state == State::kUnhealthy)
      ShutDown(server->name);
    Reconcile();
  }

  void Stop() {
    std::unique_lock lock(mutex_);
    stopped_ = true;
    idle_.wait(lock, [&] { return !reconciling_; });
    if (timer_) clock_.Cancel(*timer_);
  }

  // Whoever comes while another thread is at it leaves the work to that one.
  void Reconcile() {
    std::unique_lock lock(mutex_);
    again_ = true;
    if (reconciling_) return;
    reconciling_ = true;
    while (again_ && !stopped_) {
      again_ = false;
      const int missing = options_.replicas - static_cast<int>(up_.size());
      const bool early = failures_ > 0 && clock_.SteadyNow() < not_before_;
      lock.unlock();
      if (missing > 0 && early) ComeBack();
      if (missing > 0 && !early) Add(missing);
      if (missing < 0) Reduce(-missing);
      lock.lock();
    }
    reconciling_ = false;
    idle_.notify_all();
  }

 private:
  // Under the lock: keeps up_ as Agones counts it, and notices servers that end without ever being
  // Ready.
  void Count(Cluster::Event event, const GameServer& server) {
    if (event == Cluster::Event::kDeleted || server.BeingDeleted() ||
        server.state == State::kUnhealthy) {
      if (up_.erase(server.name) > 0 && !server.was_ready) Failed();
      ended_.insert(server.name);
    } else if (!ended_.contains(server.name)) {
      up_.insert(server.name);
    }
    if (server.state == State::kReady) failures_ = 0;
    if (event == Cluster::Event::kDeleted) ended_.erase(server.name);
  }

  void Failed() {
    const Duration pause = options_.backoff * (1LL << std::min(failures_, 20));
    not_before_ = clock_.SteadyNow() + std::min(pause, options_.max_backoff);
    ++failures_;
  }

  // Reconciles again when servers may be created. Only one thread at a time is here.
  void ComeBack() {
    SteadyTime when;
    {
      std::lock_guard lock(mutex_);
      if (std::exchange(coming_back_, true)) return;
      when = not_before_;
    }
    const Clock::TimerId timer = clock_.RunAt(when, [weak = weak_from_this()] {
      if (const auto self = weak.lock()) self->OnTimer();
    });
    std::lock_guard lock(mutex_);
    timer_ = timer;
  }

  void OnTimer() {
    {
      std::lock_guard lock(mutex_);
      coming_back_ = false;
    }
    Reconcile();
  }

  void Add(int count) {
    while (count > 0) {
      GameServer server = options_.server;
      server.name = set_name_ + "-" + Suffix(rng_);
      const std::string name = server.name;
      {
        std::lock_guard lock(mutex_);
        if (stopped_) return;
        if (!up_.insert(name).second) continue;
      }
      if (cluster_->Create(std::move(server))) {
        --count;
      } else {
        std::lock_guard lock(mutex_);
        up_.erase(name);
      }
    }
  }

  void Reduce(int count) {
    std::vector<GameServerPtr> candidates;
    for (const GameServerPtr& server : cluster_->List()) {
      if (server->Fleet() == options_.name && !server->InUse() && !server->BeingDeleted()) {
        candidates.push_back(server);
      }
    }
    std::sort(candidates.begin(), candidates.end(), GoesBefore);
    candidates.resize(std::min(candidates.size(), static_cast<std::size_t>(count)));
    for (const GameServerPtr& server : candidates) Discard(server->name);
  }

  void Discard(const std::string& name) {
    {
      std::lock_guard lock(mutex_);
      up_.erase(name);
      ended_.insert(name);
    }
    const GameServerPtr server = ShutDown(name);
    if (server == nullptr || server->BeingDeleted()) return;
    std::lock_guard lock(mutex_);  // somebody allocated it meanwhile
    ended_.erase(name);
    up_.insert(name);
    again_ = true;
  }

  // Agones deletes by state: whoever runs the server does the rest.
  GameServerPtr ShutDown(const std::string& name) {
    return cluster_->Update(name, [](GameServer& server) {
      if (server.BeingDeleted() || server.InUse()) return false;
      server.state = State::kShutdown;
      return true;
    });
  }

  const std::shared_ptr<Cluster> cluster_;
  Clock& clock_;
  Rng& rng_;
  std::string set_name_;

  std::mutex mutex_;
  std::condition_variable idle_;
  FleetOptions options_;
  std::unordered_set<std::string> up_;  // Ready or coming, and those in use
  std::unordered_set<std::string>
      ended_;         // on their way out: a late change must not count them again
  int failures_ = 0;  // servers in a row that were never Ready
  SteadyTime not_before_ = {};
  std::optional<Clock::TimerId> timer_;
  bool coming_back_ = false;  // the timer has not run yet
  bool reconciling_ = false;
  bool again_ = false;
  bool stopped_ = false;
};

Fleet::Fleet(std::shared_ptr<Cluster> cluster, Clock& clock, Rng& rng, FleetOptions options)
    : core_(std::make_shared<Core>(cluster, clock, rng, std::move(options))) {
  observation_ =
      cluster->Observe([core = core_](Cluster::Event event, const GameServerPtr& server) {
        core->OnChange(event, server);
      });
  core_->Reconcile();
}

Fleet::~Fleet() {
  observation_.reset();
  core_->Stop();
}

void Fleet::Scale(int replicas) { core_->Scale(replicas); }

}  // namespace gsh::sandbox
