#include "src/testing/sandbox/open_match/mmf_client.h"

#include <utility>

namespace gsh::sandbox {
namespace {

namespace wire = wire_openmatch;

// A bound, because the addresses come from callers; running calls keep their channel.
constexpr std::size_t kMaxChannels = 64;

class Run final : public MmfRun, public grpc::ClientReadReactor<wire::RunResponse> {
 public:
  Run(const std::shared_ptr<grpc::Channel>& channel, wire::RunRequest request,
      std::function<void(std::unique_ptr<wire::Match>)> on_proposal,
      std::function<void(const grpc::Status&)> on_done)
      : stub_(wire::MatchFunction::NewStub(channel)),
        request_(std::move(request)),
        on_proposal_(std::move(on_proposal)),
        on_done_(std::move(on_done)) {}

  void Start(std::shared_ptr<Run> self) {
    self_ = std::move(self);
    stub_->async()->Run(&context_, &request_, this);
    StartRead(&response_);
    StartCall();
  }

  void Cancel() override { context_.TryCancel(); }

  void OnReadDone(bool ok) override {
    if (!ok) return;
    // An answer without proposal counts as an empty one.
    on_proposal_(response_.has_proposal()
                     ? std::unique_ptr<wire::Match>(response_.release_proposal())
                     : std::make_unique<wire::Match>());
    response_.Clear();
    StartRead(&response_);
  }

  void OnDone(const grpc::Status& status) override {
    const std::shared_ptr<Run> last = std::move(self_);
    on_done_(status);
    on_proposal_ = nullptr;  // they hold the caller, which holds this
    on_done_ = nullptr;
  }

 private:
  const std::unique_ptr<wire::MatchFunction::Stub> stub_;
  const wire::RunRequest request_;
  std::function<void(std::unique_ptr<wire::Match>)> on_proposal_;
  std::function<void(const grpc::Status&)> on_done_;
  grpc::ClientContext context_;
  wire::RunResponse response_;
  std::shared_ptr<Run> self_;  // until OnDone
};

}  // namespace

std::string HostPort(const std::string& host, int port) {
  const bool ipv6 = host.find(':') != std::string::npos && !host.starts_with('[');
  return (ipv6 ? "[" + host + "]" : host) + ":" + std::to_string(port);
}

MmfClient::MmfClient(std::shared_ptr<grpc::ChannelCredentials> credentials,
                     grpc::ChannelArguments arguments)
    : credentials_(std::move(credentials)), arguments_(std::move(arguments)) {
  arguments_.SetInt(GRPC_ARG_KEEPALIVE_TIME_MS, 20'000);
  arguments_.SetInt(GRPC_ARG_KEEPALIVE_TIMEOUT_MS, 10'000);
  arguments_.SetInt(GRPC_ARG_KEEPALIVE_PERMIT_WITHOUT_CALLS, 1);
  arguments_.SetLoadBalancingPolicyName("round_robin");
}

std::shared_ptr<grpc::Channel> MmfClient::ChannelTo(const std::string& address) {
  std::lock_guard lock(mutex_);
  const auto found = channels_.find(address);
  if (found != channels_.end()) return found->second;
  if (channels_.size() >= kMaxChannels) channels_.clear();
  // With the scheme, a host cannot name another resolver.
  auto channel = grpc::CreateCustomChannel("dns:///" + address, credentials_, arguments_);
  channels_.emplace(address, channel);
  return channel;
}

std::shared_ptr<MmfRun> MmfClient::Run(
    const wire::FunctionConfig& config, wire::RunRequest request,
    std::function<void(std::unique_ptr<wire::Match>)> on_proposal,
    std::function<void(const grpc::Status&)> on_done) {
  const auto channel = ChannelTo(HostPort(config.host(), config.port()));
  auto run = std::make_shared<sandbox::Run>(channel, std::move(request), std::move(on_proposal),
                                            std::move(on_done));
  run->Start(run);
  return run;
}

}  // namespace gsh::sandbox
