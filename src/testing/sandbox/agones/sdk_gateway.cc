#include "src/testing/sandbox/agones/sdk_gateway.h"

#include <grpcpp/generic/generic_stub.h>

#include <mutex>
#include <nlohmann/json.hpp>
#include <string>
#include <utility>
#include <vector>

#include "src/http/server.h"
#include "src/proto/agones.h"
#include "src/proto/json/agones_json.h"
#include "src/rpc/callback_threads.h"
#include "src/testing/sandbox/agones/gateway_answer.h"
#include "src/testing/sandbox/agones/sdk_routes.h"

namespace gsh::sandbox {
namespace {

http::Response Refusal(const Status& status) {
  return GatewayRefusal(static_cast<int>(status.code()), status.message());
}

http::Response Answer(const SdkRoute& route, const std::string& bytes) {
  auto json = wire_json::ToJson(route.response, bytes, wire_json::Defaults::kWritten);
  if (!json.ok()) return Refusal(json.status());
  return {.content_type = kJson,
          .body = *std::move(json),
          .headers = {{"Grpc-Metadata-Content-Type", "application/grpc"}}};
}

// One unary call; lives until its answer.
struct UnaryCall {
  grpc::ClientContext context;
  grpc::ByteBuffer request;
  grpc::ByteBuffer response;
};

std::string BytesOf(const grpc::ByteBuffer& buffer) {
  std::vector<grpc::Slice> slices;
  std::string bytes;
  if (!buffer.Dump(&slices).ok()) return bytes;
  for (const grpc::Slice& slice : slices) {
    bytes.append(reinterpret_cast<const char*>(slice.begin()), slice.size());
  }
  return bytes;
}

// One WatchGameServer whose messages become lines of a body.
class Watch final : public grpc::ClientReadReactor<wire_sdk::GameServer> {
 public:
  Watch(wire_sdk::SDK::Stub& stub, std::shared_ptr<http::BodyStream> body)
      : body_(std::move(body)) {
    stub.async()->WatchGameServer(&context_, &request_, this);
  }
  void Start(std::shared_ptr<Watch> self) {
    self_ = std::move(self);
    StartRead(&message_);
    StartCall();
  }
  void End() { context_.TryCancel(); }

 private:
  void OnReadDone(bool ok) override {
    if (!ok) return;
    const auto json = wire_json::ToJson("agones.dev.sdk.GameServer", message_.SerializeAsString(),
                                        wire_json::Defaults::kWritten);
    if (!json.ok() || !body_->Write("{\"result\":" + *json + "}\n")) context_.TryCancel();
    StartRead(&message_);
  }
  void OnDone(const grpc::Status&) override {
    const auto self = std::move(self_);
    body_->End();
  }

  const std::shared_ptr<http::BodyStream> body_;
  grpc::ClientContext context_;
  const wire_sdk::Empty request_;
  wire_sdk::GameServer message_;
  std::shared_ptr<Watch> self_;  // until gRPC is done with it
};

// The pings in one body; lives until gRPC is done with it.
class Pings final : public grpc::ClientWriteReactor<wire_sdk::Empty> {
 public:
  static void Send(wire_sdk::SDK::Stub& stub, int count, http::Respond respond) {
    auto* const pings = new Pings(count, std::move(respond));
    stub.async()->Health(&pings->context_, &pings->response_, pings);
    pings->Next();
    pings->StartCall();
  }

 private:
  Pings(int count, http::Respond respond) : left_(count), respond_(std::move(respond)) {}

  void Next() {
    if (left_-- > 0) return StartWrite(&ping_);
    StartWritesDone();
  }
  void OnWriteDone(bool ok) override {
    if (ok) Next();
  }
  void OnDone(const grpc::Status& status) override {
    respond_(status.ok() ? http::Response{.content_type = kJson, .body = "{}"}
                         : GatewayRefusal(status));
    delete this;
  }

  int left_;
  const http::Respond respond_;
  grpc::ClientContext context_;
  const wire_sdk::Empty ping_;
  wire_sdk::Empty response_;
};

// How many JSON documents the body holds; InvalidArgument if it is something else.
StatusOr<int> CountPings(std::string_view body) {
  using Json = nlohmann::json;
  int count = 0;
  while (body.find_first_not_of(" \t\r\n") != body.npos) {
    // Messages without fields: the first brace that closes ends one.
    const std::size_t end = body.find('}');
    const auto ping = Json::parse(body.substr(0, end == body.npos ? end : end + 1), nullptr, false);
    if (!ping.is_object()) return InvalidArgumentError("the body is no JSON object");
    body.remove_prefix(end + 1);
    ++count;
  }
  return count;
}

class LocalGateway final : public SdkGateway {
 public:
  explicit LocalGateway(const std::shared_ptr<grpc::Channel>& channel)
      : generic_(channel), stable_(wire_sdk::SDK::NewStub(channel)) {}

  ~LocalGateway() override {
    std::vector<std::weak_ptr<Watch>> watches;
    {
      std::lock_guard lock(mutex_);
      watches.swap(watches_);
    }
    for (const auto& weak : watches) {
      if (const auto watch = weak.lock()) watch->End();
    }
  }

  Status Listen() {
    http::ServerOptions options{.address = "127.0.0.1:0"};
    options.async_handler = [this](const http::Request& request, const http::Respond& respond) {
      Handle(request, respond);
    };
    auto started = http::Server::Start(std::move(options));
    if (!started.ok()) return started.status();
    server_ = *std::move(started);
    return OkStatus();
  }
  int port() const override { return server_->port(); }

 private:
  void Handle(const http::Request& request, const http::Respond& respond) {
    const auto route = FindSdkRoute(request.method, request.path);
    if (!route.ok()) return respond(Refusal(route.status()));
    if ((*route)->rpc == kHealthRpc) return Ping(request.body, respond);
    if ((*route)->rpc == kWatchRpc) return respond(StartWatch());
    const auto message = SdkRequestOf(**route, request);
    if (!message.ok()) return respond(Refusal(message.status()));
    Call(**route, *message, respond);
  }

  void Call(const SdkRoute& route, const std::string& message, const http::Respond& respond) {
    const auto call = std::make_shared<UnaryCall>();
    const grpc::Slice slice(message);
    call->request = grpc::ByteBuffer(&slice, 1);
    generic_.UnaryCall(
        &call->context, std::string(route.rpc), {}, &call->request, &call->response,
        [call, &route, respond](const grpc::Status& status) {
          respond(status.ok() ? Answer(route, BytesOf(call->response)) : GatewayRefusal(status));
        });
  }

  // The gateway's stream has to begin with a message.
  void Ping(const std::string& body, const http::Respond& respond) {
    const auto count = CountPings(body);
    if (!count.ok()) return respond(Refusal(count.status()));
    if (*count == 0) return respond({.code = 400, .body = ""});
    Pings::Send(*stable_, *count, respond);
  }

  http::Response StartWatch() {
    auto body = std::make_shared<http::BodyStream>();
    const auto watch = std::make_shared<Watch>(*stable_, body);
    {
      std::lock_guard lock(mutex_);
      std::erase_if(watches_, [](const auto& weak) { return weak.expired(); });
      watches_.push_back(watch);
    }
    watch->Start(watch);
    return {.content_type = kJson,
            .headers = {{"Grpc-Metadata-Content-Type", "application/grpc"}},
            .stream = std::move(body)};
  }

  grpc::GenericStub generic_;
  const std::unique_ptr<wire_sdk::SDK::Stub> stable_;
  std::mutex mutex_;
  std::vector<std::weak_ptr<Watch>> watches_;
  std::unique_ptr<http::Server> server_;  // stops first
};

}  // namespace

StatusOr<std::unique_ptr<SdkGateway>> SdkGateway::Start(std::shared_ptr<grpc::Channel> channel) {
  rpc::KeepCallbackThreads();
  auto gateway = std::make_unique<LocalGateway>(channel);
  if (const Status status = gateway->Listen(); !status.ok()) return status;
  return std::unique_ptr<SdkGateway>(std::move(gateway));
}

}  // namespace gsh::sandbox
