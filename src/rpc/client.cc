#include "src/rpc/client.h"

#include <utility>

#include "src/rpc/channel_source.h"
#include "src/rpc/client_core.h"
#include "src/rpc/common/pause_call.h"
#include "src/rpc/stream_call.h"
#include "src/rpc/unary_call.h"

namespace gsh::rpc {
namespace {

using google::protobuf::MessageLite;

class ClientImpl final : public Client {
 public:
  explicit ClientImpl(std::shared_ptr<ClientCore> core) : core_(std::move(core)) {}
  ~ClientImpl() override {
    gone_.request_stop();
    core_->registry.Close();
  }

  void Unary(const Method& method, std::shared_ptr<const MessageLite> request,
             std::shared_ptr<MessageLite> response, CallOptions options,
             DoneCallback done) override {
    const CallRegistry::Frame frame(core_->registry);
    std::make_shared<UnaryCall>(core_, method, std::move(request), std::move(response),
                                std::move(options), std::move(done))
        ->Start();
  }

  void ServerStream(const Method& method, std::shared_ptr<const MessageLite> request,
                    StreamCall::NewMessage new_response, StreamCall::OnElement on_element,
                    CallOptions options, DoneCallback done) override {
    const CallRegistry::Frame frame(core_->registry);
    std::make_shared<StreamCall>(core_, method, std::move(request), std::move(new_response),
                                 std::move(on_element), std::move(options), std::move(done))
        ->Start();
  }

  RetryDecision DecideRetry(const Method& method, const Status& status, int attempts,
                            std::optional<Duration> remaining) override {
    const RetryDecision decision =
        core_->Decide(status, {.may_repeat = method.idempotency == Idempotency::kIdempotent,
                               .attempts = attempts,
                               .remaining = remaining});
    if (decision.delay) {
      ReportRetry(*core_, status, {.method = method, .attempts = attempts}, *decision.delay);
    }
    return decision;
  }

  void Pause(Duration delay, CallOptions options, DoneCallback done) override {
    const CallRegistry::Frame frame(core_->registry);
    std::make_shared<PauseCall>(core_, std::move(options), std::move(done))->Start(delay);
  }

  std::stop_token gone() const override { return gone_.get_token(); }
  std::shared_ptr<grpc::Channel> channel() override { return core_->channels->Get(); }
  const ClientOptions& options() const override { return core_->options; }

 private:
  const std::shared_ptr<ClientCore> core_;
  std::stop_source gone_;
};

}  // namespace

StatusOr<std::unique_ptr<Client>> Client::Make(ClientOptions options, ClientTraits traits) {
  if (Status status = CheckClientOptions(options); !status.ok()) return status;
  FillDefaults(options);
  auto channels = ChannelSource::Make(options, traits.channel_arguments);
  if (!channels.ok()) {
    return InvalidArgumentError(channels.status().message()).WithContext("tls");
  }
  return std::unique_ptr<Client>(std::make_unique<ClientImpl>(
      std::make_shared<ClientCore>(std::move(options), std::move(traits), *std::move(channels))));
}

}  // namespace gsh::rpc
