#include "src/testing/sandbox/kubernetes_side/mirror.h"

#include <optional>
#include <utility>

namespace gsh::sandbox {
namespace {

using testing::kubernetes::Json;
using testing::kubernetes::ObjectEvent;

constexpr char kGameServers[] = "agones.dev/gameservers";
constexpr char kFleets[] = "agones.dev/fleets";
constexpr char kPods[] = "/pods";
constexpr char kNodes[] = "/nodes";
constexpr char kServices[] = "/services";

using Texts = std::map<std::string, std::optional<std::string>>;

// What became of the texts at metadata's `key`; empty: it is gone.
Texts Changes(const ObjectEvent& event, const char* key) {
  Texts changes;
  const Json before = event.before["metadata"].value(key, Json::object());
  const Json after = event.object["metadata"].value(key, Json::object());
  for (const auto& [name, value] : before.items()) {
    if (!after.contains(name)) changes[name] = std::nullopt;
  }
  for (const auto& [name, value] : after.items()) {
    if (value.is_string() && before.value(name, Json()) != value) changes[name] = value;
  }
  return changes;
}

void Apply(const Texts& changes, agones::Labels& to) {
  for (const auto& [name, value] : changes) {
    if (value) to[name] = *value;
    if (!value) to.erase(name);
  }
}

int ReplicasOf(const Json& fleet) {
  const Json replicas = fleet.value(Json::json_pointer("/spec/replicas"), Json());
  return replicas.is_number_integer() ? replicas.get<int>() : 0;
}

}  // namespace

Mirror::Mirror(testing::kubernetes::ObjectStore& store, MirrorOptions options)
    : store_(store), options_(std::move(options)) {
  std::set<std::string> nodes;
  for (const FleetOptions& fleet : options_.fleets) {
    ns_ = fleet.server.ns;
    store_.Mirror(kFleets, FleetObject(fleet, options_.now));
    nodes.insert(fleet.server.node);
  }
  for (const std::string& node : nodes) {
    store_.Mirror(kNodes, NodeObject(node, options_.node_address, options_.now));
  }
  if (options_.allocator_port != 0) {
    store_.Mirror(kServices, AllocatorServiceObject(options_.node_address, options_.allocator_port,
                                                    options_.now));
  }
  follower_ =
      *store_.Follow(store_.version(), [this](const ObjectEvent& event) { OnObject(event); });
  observation_ = options_.cluster->Observe(
      [this](Cluster::Event event, const GameServerPtr& server) { OnServer(event, *server); });
  for (const GameServerPtr& listed : options_.cluster->List()) {
    std::unique_lock lock(mutex_);
    // As it is now: what was deleted since it was listed may have been handed on already.
    const GameServerPtr server = options_.cluster->Get(listed->name);
    lock.unlock();
    if (server != nullptr) OnServer(Cluster::Event::kAdded, *server);
  }
}

Mirror::~Mirror() {
  observation_.reset();
  store_.Unfollow(follower_);
  back_.reset();  // waits for what goes back
}

void Mirror::SetReplicas(const std::string& fleet, int replicas) {
  // What the API says of it then is what the fleet is told.
  static_cast<void>(store_.Update(kFleets, ns_, fleet, [&](Json& object) {
    object["spec"]["replicas"] = replicas;
    return OkStatus();
  }));
}

void Mirror::OnServer(Cluster::Event event, const GameServer& server) {
  std::lock_guard lock(mutex_);
  const bool is_new = !known_.contains(server.name);
  Known& known = known_[server.name];
  const bool gone = event == Cluster::Event::kDeleted;
  if (!gone && known.version >= server.resource_version) return;
  Count(known, -1);
  known = {.version = server.resource_version,
           .fleet = server.Fleet(),
           .state = server.state,
           .counts = !gone && !server.BeingDeleted()};
  Count(known, 1);
  ShowCounts(known.fleet);
  if (gone) {
    known_.erase(server.name);
    {
      std::lock_guard deleted_lock(deleted_mutex_);
      deleted_.erase(server.name);
    }
    store_.Unmirror(kGameServers, server.ns, server.name);
    return store_.Unmirror(kPods, server.ns, server.name);
  }
  if (!WasDeleted(server.name)) store_.Mirror(kGameServers, GameServerObject(server));
  if (is_new) store_.Mirror(kPods, PodObject(server));
}

void Mirror::Count(const Known& known, int by) {
  if (!known.counts) return;
  FleetCounts& counts = counts_[known.fleet];
  counts.replicas += by;
  if (known.state == State::kReady) counts.ready += by;
  if (known.state == State::kReserved) counts.reserved += by;
  if (known.state == State::kAllocated) counts.allocated += by;
}

void Mirror::ShowCounts(const std::string& fleet) {
  // Somebody may have deleted the object.
  static_cast<void>(store_.Update(kFleets, ns_, fleet, [&](Json& object) {
    object["status"] = FleetStatus(counts_[fleet]);
    return OkStatus();
  }));
}

void Mirror::OnObject(const ObjectEvent& event) {
  if (event.mirrored) return;
  const bool deleted = std::string_view(event.type) == "DELETED";
  const bool modified = std::string_view(event.type) == "MODIFIED";
  if (event.kind == kGameServers && modified) return OnGameServerChanged(event);
  if (event.kind == kGameServers && deleted) {
    {
      std::lock_guard lock(deleted_mutex_);
      deleted_.insert(event.object["metadata"]["name"].get<std::string>());
    }
    return EndServer(event, State::kShutdown);
  }
  if (event.kind == kPods && deleted) return EndServer(event, State::kUnhealthy);
  if (event.kind == kFleets && modified && ReplicasOf(event.before) != ReplicasOf(event.object)) {
    back_->Post([this, fleet = event.object["metadata"]["name"].get<std::string>(),
                 replicas = ReplicasOf(event.object)] { options_.scale(fleet, replicas); });
  }
}

bool Mirror::WasDeleted(const std::string& name) {
  std::lock_guard lock(deleted_mutex_);
  return deleted_.contains(name);
}

void Mirror::OnGameServerChanged(const ObjectEvent& event) {
  back_->Post([this, name = event.object["metadata"]["name"].get<std::string>(),
               labels = Changes(event, "labels"), annotations = Changes(event, "annotations")] {
    options_.cluster->Update(name, [&](GameServer& server) {
      Apply(labels, server.labels);
      Apply(annotations, server.annotations);
      return true;  // what else was changed goes back to what it is
    });
  });
}

void Mirror::EndServer(const ObjectEvent& event, State state) {
  back_->Post([this, name = event.object["metadata"]["name"].get<std::string>(), state] {
    options_.cluster->Update(name, [&](GameServer& server) {
      if (server.BeingDeleted() || server.state == state) return false;
      server.state = state;
      return true;
    });
  });
}

}  // namespace gsh::sandbox
