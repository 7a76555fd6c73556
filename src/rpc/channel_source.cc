#include "src/rpc/channel_source.h"

#include <grpc/grpc.h>
#include <grpcpp/create_channel.h>

#include <string>
#include <utility>

#include "src/rpc/callback_threads.h"
#include "src/rpc/tls_credentials.h"

namespace gsh::rpc {
namespace {

grpc::ChannelArguments DefaultArguments(const ClientOptions& options) {
  grpc::ChannelArguments arguments;
  arguments.SetUserAgentPrefix("libgsh");
  arguments.SetMaxReceiveMessageSize(static_cast<int>(options.max_message_bytes));
  // A channel of its own certificates must not take over another one's connection.
  arguments.SetInt(GRPC_ARG_USE_LOCAL_SUBCHANNEL_POOL, 1);
  // Retries are ours: a service config from DNS must not add to them.
  arguments.SetInt(GRPC_ARG_SERVICE_CONFIG_DISABLE_RESOLUTION, 1);
  // gRPC's default waits up to two minutes before it connects again.
  arguments.SetInt(GRPC_ARG_INITIAL_RECONNECT_BACKOFF_MS, 200);
  arguments.SetInt(GRPC_ARG_MAX_RECONNECT_BACKOFF_MS, 5000);
  // Half-open connections are noticed, under a watch that brings nothing for hours too (by default
  // gRPC stops after two pings without data). Agones' allocator allows one ping a minute.
  arguments.SetInt(GRPC_ARG_KEEPALIVE_TIME_MS, 70'000);
  arguments.SetInt(GRPC_ARG_KEEPALIVE_TIMEOUT_MS, 20'000);
  arguments.SetInt(GRPC_ARG_HTTP2_MAX_PINGS_WITHOUT_DATA, 0);
  if (!options.tls.insecure && !options.tls.server_name.empty()) {
    arguments.SetSslTargetNameOverride(options.tls.server_name);
  }
  return arguments;
}

void Append(const grpc::ChannelArguments& extra, grpc::ChannelArguments& arguments) {
  const grpc_channel_args list = extra.c_channel_args();
  for (std::size_t i = 0; i < list.num_args; ++i) {
    const grpc_arg& arg = list.args[i];
    if (arg.type == GRPC_ARG_INTEGER) arguments.SetInt(arg.key, arg.value.integer);
    if (arg.type == GRPC_ARG_STRING) arguments.SetString(arg.key, arg.value.string);
  }
}

}  // namespace

ChannelSource::ChannelSource(const ClientOptions& options, const grpc::ChannelArguments& arguments,
                             std::unique_ptr<TlsSource> tls)
    : insecure_(options.tls.insecure),
      target_("dns:///" + options.endpoint),
      arguments_(arguments),
      tls_(std::move(tls)) {}

StatusOr<std::unique_ptr<ChannelSource>> ChannelSource::Make(const ClientOptions& options,
                                                             const grpc::ChannelArguments& extra) {
  KeepCallbackThreads();
  grpc::ChannelArguments arguments = DefaultArguments(options);
  Append(extra, arguments);
  auto tls = TlsSource::Make(options);
  if (!tls.ok()) return tls.status();
  return std::unique_ptr<ChannelSource>(new ChannelSource(options, arguments, *std::move(tls)));
}

std::shared_ptr<grpc::Channel> ChannelSource::Get() {
  const auto material = tls_->Get();
  std::lock_guard lock(mutex_);
  if (channel_ == nullptr || material != material_) {
    material_ = material;
    channel_ = grpc::CreateCustomChannel(
        target_, insecure_ ? grpc::InsecureChannelCredentials() : CredentialsOf(*material),
        arguments_);
  }
  return channel_;
}

}  // namespace gsh::rpc
