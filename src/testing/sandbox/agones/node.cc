#include "src/testing/sandbox/agones/node.h"

#include <condition_variable>
#include <map>
#include <mutex>
#include <optional>
#include <utility>
#include <vector>

#include "src/process/process.h"
#include "src/testing/sandbox/agones/command_line.h"
#include "src/testing/sandbox/agones/ports.h"
#include "src/testing/sandbox/agones/sdk_server.h"

namespace gsh::sandbox {
namespace {

using process::DescribeWaitStatus;
using process::Process;
using process::ProcessOptions;

// What runs for one game server. Destroyed in this order: the process first, its side-car last.
struct Pod {
  std::optional<PortLease> port;
  std::unique_ptr<SdkServer> sdk_server;
  std::unique_ptr<Process> process;
  std::optional<Clock::TimerId> kill_timer;
};

// Everything but OnChange and the end runs on the executor, one at a time.
class Kubelet final : public std::enable_shared_from_this<Kubelet> {
 public:
  Kubelet(std::shared_ptr<Cluster> cluster, NodeOptions options, std::vector<std::string> command)
      : cluster_(std::move(cluster)), options_(std::move(options)), command_(std::move(command)) {}

  void OnChange(Cluster::Event event, const GameServerPtr& server) {
    const bool interesting = event != Cluster::Event::kDeleted &&
                             (server->state == State::kPortAllocation ||
                              server->state == State::kRequestReady || server->BeingDeleted());
    if (interesting) Post([server](Kubelet& self) { self.Handle(*server); });
  }

  // From now on nothing is started, and what ends has ended because of this.
  void Terminate() {
    stopping_ = true;
    for (auto& [name, pod] : pods_) {
      if (pod.process) pod.process->Terminate();
    }
  }

  void Clear() {
    for (auto& [name, pod] : pods_) {
      if (pod.kill_timer) options_.clock->Cancel(*pod.kill_timer);
    }
    pods_.clear();
  }

  bool AwaitNoProcess(Duration grace) {
    std::unique_lock lock(mutex_);
    return none_left_.wait_for(lock, grace, [&] { return processes_ == 0; });
  }

  void Post(std::function<void(Kubelet&)> task) {
    options_.executor->Post([weak = weak_from_this(), task = std::move(task)] {
      if (const auto self = weak.lock()) task(*self);
    });
  }

 private:
  void Handle(const GameServer& server) {
    if (stopping_) return;
    if (server.BeingDeleted()) return Delete(server.name);
    if (server.state == State::kRequestReady) return MakeReady(server.name);
    if (!pods_.contains(server.name)) StartPod(server.name);
  }

  // Moves it on unless its game server or somebody else has moved it meanwhile.
  void Advance(const std::string& name, State from, State to,
               const std::function<void(GameServer&)>& also = {}) {
    cluster_->Update(name, [&](GameServer& server) {
      if (server.state != from || server.BeingDeleted()) return false;
      server.state = to;
      if (also) also(server);
      return true;
    });
  }

  void MakeReady(const std::string& name) {
    Advance(name, State::kRequestReady, State::kReady,
            [](GameServer& server) { server.was_ready = true; });
  }

  void StartPod(const std::string& name) {
    Pod& pod = pods_[name];
    const Status status =
        command_.empty() ? StartWithoutProcess(name, pod) : StartProcess(name, pod);
    if (status.ok()) return;
    Log(options_.log, LogLevel::kWarning, "game server did not start",
        {{"game_server", name}, {"error", status.message()}});
    SetUnhealthy(name);
  }

  Status StartWithoutProcess(const std::string& name, Pod& pod) {
    const int port = 1024 + static_cast<int>(next_port_++ % 60000);
    if (const Status status = Schedule(name, pod, port); !status.ok()) return status;
    Advance(name, State::kScheduled, State::kRequestReady);
    return OkStatus();
  }

  Status StartProcess(const std::string& name, Pod& pod) {
    auto port = PortLease::Take(*options_.rng);
    if (!port.ok()) return port.status();
    pod.port.emplace(std::move(*port));
    if (const Status status = Schedule(name, pod, pod.port->port()); !status.ok()) return status;

    ProcessOptions child{.argv = command_, .output_file = options_.log_dir + "/" + name + ".log"};
    Substitute(child.argv, "{port}", std::to_string(pod.port->port()));
    child.environment["AGONES_SDK_GRPC_PORT"] =
        std::to_string(pod.sdk_server ? pod.sdk_server->port() : 0);
    child.environment["AGONES_SDK_HTTP_PORT"] =
        std::to_string(pod.sdk_server ? pod.sdk_server->http_port() : 0);
    CountProcess(1);
    auto started =
        Process::Start(std::move(child), [weak = weak_from_this(), name](int wait_status) {
          const auto self = weak.lock();
          if (self == nullptr) return;
          self->CountProcess(-1);
          self->Post([name, wait_status](Kubelet& kubelet) { kubelet.OnExit(name, wait_status); });
        });
    if (!started.ok()) {
      CountProcess(-1);
      return started.status();
    }
    pod.process = std::move(*started);
    if (pod.sdk_server) pod.sdk_server->StartHealthChecks();
    return OkStatus();
  }

  // Gives it an address, a port and a side-car.
  Status Schedule(const std::string& name, Pod& pod, int port) {
    Advance(name, State::kPortAllocation, State::kCreating);
    if (options_.side_cars) {
      auto sdk_server = SdkServer::Start(cluster_, *options_.clock, name);
      if (!sdk_server.ok()) return sdk_server.status();
      pod.sdk_server = std::move(*sdk_server);
    }
    Advance(name, State::kCreating, State::kStarting);
    Advance(name, State::kStarting, State::kScheduled, [&](GameServer& server) {
      server.address = options_.address;
      if (server.node.empty()) server.node = options_.name;
      server.addresses = {
          {"InternalIP", options_.address}, {"Hostname", server.node}, {"PodIP", options_.address}};
      server.ports = {{"default", port}};
      server.sdk_port = pod.sdk_server ? pod.sdk_server->port() : 0;
      server.sdk_http_port = pod.sdk_server ? pod.sdk_server->http_port() : 0;
    });
    return OkStatus();
  }

  void SetUnhealthy(const std::string& name) {
    cluster_->Update(name, [](GameServer& server) {
      if (server.BeingDeleted() || server.state == State::kUnhealthy) return false;
      server.state = State::kUnhealthy;
      return true;
    });
  }

  void OnExit(const std::string& name, int wait_status) {
    const auto it = pods_.find(name);
    if (it == pods_.end()) return;
    if (it->second.kill_timer) options_.clock->Cancel(*it->second.kill_timer);
    it->second.process.reset();
    const GameServerPtr server = cluster_->Get(name);
    if (server == nullptr || stopping_) return;
    if (server->BeingDeleted()) return Remove(name);
    Log(options_.log, LogLevel::kWarning, "game server process ended",
        {{"game_server", name},
         {"state", std::string(StateName(server->state))},
         {"status", DescribeWaitStatus(wait_status)}});
    SetUnhealthy(name);
  }

  // The first call marks the deletion and asks the process to end; the last step is Remove.
  void Delete(const std::string& name) {
    const GameServerPtr server = cluster_->Get(name);
    if (server == nullptr || server->deleted) return;
    cluster_->Update(name, [&](GameServer& changed) {
      changed.deleted = options_.clock->Now();
      return true;
    });
    const auto it = pods_.find(name);
    if (it == pods_.end() || it->second.process == nullptr) return Remove(name);
    it->second.process->Terminate();
    it->second.kill_timer =
        options_.clock->RunAfter(options_.grace, [weak = weak_from_this(), name] {
          if (const auto self = weak.lock())
            self->Post([name](Kubelet& kubelet) { kubelet.KillProcess(name); });
        });
  }

  void KillProcess(const std::string& name) {
    const auto it = pods_.find(name);
    if (it != pods_.end() && it->second.process) it->second.process->Kill();
  }

  void Remove(const std::string& name) {
    cluster_->Remove(name);
    pods_.erase(name);
  }

  void CountProcess(int by) {
    std::lock_guard lock(mutex_);
    processes_ += by;
    if (processes_ == 0) none_left_.notify_all();
  }

  const std::shared_ptr<Cluster> cluster_;
  const NodeOptions options_;
  const std::vector<std::string> command_;
  std::map<std::string, Pod> pods_;
  bool stopping_ = false;
  unsigned next_port_ = 5976;  // 7000, where Agones' ports begin

  std::mutex mutex_;
  std::condition_variable none_left_;
  int processes_ = 0;
};

class LocalNode final : public Node {
 public:
  LocalNode(std::shared_ptr<Cluster> cluster, NodeOptions options, std::vector<std::string> command)
      : executor_(options.executor),
        kubelet_(std::make_shared<Kubelet>(cluster, std::move(options), std::move(command))) {
    observation_ =
        cluster->Observe([kubelet = kubelet_](Cluster::Event event, const GameServerPtr& server) {
          kubelet->OnChange(event, server);
        });
  }

  ~LocalNode() override {
    observation_.reset();
    kubelet_->Post([](Kubelet& kubelet) { kubelet.Terminate(); });
    Drain();
    kubelet_->AwaitNoProcess(stop_grace_);
    kubelet_->Post([](Kubelet& kubelet) { kubelet.Clear(); });
    Drain();
  }

  void set_stop_grace(Duration grace) override { stop_grace_ = grace; }

 private:
  // Waits until everything that was posted has run.
  void Drain() {
    struct Done {
      std::mutex mutex;
      std::condition_variable changed;
      bool done = false;
    };
    auto done = std::make_shared<Done>();
    executor_->Post([done] {
      std::lock_guard lock(done->mutex);
      done->done = true;
      done->changed.notify_all();
    });
    std::unique_lock lock(done->mutex);
    done->changed.wait(lock, [&] { return done->done; });
  }

  const std::shared_ptr<Executor> executor_;
  const std::shared_ptr<Kubelet> kubelet_;
  std::unique_ptr<Cluster::Observation> observation_;
  Duration stop_grace_ = std::chrono::seconds(5);
};

}  // namespace

StatusOr<std::unique_ptr<Node>> Node::Start(std::shared_ptr<Cluster> cluster, NodeOptions options) {
  std::vector<std::string> command;
  if (!options.command.empty()) {
    auto words = SplitCommandLine(options.command);
    if (!words.ok()) return words.status();
    command = std::move(*words);
  }
  if (options.executor == nullptr) options.executor = MakeThreadPool(1);
  return std::unique_ptr<Node>(
      std::make_unique<LocalNode>(std::move(cluster), std::move(options), std::move(command)));
}

}  // namespace gsh::sandbox
