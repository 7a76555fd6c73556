// The GameServerSdk over the side-car's gRPC services.
#include <climits>
#include <memory>
#include <utility>

#include "gsh/agones/game_server_sdk.h"
#include "src/agones/game_server_watch.h"
#include "src/agones/grpc/game_server_convert.h"
#include "src/agones/grpc/health_line.h"
#include "src/agones/health_pinger.h"
#include "src/agones/sdk_methods.h"
#include "src/agones/side_car_endpoint.h"
#include "src/agones/wire/wire_status.h"
#include "src/core/await.h"
#include "src/rpc/client.h"
#include "src/rpc/common/utf8.h"

namespace gsh::agones {
namespace {

namespace alpha = ::gsh::wire_sdk::alpha;
namespace beta = ::gsh::wire_sdk::beta;

CounterStatus FromWire(const beta::Counter& counter) {
  return {.count = counter.count(), .capacity = counter.capacity()};
}

ListStatus FromWire(const beta::List& list) {
  return {.values = {list.values().begin(), list.values().end()}, .capacity = list.capacity()};
}

class GrpcGameServerSdk final : public GameServerSdk {
 public:
  explicit GrpcGameServerSdk(std::unique_ptr<rpc::Client> client)
      : client_(std::move(client)),
        health_(
            [this](HealthEvents events) {
              return OpenHealthStream(client_->channel(), std::move(events));
            },
            client_->options()) {}

  Status Ready(CallOptions options) override { return Tell(sdk::kReady, std::move(options)); }
  Status Allocate(CallOptions options) override { return Tell(sdk::kAllocate, std::move(options)); }
  Status Shutdown(CallOptions options) override { return Tell(sdk::kShutdown, std::move(options)); }
  Status Reserve(std::chrono::seconds duration, CallOptions options) override;
  StatusOr<GameServer> GetGameServer(CallOptions options) override;
  Status SetLabel(std::string key, std::string value, CallOptions options) override {
    return Set(sdk::kSetLabel, std::move(key), std::move(value), std::move(options));
  }
  Status SetAnnotation(std::string key, std::string value, CallOptions options) override {
    return Set(sdk::kSetAnnotation, std::move(key), std::move(value), std::move(options));
  }
  std::unique_ptr<Subscription> WatchGameServer(
      std::function<void(const GameServer&)> on_change) override;
  void StartHealth(Duration interval) override { health_.Start(interval); }
  void StopHealth() override { health_.Stop(); }

  StatusOr<CounterStatus> GetCounter(std::string name, CallOptions options) override;
  StatusOr<CounterStatus> UpdateCounter(std::string name, CounterUpdate update,
                                        CallOptions options) override;
  StatusOr<ListStatus> GetList(std::string name, CallOptions options) override;
  Status SetListCapacity(std::string name, std::int64_t capacity, CallOptions options) override;
  Status AddListValue(std::string name, std::string value, CallOptions options) override {
    return ChangeListValue<beta::AddListValueRequest>(sdk::kAddListValue, std::move(name),
                                                      std::move(value), std::move(options));
  }
  Status RemoveListValue(std::string name, std::string value, CallOptions options) override {
    return ChangeListValue<beta::RemoveListValueRequest>(sdk::kRemoveListValue, std::move(name),
                                                         std::move(value), std::move(options));
  }

  StatusOr<bool> PlayerConnect(std::string player, CallOptions options) override {
    return AskOfPlayer(sdk::kPlayerConnect, std::move(player), std::move(options));
  }
  StatusOr<bool> PlayerDisconnect(std::string player, CallOptions options) override {
    return AskOfPlayer(sdk::kPlayerDisconnect, std::move(player), std::move(options));
  }
  Status SetPlayerCapacity(std::int64_t capacity, CallOptions options) override;
  StatusOr<std::int64_t> GetPlayerCapacity(CallOptions options) override {
    return AskForCount(sdk::kGetPlayerCapacity, std::move(options));
  }
  StatusOr<std::int64_t> GetPlayerCount(CallOptions options) override {
    return AskForCount(sdk::kGetPlayerCount, std::move(options));
  }
  StatusOr<bool> IsPlayerConnected(std::string player, CallOptions options) override {
    return AskOfPlayer(sdk::kIsPlayerConnected, std::move(player), std::move(options));
  }
  StatusOr<std::vector<std::string>> GetConnectedPlayers(CallOptions options) override;

 private:
  // One blocking call.
  template <typename Response, typename Request>
  StatusOr<Response> Call(const rpc::Method& method, Request request, CallOptions options) {
    const auto wire = std::make_shared<const Request>(std::move(request));
    const auto response = std::make_shared<Response>();
    Status status = internal::Await<Status>(
        std::move(options), [&](CallOptions call, rpc::Client::DoneCallback done) {
          client_->Unary(method, wire, response, std::move(call), std::move(done));
        });
    if (!status.ok()) return status;
    return std::move(*response);
  }
  Status Tell(const rpc::Method& method, CallOptions options) {
    return Call<wire_sdk::Empty>(method, wire_sdk::Empty(), std::move(options)).status();
  }
  Status Set(const rpc::Method& method, std::string key, std::string value, CallOptions options);
  template <typename Request>
  Status ChangeListValue(const rpc::Method& method, std::string name, std::string value,
                         CallOptions options);
  StatusOr<bool> AskOfPlayer(const rpc::Method& method, std::string player, CallOptions options);
  StatusOr<std::int64_t> AskForCount(const rpc::Method& method, CallOptions options);

  const std::unique_ptr<rpc::Client> client_;
  // Both end before the client does.
  HealthPinger health_;
  GameServerWatches watches_;
};

Status GrpcGameServerSdk::Reserve(std::chrono::seconds duration, CallOptions options) {
  if (duration.count() < 0) return InvalidArgumentError("Reserve: a negative duration");
  wire_sdk::Duration request;
  request.set_seconds(duration.count());
  return Call<wire_sdk::Empty>(sdk::kReserve, std::move(request), std::move(options)).status();
}

StatusOr<GameServer> GrpcGameServerSdk::GetGameServer(CallOptions options) {
  auto message =
      Call<wire_sdk::GameServer>(sdk::kGetGameServer, wire_sdk::Empty(), std::move(options));
  if (!message.ok()) return message.status();
  return agones::FromWire(*message);
}

// What players and their names bring may be any bytes.
Status CheckText(std::string_view what, std::string_view text) {
  if (rpc::IsUtf8(text)) return OkStatus();
  return InvalidArgumentError(std::string(what) + " is not UTF-8");
}

Status GrpcGameServerSdk::Set(const rpc::Method& method, std::string key, std::string value,
                              CallOptions options) {
  if (Status status = CheckText("the key", key); !status.ok()) return status;
  if (Status status = CheckText("the value", value); !status.ok()) return status;
  wire_sdk::KeyValue pair;
  pair.set_key(std::move(key));
  pair.set_value(std::move(value));
  return Call<wire_sdk::Empty>(method, std::move(pair), std::move(options)).status();
}

std::unique_ptr<Subscription> GrpcGameServerSdk::WatchGameServer(
    std::function<void(const GameServer&)> on_change) {
  WatchSource source;
  source.open = [this](WatchSource::OnServer on_server, CallOptions options,
                       WatchSource::Done done) {
    client_->ServerStream(
        sdk::kWatchGameServer, std::make_shared<wire_sdk::Empty>(),
        [] { return std::make_unique<wire_sdk::GameServer>(); },
        [on_server = std::move(on_server)](google::protobuf::MessageLite& message) {
          return on_server(agones::FromWire(static_cast<const wire_sdk::GameServer&>(message)));
        },
        std::move(options), std::move(done));
  };
  source.pause = [this](Duration pause, CallOptions options, WatchSource::Done done) {
    client_->Pause(pause, std::move(options), std::move(done));
  };
  return watches_.Add(std::make_shared<GameServerWatch>(std::move(source), client_->options(),
                                                        std::move(on_change)));
}

StatusOr<CounterStatus> GrpcGameServerSdk::GetCounter(std::string name, CallOptions options) {
  beta::GetCounterRequest request;
  request.set_name(std::move(name));
  auto counter = Call<beta::Counter>(sdk::kGetCounter, std::move(request), std::move(options));
  if (!counter.ok()) return counter.status();
  return FromWire(*counter);
}

StatusOr<CounterStatus> GrpcGameServerSdk::UpdateCounter(std::string name, CounterUpdate update,
                                                         CallOptions options) {
  beta::UpdateCounterRequest request;
  beta::CounterUpdateRequest& change = *request.mutable_counterupdaterequest();
  change.set_name(std::move(name));
  if (update.count) change.mutable_count()->set_value(*update.count);
  if (update.capacity) change.mutable_capacity()->set_value(*update.capacity);
  change.set_countdiff(update.diff);
  auto counter = Call<beta::Counter>(update.diff == 0 ? sdk::kSetCounter : sdk::kAddToCounter,
                                     std::move(request), std::move(options));
  if (!counter.ok()) return counter.status();
  return FromWire(*counter);
}

StatusOr<ListStatus> GrpcGameServerSdk::GetList(std::string name, CallOptions options) {
  beta::GetListRequest request;
  request.set_name(std::move(name));
  auto list = Call<beta::List>(sdk::kGetList, std::move(request), std::move(options));
  if (!list.ok()) return list.status();
  return FromWire(*list);
}

Status GrpcGameServerSdk::SetListCapacity(std::string name, std::int64_t capacity,
                                          CallOptions options) {
  // The real side-car reads through a null pointer, and so ends, when the list does not exist
  // (agones: pkg/sdkserver/sdkserver.go, UpdateList): ask first.
  if (auto list = GetList(name, options); !list.ok()) return list.status();
  beta::UpdateListRequest request;
  request.mutable_list()->set_name(std::move(name));
  request.mutable_list()->set_capacity(capacity);
  request.mutable_update_mask()->add_paths("capacity");
  return Call<beta::List>(sdk::kUpdateList, std::move(request), std::move(options)).status();
}

template <typename Request>
Status GrpcGameServerSdk::ChangeListValue(const rpc::Method& method, std::string name,
                                          std::string value, CallOptions options) {
  if (Status status = CheckText("the value", value); !status.ok()) return status;
  Request request;
  request.set_name(std::move(name));
  request.set_value(std::move(value));
  return Call<beta::List>(method, std::move(request), std::move(options)).status();
}

StatusOr<bool> GrpcGameServerSdk::AskOfPlayer(const rpc::Method& method, std::string player,
                                              CallOptions options) {
  if (Status status = CheckText("the player's id", player); !status.ok()) return status;
  alpha::PlayerID request;
  request.set_playerid(std::move(player));
  auto answer = Call<alpha::Bool>(method, std::move(request), std::move(options));
  if (!answer.ok()) return answer.status();
  return answer->bool_();
}

Status GrpcGameServerSdk::SetPlayerCapacity(std::int64_t capacity, CallOptions options) {
  alpha::Count request;
  request.set_count(capacity);
  return Call<alpha::Empty>(sdk::kSetPlayerCapacity, std::move(request), std::move(options))
      .status();
}

StatusOr<std::int64_t> GrpcGameServerSdk::AskForCount(const rpc::Method& method,
                                                      CallOptions options) {
  auto answer = Call<alpha::Count>(method, alpha::Empty(), std::move(options));
  if (!answer.ok()) return answer.status();
  return answer->count();
}

StatusOr<std::vector<std::string>> GrpcGameServerSdk::GetConnectedPlayers(CallOptions options) {
  auto answer =
      Call<alpha::PlayerIDList>(sdk::kGetConnectedPlayers, alpha::Empty(), std::move(options));
  if (!answer.ok()) return answer.status();
  return std::vector<std::string>(answer->list().begin(), answer->list().end());
}

}  // namespace

StatusOr<std::unique_ptr<GameServerSdk>> MakeGameServerSdk(GameServerSdkOptions options) {
  if (options.client.endpoint.empty()) {
    auto endpoint = SideCarEndpoint(options.env != nullptr ? *options.env : SystemEnv(),
                                    "AGONES_SDK_GRPC_PORT", 9357);
    if (!endpoint.ok()) return endpoint.status();
    options.client.endpoint = std::move(endpoint).value();
    options.client.tls = {.insecure = true};  // the side-car has no TLS, but is on this machine
  }
  rpc::ClientTraits traits;
  traits.map_status = SdkStatus;
  // A side-car is never behind a proxy, whatever the environment says, and closes connections that
  // ping more than once in five minutes (grpc-go's default); on one machine nobody need ping.
  traits.channel_arguments.SetInt(GRPC_ARG_ENABLE_HTTP_PROXY, 0);
  traits.channel_arguments.SetInt(GRPC_ARG_KEEPALIVE_TIME_MS, INT_MAX);
  auto client = rpc::Client::Make(std::move(options.client), std::move(traits));
  if (!client.ok()) return client.status().WithContext("agones::GameServerSdk");
  return std::unique_ptr<GameServerSdk>(
      std::make_unique<GrpcGameServerSdk>(std::move(client).value()));
}

}  // namespace gsh::agones
