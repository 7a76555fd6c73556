#include "gsh/testing/sandbox.h"

#include <arpa/inet.h>

#include <algorithm>
#include <array>
#include <condition_variable>
#include <cstdint>
#include <filesystem>
#include <map>
#include <mutex>
#include <utility>

#include "src/rpc/server_credentials.h"
#include "src/rpc/tls_credentials.h"
#include "src/testing/sandbox/agones/agones.h"
#include "src/testing/sandbox/agones/command_line.h"
#include "src/testing/sandbox/agones/labels.h"
#include "src/testing/sandbox/faults/fault_injector.h"
#include "src/testing/sandbox/open_match/open_match.h"
#include "src/testing/sandbox/sandbox_files.h"

namespace gsh::sandbox {
namespace {

using testing::Sandbox;
using testing::SandboxEndpoints;
using testing::SandboxFault;
using testing::SandboxGameServer;
using testing::SandboxOptions;

bool IsIpv4(const std::string& address) {
  in_addr parsed{};
  return inet_pton(AF_INET, address.c_str(), &parsed) == 1;
}

// Every mistake, by name.
Status CheckOptions(const SandboxOptions& options) {
  std::string mistakes;
  const auto add = [&](const std::string& text) {
    mistakes += (mistakes.empty() ? "" : "; ") + text;
  };
  if (options.dir.empty()) add("dir is empty");
  if (!IsIpv4(options.bind)) add("bind is not an IPv4 address: \"" + options.bind + "\"");
  if (options.regions.empty()) add("regions is empty");
  std::vector<std::string> regions = options.regions;
  std::sort(regions.begin(), regions.end());
  if (std::adjacent_find(regions.begin(), regions.end()) != regions.end())
    add("regions has one twice");
  for (const std::string& region : options.regions) {
    if (region.empty()) add("regions has an empty name");
    if (const std::string error = LabelValueError(region); !error.empty()) {
      add("regions has \"" + region + "\", which no label may hold: " + error);
    }
  }
  if (options.replicas < 0) add("replicas is negative");
  if (options.allocation_batch_wait < Duration::zero()) add("allocation_batch_wait is negative");
  if (options.open_match.registration_interval < Duration::zero()) {
    add("open_match.registration_interval is negative");
  }
  if (options.open_match.proposal_collection_interval < Duration::zero()) {
    add("open_match.proposal_collection_interval is negative");
  }
  if (options.fleet.health_period.count() <= 0) add("fleet.health_period is not positive");
  if (options.fleet.health_initial_delay.count() < 0) add("fleet.health_initial_delay is negative");
  if (options.fleet.health_failure_threshold < 1) {
    add("fleet.health_failure_threshold is less than 1");
  }
  if (!options.game_server.empty()) {
    if (const auto words = SplitCommandLine(options.game_server); !words.ok()) {
      add("game_server: " + words.status().message());
    }
  }
  return mistakes.empty() ? OkStatus() : InvalidArgumentError("sandbox: " + mistakes);
}

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

SandboxGameServer Describe(const GameServer& server) {
  return {.name = server.name,
          .fleet = server.Fleet(),
          .state = std::string(StateName(server.state)),
          .address = server.address,
          .port = server.ports.empty() ? 0 : server.ports.front().port,
          .sdk_port = server.sdk_port,
          .labels = server.labels,
          .annotations = server.annotations};
}

class LocalSandbox final : public Sandbox {
 public:
  explicit LocalSandbox(SandboxOptions options) : options_(std::move(options)) {
    if (options_.clock == nullptr) options_.clock = &SystemClock();
  }

  ~LocalSandbox() override {
    // Match functions and directors may be waiting for an answer.
    if (open_match_) open_match_->Stop();
    observation_.reset();
    agones_.reset();
    open_match_.reset();
  }

  Status Run() {
    std::error_code ignored;
    std::filesystem::remove(options_.dir + "/endpoints.json", ignored);  // of an earlier sandbox
    if (const Status status = MakeDirectory(options_.dir + "/logs"); !status.ok()) return status;
    if (const Status status = PrepareTls(); !status.ok()) return status;
    if (const Status status = StartOpenMatch(); !status.ok()) return status;
    if (const Status status = StartAgones(); !status.ok()) return status;
    return WriteEndpoints(options_.dir, endpoints_);
  }

  const SandboxEndpoints& endpoints() const override { return endpoints_; }
  TlsOptions open_match_tls() const override { return tls_.open_match; }
  TlsOptions allocator_tls() const override { return tls_.allocator_client; }

  std::vector<SandboxGameServer> game_servers() const override {
    std::vector<SandboxGameServer> servers;
    for (const GameServerPtr& server : agones_->cluster()->List())
      servers.push_back(Describe(*server));
    return servers;
  }

  bool WaitForGameServers(const std::function<bool(const std::vector<SandboxGameServer>&)>& done,
                          Duration timeout) override {
    const auto deadline = std::chrono::steady_clock::now() + timeout;
    std::uint64_t seen = 0;
    for (;;) {
      {
        std::lock_guard lock(mutex_);
        seen = changes_;
      }
      if (done(game_servers())) return true;
      std::unique_lock lock(mutex_);
      if (!changed_.wait_until(lock, deadline, [&] { return changes_ != seen; })) return false;
    }
  }

  void ScaleFleet(const std::string& region, int replicas) override {
    const auto it = std::find(options_.regions.begin(), options_.regions.end(), region);
    if (it == options_.regions.end()) return;
    agones_->ScaleFleet(FleetName(static_cast<std::size_t>(it - options_.regions.begin()) + 1),
                        std::max(replicas, 0));
  }

  std::size_t ticket_count() const override { return open_match_->ticket_count(); }
  void InjectFault(SandboxFault fault) override { faults_.Inject(std::move(fault)); }
  void ClearFaults() override { faults_.Clear(); }

 private:
  // Where clients find what listens on `bind`.
  std::string Host() const { return options_.bind == "0.0.0.0" ? "127.0.0.1" : options_.bind; }

  Status PrepareTls() {
    if (options_.insecure) {
      tls_ = InsecureTls();
      return OkStatus();
    }
    auto written = WriteCertificates(options_.dir, {Host()});
    if (!written.ok()) return written.status();
    tls_ = std::move(*written);
    return OkStatus();
  }

  StatusOr<std::shared_ptr<grpc::ServerCredentials>> ServerCredentials(
      const TlsOptions& tls, rpc::ClientCertificates clients) {
    return rpc::MakeServerCredentials(
        {.tls = tls, .clients = clients, .clock = options_.clock, .log = options_.log});
  }

  Status StartOpenMatch() {
    auto server = ServerCredentials(tls_.open_match, rpc::ClientCertificates::kNone);
    if (!server.ok()) return server.status();
    auto client = rpc::LoadClientCredentials(tls_.open_match);
    if (!client.ok()) return client.status();
    auto open_match = OpenMatch::Start({.bind = options_.bind,
                                        .server_credentials = *server,
                                        .mmf_credentials = client->credentials,
                                        .timers = options_.open_match,
                                        .faults = &faults_,
                                        .clock = options_.clock,
                                        .rng = &SystemRng(),
                                        .log = options_.log});
    if (!open_match.ok()) return open_match.status();
    open_match_ = std::move(*open_match);
    endpoints_.frontend = open_match_->endpoints().frontend;
    endpoints_.backend = open_match_->endpoints().backend;
    endpoints_.query = open_match_->endpoints().query;
    return OkStatus();
  }

  Status StartAgones() {
    auto credentials = ServerCredentials(tls_.allocator_server, rpc::ClientCertificates::kRequire);
    if (!credentials.ok()) return credentials.status();
    AgonesOptions agones{.bind = options_.bind,
                         .credentials = *credentials,
                         .batch_wait = options_.allocation_batch_wait};
    agones.node = {.address = Host(),
                   .command = options_.game_server,
                   .log_dir = options_.dir + "/logs",
                   .side_cars = options_.fleet.side_cars,
                   .grace = options_.fleet.termination_grace,
                   .clock = options_.clock,
                   .rng = &SystemRng(),
                   .log = options_.log};
    for (std::size_t i = 0; i < options_.regions.size(); ++i) {
      agones.fleets.push_back(MakeFleet(options_, i));
    }
    auto started = Agones::Start(std::move(agones), faults_);
    if (!started.ok()) return started.status();
    agones_ = std::move(*started);
    observation_ = agones_->cluster()->Observe([this](Cluster::Event, const GameServerPtr& server) {
      LogState(*server);
      std::lock_guard lock(mutex_);
      ++changes_;
      changed_.notify_all();
    });
    const std::string allocator = Host() + ":" + std::to_string(agones_->allocator_port());
    for (const std::string& region : options_.regions) endpoints_.allocators[region] = allocator;
    return OkStatus();
  }

  // One line a change of state, as `kubectl get gameservers --watch` shows them.
  void LogState(const GameServer& server) {
    const auto [known, is_new] = logged_.try_emplace(server.name, server.state);
    if (!is_new && known->second == server.state) return;
    known->second = server.state;
    const SandboxGameServer described = Describe(server);
    Log(options_.log, LogLevel::kInfo, "game server",
        {{"name", described.name},
         {"fleet", described.fleet},
         {"region", server.labels.contains("region") ? server.labels.at("region") : ""},
         {"state", described.state},
         {"address", described.address + ":" + std::to_string(described.port)}});
    if (server.BeingDeleted()) logged_.erase(server.name);
  }

  SandboxOptions options_;
  FaultInjector faults_;
  SandboxTls tls_;
  SandboxEndpoints endpoints_;
  std::unique_ptr<OpenMatch> open_match_;
  std::unique_ptr<Agones> agones_;
  std::unique_ptr<Cluster::Observation> observation_;

  std::map<std::string, State> logged_;  // of the observer alone

  std::mutex mutex_;
  std::condition_variable changed_;
  std::uint64_t changes_ = 0;
};

}  // namespace
}  // namespace gsh::sandbox

namespace gsh::testing {

StatusOr<std::unique_ptr<Sandbox>> Sandbox::Start(SandboxOptions options) {
  if (const Status status = sandbox::CheckOptions(options); !status.ok()) return status;
  auto started = std::make_unique<sandbox::LocalSandbox>(std::move(options));
  if (const Status status = started->Run(); !status.ok()) return status;
  return std::unique_ptr<Sandbox>(std::move(started));
}

}  // namespace gsh::testing
