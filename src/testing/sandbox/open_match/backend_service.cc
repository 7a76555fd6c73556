#include "src/testing/sandbox/open_match/backend_service.h"

#include <string>
#include <utility>
#include <vector>

#include "src/rpc/status_conversion.h"
#include "src/testing/sandbox/open_match/assign.h"

namespace gsh::sandbox {
namespace {

namespace wire = wire_openmatch;
using Context = grpc::CallbackServerContext;
using Unary = grpc::ServerUnaryReactor;

// FetchMatches is raw: matches are handed on without looking into their tickets.
using Service = wire::BackendService;
using BackendBase = Service::WithRawCallbackMethod_FetchMatches<
    Service::WithCallbackMethod_AssignTickets<Service::WithCallbackMethod_ReleaseTickets<
        Service::WithCallbackMethod_ReleaseAllTickets<Service::Service>>>>;

class BackendService final : public BackendBase {
 public:
  explicit BackendService(FetchServices services) : services_(std::move(services)) {}

  grpc::ServerWriteReactor<grpc::ByteBuffer>* FetchMatches(
      Context*, const grpc::ByteBuffer* request) override {
    return FetchCall::Start(services_, *request);
  }
  Unary* AssignTickets(Context* context, const wire::AssignTicketsRequest* request,
                       wire::AssignTicketsResponse* response) override {
    return engine().Unary(context, "AssignTickets", [this, request, response] {
      return rpc::ToGrpc(sandbox::AssignTickets(*engine().tickets, *request, response));
    });
  }
  Unary* ReleaseTickets(Context* context, const wire::ReleaseTicketsRequest* request,
                        wire::ReleaseTicketsResponse*) override {
    return engine().Unary(context, "ReleaseTickets", [this, request] {
      engine().tickets->Release(
          std::vector<std::string>(request->ticket_ids().begin(), request->ticket_ids().end()));
      return grpc::Status::OK;
    });
  }
  Unary* ReleaseAllTickets(Context* context, const wire::ReleaseAllTicketsRequest*,
                           wire::ReleaseAllTicketsResponse*) override {
    return engine().Unary(context, "ReleaseAllTickets", [this] {
      engine().tickets->ReleaseAll();
      return grpc::Status::OK;
    });
  }

 private:
  const Engine& engine() const { return *services_.engine; }

  const FetchServices services_;
};

}  // namespace

std::unique_ptr<grpc::Service> MakeBackendService(FetchServices services) {
  return std::make_unique<BackendService>(std::move(services));
}

}  // namespace gsh::sandbox
