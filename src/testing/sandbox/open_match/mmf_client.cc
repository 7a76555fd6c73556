#include "src/testing/sandbox/open_match/mmf_client.h"

#include <grpcpp/impl/rpc_method.h>
#include <grpcpp/support/client_callback.h>

#include <utility>

#include "src/core/host_port.h"
#include "src/rpc/callback_threads.h"

namespace gsh::sandbox {
namespace {

namespace wire = wire_openmatch;

// A bound, because the addresses come from callers; running calls keep their channel.
constexpr std::size_t kMaxChannels = 64;

// Proposals are not looked into further than the evaluator does.
class Run final : public MmfRun, public grpc::ClientReadReactor<serialised::MatchResponse> {
 public:
  Run(const std::shared_ptr<grpc::Channel>& channel, wire::RunRequest request,
      std::function<void(std::unique_ptr<serialised::Match>)> on_proposal,
      std::function<void(const grpc::Status&)> on_done)
      : channel_(channel),
        request_(std::move(request)),
        on_proposal_(std::move(on_proposal)),
        on_done_(std::move(on_done)) {}

  void Start(std::shared_ptr<Run> self) {
    self_ = std::move(self);
    const grpc::internal::RpcMethod method("/openmatch.MatchFunction/Run", nullptr,
                                           grpc::internal::RpcMethod::SERVER_STREAMING);
    grpc::internal::ClientCallbackReaderFactory<serialised::MatchResponse>::Create(
        channel_.get(), method, &context_, &request_, this);
    StartRead(&response_);
    StartCall();
  }

  void Cancel() override { context_.TryCancel(); }

  void OnReadDone(bool ok) override {
    if (!ok) return;
    // An answer without proposal counts as an empty one.
    on_proposal_(response_.has_match()
                     ? std::unique_ptr<serialised::Match>(response_.release_match())
                     : std::make_unique<serialised::Match>());
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
  const std::shared_ptr<grpc::Channel> channel_;
  const wire::RunRequest request_;
  std::function<void(std::unique_ptr<serialised::Match>)> on_proposal_;
  std::function<void(const grpc::Status&)> on_done_;
  grpc::ClientContext context_;
  serialised::MatchResponse response_;
  std::shared_ptr<Run> self_;  // until OnDone
};

}  // namespace

grpc::ChannelArguments WithKeepalive(grpc::ChannelArguments arguments) {
  arguments.SetInt(GRPC_ARG_KEEPALIVE_TIME_MS, 20'000);
  arguments.SetInt(GRPC_ARG_KEEPALIVE_TIMEOUT_MS, 10'000);
  arguments.SetInt(GRPC_ARG_KEEPALIVE_PERMIT_WITHOUT_CALLS, 1);
  arguments.SetLoadBalancingPolicyName("round_robin");
  arguments.SetInt(GRPC_ARG_USE_LOCAL_SUBCHANNEL_POOL, 1);  // a new channel connects anew
  return arguments;
}

MmfClient::MmfClient(std::shared_ptr<grpc::ChannelCredentials> credentials,
                     grpc::ChannelArguments arguments)
    : credentials_(std::move(credentials)), arguments_(WithKeepalive(std::move(arguments))) {
  rpc::KeepCallbackThreads();
}

std::shared_ptr<grpc::Channel> MmfClient::ChannelTo(const std::string& address) {
  std::lock_guard lock(mutex_);
  const auto found = channels_.find(address);
  // One that failed pauses for a second and longer, while another function may listen there by now.
  if (found != channels_.end() &&
      found->second->GetState(false) != GRPC_CHANNEL_TRANSIENT_FAILURE) {
    return found->second;
  }
  if (channels_.size() >= kMaxChannels) channels_.clear();
  // With the scheme, a host cannot name another resolver.
  auto channel = grpc::CreateCustomChannel("dns:///" + address, credentials_, arguments_);
  channels_.insert_or_assign(address, channel);
  return channel;
}

std::shared_ptr<MmfRun> MmfClient::Run(
    const wire::FunctionConfig& config, wire::RunRequest request,
    std::function<void(std::unique_ptr<serialised::Match>)> on_proposal,
    std::function<void(const grpc::Status&)> on_done) {
  const auto channel = ChannelTo(internal::JoinHostPort(config.host(), config.port()));
  auto run = std::make_shared<sandbox::Run>(channel, std::move(request), std::move(on_proposal),
                                            std::move(on_done));
  run->Start(run);
  return run;
}

}  // namespace gsh::sandbox
