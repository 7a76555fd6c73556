// The GameServerSdk over the side-car's HTTP side.
#include "gsh/agones_rest/game_server_sdk.h"

#include <algorithm>
#include <functional>
#include <nlohmann/json.hpp>
#include <utility>

#include "src/agones/answer_status.h"
#include "src/agones/game_server_watch.h"
#include "src/agones/health_pinger.h"
#include "src/agones/sdk_methods.h"
#include "src/agones/side_car_endpoint.h"
#include "src/agones_rest/answer.h"
#include "src/agones_rest/health_posts.h"
#include "src/agones_rest/sdk_json.h"
#include "src/core/await.h"
#include "src/http/client/client.h"
#include "src/http/client/line_cutter.h"
#include "src/http/client/percent_encode.h"
#include "src/rpc/common/utf8.h"

namespace gsh::agones_rest {
namespace {

using agones::CounterStatus;
using agones::CounterUpdate;
using agones::GameServer;
using agones::ListStatus;
using agones::Subscription;
using agones::WatchSource;
using Json = nlohmann::json;
namespace sdk = agones::sdk;

http::ClientRequest Get(std::string target) { return {.target = std::move(target)}; }

// The texts in `body` are UTF-8.
http::ClientRequest Send(std::string method, std::string target, const Json& body) {
  return {.method = std::move(method),
          .target = std::move(target),
          .headers = {{"Content-Type", "application/json"}},
          .body = body.dump()};
}

// Protobuf's JSON of a 64-bit number.
std::string Text(std::int64_t number) { return std::to_string(number); }

// What players and their names bring may be any bytes.
Status CheckText(std::string_view what, std::string_view text) {
  if (rpc::IsUtf8(text)) return OkStatus();
  return InvalidArgumentError(std::string(what) + " is not UTF-8");
}

std::string CounterTarget(const std::string& name) {
  return "/v1beta1/counters/" + http::PercentEncode(name);
}
std::string ListTarget(const std::string& name) {
  return "/v1beta1/lists/" + http::PercentEncode(name);
}

class RestGameServerSdk final : public agones::GameServerSdk {
 public:
  RestGameServerSdk(std::unique_ptr<http::Client> client, std::unique_ptr<http::Client> health)
      : client_(std::move(client)),
        health_client_(std::move(health)),
        health_(
            [this](agones::HealthEvents events) {
              return OpenHealthPosts(*health_client_, std::move(events));
            },
            client_->options()) {}

  Status Ready(CallOptions options) override { return Tell(sdk::kReady, "/ready", options); }
  Status Allocate(CallOptions options) override {
    return Tell(sdk::kAllocate, "/allocate", options);
  }
  Status Shutdown(CallOptions options) override {
    return Tell(sdk::kShutdown, "/shutdown", options);
  }
  Status Reserve(std::chrono::seconds duration, CallOptions options) override;
  StatusOr<GameServer> GetGameServer(CallOptions options) override {
    return Ask(sdk::kGetGameServer, Get("/gameserver"), std::move(options), ReadGameServer);
  }
  Status SetLabel(std::string key, std::string value, CallOptions options) override {
    return Set(sdk::kSetLabel, "/metadata/label", key, value, std::move(options));
  }
  Status SetAnnotation(std::string key, std::string value, CallOptions options) override {
    return Set(sdk::kSetAnnotation, "/metadata/annotation", key, value, std::move(options));
  }
  std::unique_ptr<Subscription> WatchGameServer(
      std::function<void(const GameServer&)> on_change) override;
  void StartHealth(Duration interval) override { health_.Start(interval); }
  void StopHealth() override { health_.Stop(); }

  StatusOr<CounterStatus> GetCounter(std::string name, CallOptions options) override {
    return Ask(sdk::kGetCounter, Get(CounterTarget(name)), std::move(options), ReadCounter);
  }
  StatusOr<CounterStatus> UpdateCounter(std::string name, CounterUpdate update,
                                        CallOptions options) override;
  StatusOr<ListStatus> GetList(std::string name, CallOptions options) override {
    return Ask(sdk::kGetList, Get(ListTarget(name)), std::move(options), ReadList);
  }
  Status SetListCapacity(std::string name, std::int64_t capacity, CallOptions options) override;
  Status AddListValue(std::string name, std::string value, CallOptions options) override {
    return ChangeListValue(sdk::kAddListValue, ListTarget(name) + ":addValue", value,
                           std::move(options));
  }
  Status RemoveListValue(std::string name, std::string value, CallOptions options) override {
    return ChangeListValue(sdk::kRemoveListValue, ListTarget(name) + ":removeValue", value,
                           std::move(options));
  }

  StatusOr<bool> PlayerConnect(std::string player, CallOptions options) override {
    return ChangePlayer(sdk::kPlayerConnect, "/alpha/player/connect", player, std::move(options));
  }
  StatusOr<bool> PlayerDisconnect(std::string player, CallOptions options) override {
    return ChangePlayer(sdk::kPlayerDisconnect, "/alpha/player/disconnect", player,
                        std::move(options));
  }
  Status SetPlayerCapacity(std::int64_t capacity, CallOptions options) override {
    return Call(sdk::kSetPlayerCapacity,
                Send("PUT", "/alpha/player/capacity", {{"count", Text(capacity)}}),
                std::move(options))
        .status();
  }
  StatusOr<std::int64_t> GetPlayerCapacity(CallOptions options) override {
    return Ask(sdk::kGetPlayerCapacity, Get("/alpha/player/capacity"), std::move(options),
               ReadCount);
  }
  StatusOr<std::int64_t> GetPlayerCount(CallOptions options) override {
    return Ask(sdk::kGetPlayerCount, Get("/alpha/player/count"), std::move(options), ReadCount);
  }
  StatusOr<bool> IsPlayerConnected(std::string player, CallOptions options) override;
  StatusOr<std::vector<std::string>> GetConnectedPlayers(CallOptions options) override {
    return Ask(sdk::kGetConnectedPlayers, Get("/alpha/player/connected"), std::move(options),
               ReadPlayers);
  }

 private:
  // One blocking call: the answer's body.
  StatusOr<std::string> Call(const rpc::Method& method, http::ClientRequest request,
                             CallOptions options) {
    const auto response = std::make_shared<http::ClientResponse>();
    Status status = internal::Await<Status>(
        std::move(options), [&](CallOptions call, http::Client::DoneCallback done) {
          client_->Send(method, std::move(request), response, std::move(call), std::move(done));
        });
    if (!status.ok()) return status;
    return std::move(response->body);
  }
  template <typename Message>
  StatusOr<Message> Ask(const rpc::Method& method, http::ClientRequest request, CallOptions options,
                        StatusOr<Message> (*read)(std::string_view)) {
    const auto body = Call(method, std::move(request), std::move(options));
    if (!body.ok()) return body.status();
    return read(*body);
  }
  Status Tell(const rpc::Method& method, std::string target, CallOptions options) {
    return Call(method, Send("POST", std::move(target), Json::object()), std::move(options))
        .status();
  }
  Status Set(const rpc::Method& method, std::string target, const std::string& key,
             const std::string& value, CallOptions options);
  Status ChangeListValue(const rpc::Method& method, std::string target, const std::string& value,
                         CallOptions options);
  StatusOr<bool> ChangePlayer(const rpc::Method& method, std::string target,
                              const std::string& player, CallOptions options);

  const std::unique_ptr<http::Client> client_;
  const std::unique_ptr<http::Client> health_client_;
  // Both end before the clients do.
  agones::HealthPinger health_;
  agones::GameServerWatches watches_;
};

Status RestGameServerSdk::Reserve(std::chrono::seconds duration, CallOptions options) {
  if (duration.count() < 0) return InvalidArgumentError("Reserve: a negative duration");
  return Call(sdk::kReserve, Send("POST", "/reserve", {{"seconds", Text(duration.count())}}),
              std::move(options))
      .status();
}

Status RestGameServerSdk::Set(const rpc::Method& method, std::string target, const std::string& key,
                              const std::string& value, CallOptions options) {
  if (Status status = CheckText("the key", key); !status.ok()) return status;
  if (Status status = CheckText("the value", value); !status.ok()) return status;
  return Call(method, Send("PUT", std::move(target), {{"key", key}, {"value", value}}),
              std::move(options))
      .status();
}

// One stream's reading.
struct WatchLines {
  http::LineCutter cutter;
  Status end;  // why it cannot go on
};

std::unique_ptr<Subscription> RestGameServerSdk::WatchGameServer(
    std::function<void(const GameServer&)> on_change) {
  WatchSource source;
  source.open = [this](WatchSource::OnServer on_server, CallOptions options,
                       WatchSource::Done done) {
    const auto lines = std::make_shared<WatchLines>(
        WatchLines{.cutter = http::LineCutter(client_->options().max_message_bytes), .end = {}});
    const auto on_line = [lines, on_server = std::move(on_server)](std::string_view line) {
      const auto server = ReadWatchLine(line);
      lines->end = server.status();
      return server.ok() && on_server(*server);
    };
    const auto on_chunk = [lines, on_line](std::string_view chunk) {
      const bool more = lines->cutter.Add(chunk, on_line);
      if (lines->cutter.overflow()) lines->end = InternalError("the side-car's watch: a long line");
      return more;
    };
    client_->Stream(sdk::kWatchGameServer, Get("/watch/gameserver"),
                    std::make_shared<http::ClientResponse>(), on_chunk, std::move(options),
                    [lines, done = std::move(done)](Status status) {
                      done(status.ok() ? std::move(lines->end) : std::move(status));
                    });
  };
  source.pause = [this](Duration pause, CallOptions options, WatchSource::Done done) {
    client_->Pause(pause, std::move(options), std::move(done));
  };
  return watches_.Add(std::make_shared<agones::GameServerWatch>(
      std::move(source), client_->options(), std::move(on_change)));
}

StatusOr<CounterStatus> RestGameServerSdk::UpdateCounter(std::string name, CounterUpdate update,
                                                         CallOptions options) {
  Json body = Json::object();
  if (update.count) body["count"] = Text(*update.count);
  if (update.capacity) body["capacity"] = Text(*update.capacity);
  body["countDiff"] = Text(update.diff);
  return Ask(update.diff == 0 ? sdk::kSetCounter : sdk::kAddToCounter,
             Send("PATCH", CounterTarget(name), body), std::move(options), ReadCounter);
}

Status RestGameServerSdk::SetListCapacity(std::string name, std::int64_t capacity,
                                          CallOptions options) {
  // As in the gRPC adapter: UpdateList for a list that does not exist ends the side-car.
  if (auto list = GetList(name, options); !list.ok()) return list.status();
  return Call(sdk::kUpdateList,
              Send("PATCH", ListTarget(name) + "?updateMask=capacity",
                   {{"capacity", Text(capacity)}}),
              std::move(options))
      .status();
}

Status RestGameServerSdk::ChangeListValue(const rpc::Method& method, std::string target,
                                          const std::string& value, CallOptions options) {
  if (Status status = CheckText("the value", value); !status.ok()) return status;
  return Call(method, Send("POST", std::move(target), {{"value", value}}), std::move(options))
      .status();
}

StatusOr<bool> RestGameServerSdk::ChangePlayer(const rpc::Method& method, std::string target,
                                               const std::string& player, CallOptions options) {
  if (Status status = CheckText("the player's id", player); !status.ok()) return status;
  return Ask(method, Send("POST", std::move(target), {{"playerID", player}}), std::move(options),
             ReadBool);
}

StatusOr<bool> RestGameServerSdk::IsPlayerConnected(std::string player, CallOptions options) {
  if (Status status = CheckText("the player's id", player); !status.ok()) return status;
  // The gateway splits its path after decoding it, so not every id can stand there.
  if (player.empty() || player == "." || player == ".." || player.find('/') != player.npos) {
    const auto players = GetConnectedPlayers(std::move(options));
    if (!players.ok()) return players.status();
    return std::ranges::find(*players, player) != players->end();
  }
  return Ask(sdk::kIsPlayerConnected, Get("/alpha/player/connected/" + http::PercentEncode(player)),
             std::move(options), ReadBool);
}

}  // namespace

StatusOr<std::unique_ptr<agones::GameServerSdk>> MakeGameServerSdk(
    agones::GameServerSdkOptions options) {
  if (options.client.endpoint.empty()) {
    auto endpoint = agones::SideCarEndpoint(options.env != nullptr ? *options.env : SystemEnv(),
                                            "AGONES_SDK_HTTP_PORT", 9358);
    if (!endpoint.ok()) return endpoint.status();
    options.client.endpoint = std::move(endpoint).value();
    options.client.tls = {.insecure = true};  // the side-car has no TLS, but is on this machine
  }
  http::ClientTraits traits;
  traits.status_of = StatusReader(agones::SdkAnswer);
  // The pinger repeats its pings itself, and says once what is wrong.
  ClientOptions pings = options.client;
  pings.retry.max_attempts = 1;
  pings.log = nullptr;
  auto client = http::Client::Make(std::move(options.client), traits);
  if (!client.ok()) return client.status().WithContext("agones_rest::GameServerSdk");
  auto health = http::Client::Make(std::move(pings), std::move(traits));
  if (!health.ok()) return health.status().WithContext("agones_rest::GameServerSdk");
  return std::unique_ptr<agones::GameServerSdk>(
      std::make_unique<RestGameServerSdk>(*std::move(client), *std::move(health)));
}

}  // namespace gsh::agones_rest
