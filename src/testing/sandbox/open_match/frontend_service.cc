#include "src/testing/sandbox/open_match/frontend_service.h"

#include <google/protobuf/arena.h>

#include <array>
#include <utility>

#include "src/rpc/byte_buffer.h"
#include "src/rpc/status_conversion.h"
#include "src/testing/sandbox/open_match/watch_call.h"

namespace gsh::sandbox {
namespace {

namespace wire = wire_openmatch;
using google::protobuf::Empty;
using Context = grpc::CallbackServerContext;
using Unary = grpc::ServerUnaryReactor;

// A copy with its assignment.
wire::Ticket Complete(const AssignedTicket& ticket) {
  wire::Ticket message;
  message.ParseFromString(ticket.ticket->wire);
  if (ticket.assignment != nullptr) *message.mutable_assignment() = *ticket.assignment;
  return message;
}

grpc::Status CreateTicket(const Engine& engine, const grpc::ByteBuffer& buffer,
                          grpc::ByteBuffer* response) {
  std::array<char, 2048> block;  // enough for most tickets
  google::protobuf::Arena arena(block.data(), block.size());
  auto& request = *google::protobuf::Arena::CreateMessage<wire::CreateTicketRequest>(&arena);
  if (!rpc::Parse(buffer, &request)) {
    return {grpc::StatusCode::INTERNAL, "the request cannot be parsed"};
  }
  if (!request.has_ticket()) return InvalidArgument("ticket is required");
  if (request.ticket().has_assignment()) {
    return InvalidArgument("a ticket cannot be created with an assignment");
  }
  if (request.ticket().has_create_time()) {
    return InvalidArgument("a ticket cannot be created with its create_time");
  }
  const TicketRef created = engine.tickets->Create(std::move(*request.mutable_ticket()));
  const grpc::Slice answer(created->wire.data(), created->wire.size());
  *response = grpc::ByteBuffer(&answer, 1);
  return grpc::Status::OK;
}

grpc::Status GetTicket(const Engine& engine, const std::string& id, wire::Ticket* response) {
  const std::optional<AssignedTicket> ticket = engine.tickets->Get(id);
  if (!ticket) return {grpc::StatusCode::NOT_FOUND, "there is no ticket " + id};
  *response = Complete(*ticket);
  return grpc::Status::OK;
}

grpc::Status CreateBackfill(const Engine& engine, const wire::CreateBackfillRequest& request,
                            wire::Backfill* response) {
  if (!request.has_backfill()) return InvalidArgument("backfill is required");
  if (request.backfill().has_create_time()) {
    return InvalidArgument("a backfill cannot be created with its create_time");
  }
  *response = *engine.backfills->Create(request.backfill(), {});
  return grpc::Status::OK;
}

grpc::Status UpdateBackfill(const Engine& engine, const wire::UpdateBackfillRequest& request,
                            wire::Backfill* response) {
  if (!request.has_backfill()) return InvalidArgument("backfill is required");
  if (request.backfill().id().empty()) return InvalidArgument("backfill.id is required");
  const auto replaced = engine.backfills->Replace(request.backfill());
  if (!replaced.ok()) return rpc::ToGrpc(replaced.status());
  engine.tickets->Release(replaced->ticket_ids);  // matched with what the backfill was before
  *response = *replaced->backfill;
  return grpc::Status::OK;
}

// Succeeds for unknown ids too.
grpc::Status DeleteBackfill(const Engine& engine, const std::string& id) {
  if (id.empty()) return InvalidArgument("backfill_id is required");
  engine.tickets->Release(engine.backfills->Delete(id));
  return grpc::Status::OK;
}

grpc::Status GetBackfill(const Engine& engine, const std::string& id, wire::Backfill* response) {
  const auto stored = engine.backfills->Get(id);
  if (!stored.ok()) return rpc::ToGrpc(stored.status());
  *response = *stored->backfill;
  return grpc::Status::OK;
}

// Assigns the tickets that were matched into the backfill since the last acknowledgement.
grpc::Status AcknowledgeBackfill(const Engine& engine,
                                 const wire::AcknowledgeBackfillRequest& request,
                                 wire::AcknowledgeBackfillResponse* response) {
  if (request.backfill_id().empty()) return InvalidArgument("backfill_id is required");
  if (!request.has_assignment()) return InvalidArgument("assignment is required");
  const auto stored = engine.backfills->Acknowledge(request.backfill_id());
  if (!stored.ok()) return rpc::ToGrpc(stored.status());
  *response->mutable_backfill() = *stored->backfill;
  engine.tickets->Assign(stored->ticket_ids,
                         std::make_shared<const wire::Assignment>(request.assignment()));
  for (const std::string& id : stored->ticket_ids) {
    if (const auto ticket = engine.tickets->Get(id)) *response->add_tickets() = Complete(*ticket);
  }
  return grpc::Status::OK;
}

// CreateTicket is raw: the ticket is serialised once, for the answer and for all queries.
using Service = wire::FrontendService;
using FrontendBase =
    Service::WithRawCallbackMethod_CreateTicket<Service::WithCallbackMethod_DeleteTicket<
        Service::WithCallbackMethod_GetTicket<Service::WithCallbackMethod_WatchAssignments<
            Service::WithCallbackMethod_CreateBackfill<Service::WithCallbackMethod_DeleteBackfill<
                Service::WithCallbackMethod_GetBackfill<Service::WithCallbackMethod_UpdateBackfill<
                    Service::WithCallbackMethod_AcknowledgeBackfill<Service::Service>>>>>>>>>;

class FrontendService final : public FrontendBase {
 public:
  explicit FrontendService(std::shared_ptr<const Engine> engine) : engine_(std::move(engine)) {}

  Unary* CreateTicket(Context* context, const grpc::ByteBuffer* request,
                      grpc::ByteBuffer* response) override {
    return engine_->Unary(context, "CreateTicket", [this, request, response] {
      return sandbox::CreateTicket(*engine_, *request, response);
    });
  }
  Unary* DeleteTicket(Context* context, const wire::DeleteTicketRequest* request, Empty*) override {
    return engine_->Unary(context, "DeleteTicket", [this, request] {
      engine_->tickets->Delete(request->ticket_id());
      return grpc::Status::OK;
    });
  }
  Unary* GetTicket(Context* context, const wire::GetTicketRequest* request,
                   wire::Ticket* response) override {
    return engine_->Unary(context, "GetTicket", [this, request, response] {
      return sandbox::GetTicket(*engine_, request->ticket_id(), response);
    });
  }
  grpc::ServerWriteReactor<wire::WatchAssignmentsResponse>* WatchAssignments(
      Context*, const wire::WatchAssignmentsRequest* request) override {
    return WatchCall::Start(engine_, request->ticket_id());
  }
  Unary* CreateBackfill(Context* context, const wire::CreateBackfillRequest* request,
                        wire::Backfill* response) override {
    return engine_->Unary(context, "CreateBackfill", [this, request, response] {
      return sandbox::CreateBackfill(*engine_, *request, response);
    });
  }
  Unary* DeleteBackfill(Context* context, const wire::DeleteBackfillRequest* request,
                        Empty*) override {
    return engine_->Unary(context, "DeleteBackfill", [this, request] {
      return sandbox::DeleteBackfill(*engine_, request->backfill_id());
    });
  }
  Unary* GetBackfill(Context* context, const wire::GetBackfillRequest* request,
                     wire::Backfill* response) override {
    return engine_->Unary(context, "GetBackfill", [this, request, response] {
      return sandbox::GetBackfill(*engine_, request->backfill_id(), response);
    });
  }
  Unary* UpdateBackfill(Context* context, const wire::UpdateBackfillRequest* request,
                        wire::Backfill* response) override {
    return engine_->Unary(context, "UpdateBackfill", [this, request, response] {
      return sandbox::UpdateBackfill(*engine_, *request, response);
    });
  }
  Unary* AcknowledgeBackfill(Context* context, const wire::AcknowledgeBackfillRequest* request,
                             wire::AcknowledgeBackfillResponse* response) override {
    return engine_->Unary(context, "AcknowledgeBackfill", [this, request, response] {
      return sandbox::AcknowledgeBackfill(*engine_, *request, response);
    });
  }

 private:
  const std::shared_ptr<const Engine> engine_;
};

}  // namespace

std::unique_ptr<grpc::Service> MakeFrontendService(std::shared_ptr<const Engine> engine) {
  return std::make_unique<FrontendService>(std::move(engine));
}

}  // namespace gsh::sandbox
