#include "src/testing/sandbox/agones/allocation_api.h"

#include <nlohmann/json.hpp>
#include <optional>
#include <string>
#include <string_view>
#include <utility>

#include "src/http/server.h"
#include "src/rpc/status_conversion.h"
#include "src/testing/sandbox/agones/allocation_listener.h"
#include "src/testing/sandbox/agones/allocation_resource.h"
#include "src/testing/sandbox/faults/suffer.h"

namespace gsh::sandbox {
namespace {

using Json = nlohmann::json;
using wire_allocation::AllocationResponse;

constexpr std::string_view kGroup = "allocation.agones.dev";
constexpr std::string_view kGroupVersion = "allocation.agones.dev/v1";
constexpr std::string_view kVersionPath = "/apis/allocation.agones.dev/v1";
constexpr int kUnprocessableEntity = 422;

http::Response JsonResponse(int code, const Json& body) {
  return {.code = code,
          .content_type = "application/json",
          .body = body.dump(-1, ' ', false, Json::error_handler_t::replace)};
}

// A refusal as the Kubernetes API words it.
http::Response Refusal(int code, const std::string& reason, const std::string& message) {
  return JsonResponse(code, {{"kind", "Status"},
                             {"apiVersion", "v1"},
                             {"metadata", Json::object()},
                             {"status", "Failure"},
                             {"message", message},
                             {"reason", reason},
                             {"code", code}});
}

http::Response Refusal(const grpc::Status& status) {
  if (static_cast<int>(status.error_code()) == kUnprocessableEntity) {
    return Refusal(kUnprocessableEntity, "Invalid", status.error_message());
  }
  return Refusal(500, "InternalError", status.error_message());
}

Json Version() { return {{"groupVersion", kGroupVersion}, {"version", "v1"}}; }

Json Group() {
  return {{"kind", "APIGroup"},
          {"apiVersion", "v1"},
          {"name", kGroup},
          {"versions", {Version()}},
          {"preferredVersion", Version()}};
}

Json Resources() {
  return {{"kind", "APIResourceList"},
          {"apiVersion", "v1"},
          {"groupVersion", kGroupVersion},
          {"resources",
           {{{"name", "gameserverallocations"},
             {"singularName", "gameserverallocation"},
             {"namespaced", true},
             {"kind", "GameServerAllocation"},
             {"verbs", {"create"}},
             {"shortNames", {"gsa"}}}}}};
}

// What the API server asks for to learn what is here; nothing for other paths.
std::optional<Json> Discovery(std::string_view path) {
  if (path == "/apis") return Json{{"kind", "APIGroupList"}, {"groups", {Group()}}};
  if (path == "/apis/" + std::string(kGroup)) return Group();
  if (path == kVersionPath) return Resources();
  return std::nullopt;
}

// NS of "/apis/allocation.agones.dev/v1/namespaces/NS/gameserverallocations"; nothing for others.
std::optional<std::string> NamespaceOf(std::string_view path) {
  const std::string before = std::string(kVersionPath) + "/namespaces/";
  constexpr std::string_view kAfter = "/gameserverallocations";
  if (!path.starts_with(before) || !path.ends_with(kAfter)) return std::nullopt;
  if (path.size() <= before.size() + kAfter.size()) return std::nullopt;
  path.remove_prefix(before.size());
  path.remove_suffix(kAfter.size());
  if (path.find('/') != path.npos) return std::nullopt;
  return std::string(path);
}

// What became of an allocation, in the resource that was sent.
http::Response Answer(Json resource, const grpc::Status& status,
                      const AllocationResponse& response) {
  if (status.ok()) {
    resource["status"] = AllocatedStatus(response);
    resource["metadata"]["name"] = response.gameservername();
  } else if (status.error_code() == grpc::StatusCode::RESOURCE_EXHAUSTED) {
    resource["status"] = NotAllocatedStatus("UnAllocated");
  } else if (status.error_code() == grpc::StatusCode::ABORTED) {
    resource["status"] = NotAllocatedStatus("Contention");
  } else {
    return Refusal(status);
  }
  return JsonResponse(201, resource);
}

class LocalApi final : public AllocationApi {
 public:
  LocalApi(AllocationRestOptions options, Router& router, FaultInjector& faults)
      : options_(std::move(options)), router_(router), faults_(faults) {}

  Status Listen() {
    AllocationRestOptions listen = options_;
    listen.tls.ca_file.clear();  // believes everybody
    auto server =
        ListenForAllocations(listen, [this](const http::Request& request, http::Respond respond) {
          Handle(request, std::move(respond));
        });
    if (!server.ok()) return server.status();
    server_ = *std::move(server);
    return OkStatus();
  }

  int port() const override { return server_->port(); }

  void Handle(const http::Request& request, http::Respond respond) override {
    const auto discovery = Discovery(request.path);
    const auto ns = NamespaceOf(request.path);
    if (!discovery && !ns) return respond(Refusal(404, "NotFound", "no such path"));
    if (request.method != (ns ? "POST" : "GET")) {
      return respond(Refusal(405, "MethodNotAllowed", request.method + " is not served here"));
    }
    if (discovery) return respond(JsonResponse(200, *discovery));
    Json resource = Json::parse(request.body, nullptr, /*allow_exceptions=*/false);
    auto allocation = ToAllocationRequest(resource, *ns);
    if (allocation.status().code() == StatusCode::kFailedPrecondition) {
      return respond(Refusal(kUnprocessableEntity, "Invalid", allocation.status().message()));
    }
    if (!allocation.ok()) {
      return respond(Refusal(400, "BadRequest", allocation.status().message()));
    }
    resource["metadata"]["namespace"] = *ns;
    const auto shared = std::make_shared<const ResourceRequest>(*std::move(allocation));
    Suffer(faults_, *options_.clock, "Allocate", SandboxFault::When::kBefore,
           [this, shared, respond, resource = std::move(resource)](const Status& injected) {
             if (!injected.ok()) return respond(Answer(resource, rpc::ToGrpc(injected), {}));
             Submit(shared, resource, respond);
           });
  }

 private:
  void Submit(const std::shared_ptr<const ResourceRequest>& request, Json resource,
              http::Respond respond) {
    auto on_answer = [this, respond = std::move(respond), resource = std::move(resource)](
                         const grpc::Status& status, AllocationResponse answer) {
      Suffer(faults_, *options_.clock, "Allocate", SandboxFault::When::kAfter,
             [respond, status, resource, answer = std::move(answer)](const Status& injected) {
               respond(Answer(resource, injected.ok() ? status : rpc::ToGrpc(injected), answer));
             });
    };
    // Both parts keep the whole.
    router_.Submit({request, &request->message}, std::move(on_answer),
                   {request, &request->expressions});
  }

  const AllocationRestOptions options_;
  Router& router_;
  FaultInjector& faults_;
  std::unique_ptr<http::Server> server_;
};

}  // namespace

StatusOr<std::unique_ptr<AllocationApi>> AllocationApi::Start(AllocationRestOptions options,
                                                              Router& router,
                                                              FaultInjector& faults) {
  auto api = std::make_unique<LocalApi>(std::move(options), router, faults);
  if (const Status status = api->Listen(); !status.ok()) return status;
  return std::unique_ptr<AllocationApi>(std::move(api));
}

}  // namespace gsh::sandbox
