#include "src/testing/sandbox/clusters.h"

#include <algorithm>
#include <array>
#include <filesystem>
#include <system_error>
#include <utility>

#include "src/rpc/server_credentials.h"

namespace gsh::sandbox {
namespace {

using testing::SandboxOptions;

// The label `pool` of the samples' fleets.
std::string PoolName(std::size_t number) {
  constexpr std::array kNames = {"ONE", "TWO",   "THREE", "FOUR", "FIVE",
                                 "SIX", "SEVEN", "EIGHT", "NINE", "TEN"};
  return number <= kNames.size() ? kNames[number - 1] : std::to_string(number);
}

std::string FleetName(std::size_t number) { return "ncat-pool" + std::to_string(number); }

FleetOptions MakeFleet(const SandboxOptions& options, std::size_t index) {
  FleetOptions fleet{.name = FleetName(index + 1), .replicas = options.replicas};
  GameServer& server = fleet.server;
  server.labels = {{"region", options.regions[index]}, {"pool", PoolName(index + 1)}};
  server.node = "gsh-sandbox-" + options.regions[index];
  server.health = {
      .disabled = options.game_server.empty(),
      .period_seconds = static_cast<int>(options.fleet.health_period.count()),
      .failure_threshold = options.fleet.health_failure_threshold,
      .initial_delay_seconds = static_cast<int>(options.fleet.health_initial_delay.count())};
  for (const auto& [name, capacity] : options.fleet.counters)
    server.counters[name].capacity = capacity;
  for (const auto& [name, capacity] : options.fleet.lists) server.lists[name].capacity = capacity;
  server.players.capacity = options.fleet.player_capacity;
  return fleet;
}

}  // namespace

Clusters::Clusters(const SandboxOptions& options, std::string host)
    : options_(options), host_(std::move(host)) {
  if (!options_.clusters) units_.push_back({.dir = options_.dir});
  for (std::size_t i = 0; i < options_.regions.size(); ++i) {
    if (options_.clusters)
      units_.push_back({.dir = options_.dir + "/clusters/" + options_.regions[i]});
    units_.back().regions.push_back(i);
  }
}

StatusOr<std::unique_ptr<Clusters>> Clusters::Start(const SandboxOptions& options,
                                                    const std::string& host, FaultInjector& faults,
                                                    const Cluster::Observer& on_change) {
  std::unique_ptr<Clusters> clusters(new Clusters(options, host));
  for (Unit& unit : clusters->units_) {
    if (Status status = clusters->StartUnit(unit, faults, on_change); !status.ok()) return status;
  }
  if (options.clusters && !options.insecure) {
    // Where callers look for the first cluster's files, as if it were the only one.
    std::error_code ignored;
    std::filesystem::create_directory_symlink("clusters/" + options.regions.front() + "/agones-tls",
                                              options.dir + "/agones-tls", ignored);
  }
  if (options.clusters && options.policies) {
    if (Status status = clusters->WritePolicies(); !status.ok()) return status;
  }
  if (options.kubernetes) {
    for (Unit& unit : clusters->units_) {
      if (Status status = clusters->StartKubernetes(unit); !status.ok()) return status;
    }
    if (Status status = clusters->WriteContexts(); !status.ok()) return status;
  }
  return clusters;
}

Status Clusters::StartUnit(Unit& unit, FaultInjector& faults, const Cluster::Observer& on_change) {
  for (const char* folder : {"/policies", "/secrets"}) {
    if (Status status = MakeDirectory(unit.dir + folder); !status.ok()) return status;
  }
  if (options_.insecure) {
    unit.tls.server = unit.tls.client = {.insecure = true};
  } else {
    auto tls = WriteAllocatorCertificates(unit.dir, {host_});
    if (!tls.ok()) return tls.status();
    unit.tls = *std::move(tls);
  }
  auto credentials = rpc::MakeServerCredentials({.tls = unit.tls.server,
                                                 .clients = rpc::ClientCertificates::kRequire,
                                                 .clock = options_.clock,
                                                 .log = options_.log});
  if (!credentials.ok()) return credentials.status();
  AgonesOptions agones{.bind = options_.bind,
                       .credentials = *credentials,
                       .rest_tls = unit.tls.server,
                       .batch_wait = options_.allocation_batch_wait,
                       .manifests = unit.dir};
  agones.node = {.address = host_,
                 .command = options_.game_server,
                 .log_dir = options_.dir + "/logs",
                 .side_cars = options_.fleet.side_cars,
                 .grace = options_.fleet.termination_grace,
                 .clock = options_.clock,
                 .rng = &SystemRng(),
                 .log = options_.log};
  for (const std::size_t region : unit.regions) {
    agones.fleets.push_back(MakeFleet(options_, region));
  }
  auto started = Agones::Start(std::move(agones), faults);
  if (!started.ok()) return started.status();
  unit.agones = *std::move(started);
  unit.observation = unit.agones->cluster()->Observe(on_change);
  return OkStatus();
}

Status Clusters::StartKubernetes(Unit& unit) {
  KubernetesSideOptions side{.bind = options_.bind, .tls = {.insecure = true}, .log = options_.log};
  if (!options_.insecure) {
    auto tls = WriteKubernetesCertificates(unit.dir, {host_});
    if (!tls.ok()) return tls.status();
    side.tls = *std::move(tls);
    side.token = unit.token = NewUuid(SystemRng());
  }
  Agones& agones = *unit.agones;
  side.mirror = {.cluster = agones.cluster(),
                 .scale = [&agones](const std::string& fleet,
                                    int replicas) { agones.ScaleFleet(fleet, replicas); },
                 .node_address = host_,
                 .allocator_port = agones.allocator_port(),
                 .now = options_.clock->Now()};
  for (const std::size_t region : unit.regions) {
    side.mirror.fleets.push_back(MakeFleet(options_, region));
  }
  side.dir = unit.dir;
  side.allocation = [&agones](const http::Request& request, http::Respond respond) {
    agones.allocation_api().Handle(request, std::move(respond));
  };
  auto started = KubernetesSide::Start(std::move(side));
  if (!started.ok()) return started.status();
  unit.kubernetes = *std::move(started);
  return OkStatus();
}

std::string Clusters::KubernetesUrl(const Unit& unit) const {
  return (options_.insecure ? "http://" : "https://") + EndpointOf(unit.kubernetes->port());
}

Status Clusters::WriteContexts() const {
  std::vector<KubeconfigContext> contexts;
  for (const Unit& unit : units_) {
    const std::string name =
        options_.clusters ? options_.regions[unit.regions.front()] : "gsh-sandbox";
    const std::string folder = options_.clusters ? "clusters/" + name + "/" : "";
    contexts.push_back({.name = name,
                        .server = KubernetesUrl(unit),
                        .ca_file = options_.insecure ? "" : folder + "kubernetes-tls/ca.crt",
                        .token = unit.token});
  }
  return WriteKubeconfig(options_.dir + "/kubeconfig", contexts);
}

Status Clusters::WritePolicies() const {
  for (std::size_t i = 0; i < units_.size(); ++i) {
    const std::string number = std::to_string(i + 1);
    const bool local = i == 0;
    ForwardingPolicy policy{.cluster = options_.regions[i]};
    policy.name = "allocator-policy-to-" + (local ? "local-cluster" : "cluster-" + number);
    if (!local) {
      policy.endpoint = EndpointOf(units_[i].agones->allocator_port());
      policy.secret = "allocator-secret-to-cluster-" + number;
      const Status trust =
          WriteSecret(units_[0].dir, "default", policy.secret, units_[i].tls.client);
      if (!trust.ok()) return trust;
    }
    if (Status status = WritePolicy(units_[0].dir, policy); !status.ok()) return status;
  }
  return OkStatus();
}

std::vector<GameServerPtr> Clusters::servers() const {
  std::vector<GameServerPtr> all;
  for (const Unit& unit : units_) {
    const auto servers = unit.agones->cluster()->List();
    all.insert(all.end(), servers.begin(), servers.end());
  }
  return all;
}

void Clusters::ScaleFleet(const std::string& region, int replicas) {
  const auto it = std::find(options_.regions.begin(), options_.regions.end(), region);
  if (it == options_.regions.end()) return;
  const auto index = static_cast<std::size_t>(it - options_.regions.begin());
  const Unit& unit = UnitOf(region);
  const std::string fleet = FleetName(index + 1);
  unit.agones->ScaleFleet(fleet, std::max(replicas, 0));
  if (unit.kubernetes != nullptr) unit.kubernetes->SetReplicas(fleet, std::max(replicas, 0));
}

const Clusters::Unit& Clusters::UnitOf(const std::string& region) const {
  for (const Unit& unit : units_) {
    for (const std::size_t index : unit.regions) {
      if (options_.regions[index] == region) return unit;
    }
  }
  return units_.front();
}

void Clusters::AddEndpoints(testing::SandboxEndpoints& endpoints) const {
  for (const std::string& region : options_.regions) {
    const Agones& agones = *UnitOf(region).agones;
    endpoints.allocators[region] = EndpointOf(agones.allocator_port());
    endpoints.allocators_rest[region] = EndpointOf(agones.allocator_rest_port());
    const Unit& unit = UnitOf(region);
    if (unit.kubernetes != nullptr) endpoints.kubernetes[region] = KubernetesUrl(unit);
  }
  endpoints.allocation_api = EndpointOf(units_.front().agones->allocation_api().port());
  endpoints.allocator_rest = endpoints.allocators_rest.at(options_.regions.front());
}

}  // namespace gsh::sandbox
