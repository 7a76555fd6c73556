#include "gsh/testing/sandbox.h"

#include <arpa/inet.h>

#include <algorithm>
#include <condition_variable>
#include <cstdint>
#include <filesystem>
#include <map>
#include <mutex>
#include <utility>

#include "src/rpc/server_credentials.h"
#include "src/rpc/tls_credentials.h"
#include "src/testing/sandbox/agones/command_line.h"
#include "src/testing/sandbox/agones/labels.h"
#include "src/testing/sandbox/agones/ping_service.h"
#include "src/testing/sandbox/clusters.h"
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

SandboxGameServer Describe(const GameServer& server) {
  return {.name = server.name,
          .fleet = server.Fleet(),
          .state = std::string(StateName(server.state)),
          .address = server.address,
          .port = server.ports.empty() ? 0 : server.ports.front().port,
          .sdk_port = server.sdk_port,
          .sdk_http_port = server.sdk_http_port,
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
    clusters_.reset();
    open_match_.reset();
  }

  Status Run() {
    std::error_code ignored;
    std::filesystem::remove(options_.dir + "/endpoints.json", ignored);  // of an earlier sandbox
    if (const Status status = MakeDirectory(options_.dir + "/logs"); !status.ok()) return status;
    if (const Status status = PrepareTls(); !status.ok()) return status;
    if (const Status status = StartOpenMatch(); !status.ok()) return status;
    if (const Status status = StartAgones(); !status.ok()) return status;
    if (const Status status = StartPings(); !status.ok()) return status;
    return WriteEndpoints(options_.dir, endpoints_, options_.further_endpoints);
  }

  const SandboxEndpoints& endpoints() const override { return endpoints_; }
  TlsOptions open_match_tls() const override { return open_match_tls_; }
  TlsOptions allocator_tls() const override { return allocator_tls(options_.regions.front()); }
  TlsOptions allocator_tls(const std::string& region) const override {
    return clusters_->client_tls(region);
  }

  std::vector<SandboxGameServer> game_servers() const override {
    std::vector<SandboxGameServer> servers;
    for (const GameServerPtr& server : clusters_->servers()) servers.push_back(Describe(*server));
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
    clusters_->ScaleFleet(region, replicas);
  }

  void SetPingDelay(const std::string& region, Duration delay) override {
    if (const auto found = pings_.find(region); found != pings_.end()) {
      found->second->set_delay(delay);
    }
  }

  std::size_t ticket_count() const override { return open_match_->ticket_count(); }
  void InjectFault(SandboxFault fault) override { faults_.Inject(std::move(fault)); }
  void ClearFaults() override { faults_.Clear(); }

 private:
  // Where clients find what listens on `bind`.
  std::string Host() const { return options_.bind == "0.0.0.0" ? "127.0.0.1" : options_.bind; }

  Status PrepareTls() {
    if (options_.insecure) {
      open_match_tls_ = {.insecure = true};
      return OkStatus();
    }
    auto written = WriteOpenMatchCertificates(options_.dir, {Host()});
    if (!written.ok()) return written.status();
    open_match_tls_ = *std::move(written);
    return OkStatus();
  }

  Status StartOpenMatch() {
    auto server = rpc::MakeServerCredentials(
        {.tls = open_match_tls_, .clock = options_.clock, .log = options_.log});
    if (!server.ok()) return server.status();
    auto client = rpc::LoadClientCredentials(open_match_tls_);
    if (!client.ok()) return client.status();
    auto open_match = OpenMatch::Start({.bind = options_.bind,
                                        .server_credentials = *server,
                                        .mmf_credentials = client->credentials,
                                        .evaluator = options_.evaluator,
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
    constexpr std::string_view kFrontend = "{frontend}";
    std::string& command = options_.game_server;
    for (std::size_t at = 0; (at = command.find(kFrontend, at)) != std::string::npos;) {
      command.replace(at, kFrontend.size(), endpoints_.frontend);
    }
    auto started = Clusters::Start(options_, Host(), faults_,
                                   [this](Cluster::Event, const GameServerPtr& server) {
                                     LogState(*server);
                                     std::lock_guard lock(mutex_);
                                     ++changes_;
                                     changed_.notify_all();
                                   });
    if (!started.ok()) return started.status();
    clusters_ = *std::move(started);
    clusters_->AddEndpoints(endpoints_);
    return OkStatus();
  }

  Status StartPings() {
    for (const std::string& region : options_.regions) {
      auto started = PingService::Start(options_.bind, *options_.clock, options_.log);
      if (!started.ok()) return started.status();
      endpoints_.ping_http[region] = Host() + ":" + std::to_string((*started)->http_port());
      endpoints_.ping_udp[region] = Host() + ":" + std::to_string((*started)->udp_port());
      pings_[region] = *std::move(started);
    }
    return OkStatus();
  }

  // One line a change of state, as `kubectl get gameservers --watch` shows them.
  void LogState(const GameServer& server) {
    std::lock_guard lock(logged_mutex_);
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
  TlsOptions open_match_tls_;
  SandboxEndpoints endpoints_;
  std::unique_ptr<OpenMatch> open_match_;
  std::unique_ptr<Clusters> clusters_;
  std::map<std::string, std::unique_ptr<PingService>> pings_;

  std::mutex logged_mutex_;  // also keeps the lines in order
  std::map<std::string, State> logged_;

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
