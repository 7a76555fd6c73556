#include "src/rpc/channel_source.h"

#include <grpc/grpc.h>
#include <grpcpp/create_channel.h>
#include <grpcpp/generic/generic_stub.h>

#include <string>
#include <utility>

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

// gRPC 1.51 joins the threads of its callback queue when the last channel goes, and that may be on
// one of those threads. One call on a channel that stays for ever keeps them.
void KeepCallbackThreads() {
  struct Keeper {
    std::shared_ptr<grpc::Channel> channel =
        grpc::CreateChannel("ipv4:127.0.0.1:0", grpc::InsecureChannelCredentials());
    grpc::ClientContext context;
    grpc::Slice nothing;
    grpc::ByteBuffer request{&nothing, 1};
    grpc::ByteBuffer response;
  };
  // "used": the optimiser would drop the pointer, and leak checkers could not find the object.
  [[gnu::used]] static Keeper* const kKeeper = [] {
    auto* made = new Keeper;
    made->context.TryCancel();
    grpc::GenericStub(made->channel)
        .UnaryCall(&made->context, "/gsh/keep", {}, &made->request, &made->response,
                   [](const grpc::Status&) {});
    return made;
  }();
}

}  // namespace

ChannelSource::ChannelSource(const ClientOptions& options, const grpc::ChannelArguments& arguments)
    : tls_(options.tls),
      target_("dns:///" + options.endpoint),
      arguments_(arguments),
      clock_(options.clock),
      log_(options.log),
      metrics_(options.metrics),
      watch_({tls_.ca_file, tls_.cert_file, tls_.key_file}, options.clock->SteadyNow()) {}

StatusOr<std::unique_ptr<ChannelSource>> ChannelSource::Make(const ClientOptions& options,
                                                             const grpc::ChannelArguments& extra) {
  KeepCallbackThreads();
  grpc::ChannelArguments arguments = DefaultArguments(options);
  Append(extra, arguments);
  std::unique_ptr<ChannelSource> source(new ChannelSource(options, arguments));
  if (Status status = source->Load(); !status.ok()) return status;
  return source;
}

std::shared_ptr<grpc::Channel> ChannelSource::Get() {
  if (tls_.insecure) return channel_;  // never changes
  std::lock_guard lock(mutex_);
  if (watch_.ShouldReload(clock_->SteadyNow())) Reload();
  return channel_;
}

Status ChannelSource::Load() {
  auto loaded = LoadClientCredentials(tls_);
  if (!loaded.ok()) return loaded.status();
  if (channel_ != nullptr && loaded->digest == digest_) return OkStatus();
  digest_ = std::move(loaded->digest);
  ReportExpiries(metrics_, loaded->expiries);
  channel_ = grpc::CreateCustomChannel(target_, loaded->credentials, arguments_);
  return OkStatus();
}

void ChannelSource::Reload() {
  const std::string before = digest_;
  const Status status = Load();
  if (!status.ok()) {
    watch_.Refused(clock_->SteadyNow());
    if (refused_ == status.message()) return;
    refused_ = status.message();
    Log(log_, LogLevel::kWarning, "new TLS files refused, the old ones stay in use",
        {{"reason", refused_}, {"peer", target_}});
    return;
  }
  watch_.Accepted();
  refused_.clear();
  if (digest_ != before) {
    Log(log_, LogLevel::kInfo, "TLS files loaded anew", {{"peer", target_}});
  }
}

}  // namespace gsh::rpc
