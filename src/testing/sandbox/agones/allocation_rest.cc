#include "src/testing/sandbox/agones/allocation_rest.h"

#include <utility>

#include "src/proto/json/agones_json.h"
#include "src/rpc/status_conversion.h"
#include "src/testing/sandbox/agones/allocation_listener.h"
#include "src/testing/sandbox/agones/gateway_answer.h"
#include "src/testing/sandbox/faults/suffer.h"

namespace gsh::sandbox {
namespace {

using wire_allocation::AllocationRequest;
using wire_allocation::AllocationResponse;

constexpr char kPath[] = "/gameserverallocation";

http::Response Answer(const AllocationResponse& response) {
  auto body = wire_json::ToJson(wire_json::kAllocationResponse, response.SerializeAsString(),
                                wire_json::Defaults::kWritten);
  if (!body.ok()) return GatewayRefusal(13, body.status().message());
  return {.content_type = kJson, .body = *std::move(body)};
}

class LocalRest final : public AllocationRest {
 public:
  LocalRest(AllocationRestOptions options, Router& router, FaultInjector& faults)
      : options_(std::move(options)), router_(router), faults_(faults) {}

  Status Listen() {
    auto server =
        ListenForAllocations(options_, [this](const http::Request& request, http::Respond respond) {
          Handle(request, std::move(respond));
        });
    if (!server.ok()) return server.status();
    server_ = *std::move(server);
    return OkStatus();
  }

  int port() const override { return server_->port(); }

 private:
  void Handle(const http::Request& request, http::Respond respond) {
    if (request.path != kPath) return respond(GatewayRefusal(5, "Not Found"));
    if (request.method != "POST") return respond(GatewayRefusal(12, "Method Not Allowed"));
    // The gateway takes an empty body for an empty message.
    auto bytes = wire_json::FromJson(wire_json::kAllocationRequest,
                                     request.body.empty() ? "{}" : request.body);
    if (!bytes.ok()) return respond(GatewayRefusal(3, bytes.status().message()));
    auto parsed = std::make_shared<AllocationRequest>();
    if (!parsed->ParseFromString(*bytes))
      return respond(GatewayRefusal(3, "not an AllocationRequest"));
    Suffer(faults_, *options_.clock, "Allocate", SandboxFault::When::kBefore,
           [this, parsed, respond](const Status& injected) {
             if (!injected.ok()) return respond(GatewayRefusal(rpc::ToGrpc(injected)));
             Submit(parsed, respond);
           });
  }

  void Submit(std::shared_ptr<const AllocationRequest> request, http::Respond respond) {
    router_.Submit(std::move(request), [this, respond = std::move(respond)](
                                           const grpc::Status& status, AllocationResponse answer) {
      Suffer(faults_, *options_.clock, "Allocate", SandboxFault::When::kAfter,
             [respond, status, answer = std::move(answer)](const Status& injected) {
               if (!injected.ok()) return respond(GatewayRefusal(rpc::ToGrpc(injected)));
               respond(status.ok() ? Answer(answer) : GatewayRefusal(status));
             });
    });
  }

  const AllocationRestOptions options_;
  Router& router_;
  FaultInjector& faults_;
  std::unique_ptr<http::Server> server_;
};

}  // namespace

StatusOr<std::unique_ptr<AllocationRest>> AllocationRest::Start(AllocationRestOptions options,
                                                                Router& router,
                                                                FaultInjector& faults) {
  auto rest = std::make_unique<LocalRest>(std::move(options), router, faults);
  if (const Status status = rest->Listen(); !status.ok()) return status;
  return std::unique_ptr<AllocationRest>(std::move(rest));
}

}  // namespace gsh::sandbox
