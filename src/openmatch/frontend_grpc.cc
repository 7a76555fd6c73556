#include <utility>

#include "gsh/openmatch/frontend.h"
#include "src/openmatch/assignment_watch.h"
#include "src/openmatch/bounds.h"
#include "src/openmatch/call.h"
#include "src/openmatch/convert.h"
#include "src/openmatch/methods.h"
#include "src/proto/openmatch.h"
#include "src/rpc/client.h"

namespace gsh::openmatch {
namespace {

template <typename Request>
std::shared_ptr<Request> TicketRequest(std::string ticket_id) {
  auto request = std::make_shared<Request>();
  request->set_ticket_id(std::move(ticket_id));
  return request;
}

template <typename Request>
std::shared_ptr<Request> BackfillRequest(std::string backfill_id) {
  auto request = std::make_shared<Request>();
  request->set_backfill_id(std::move(backfill_id));
  return request;
}

Ticket ToTicket(wire_openmatch::Ticket&& wire) { return FromWire(std::move(wire)); }
Backfill ToBackfill(wire_openmatch::Backfill&& wire) { return FromWire(std::move(wire)); }

AcknowledgedBackfill ToAcknowledged(wire_openmatch::AcknowledgeBackfillResponse&& wire) {
  AcknowledgedBackfill result{.backfill = FromWire(std::move(*wire.mutable_backfill()))};
  for (auto& ticket : *wire.mutable_tickets())
    result.tickets.push_back(FromWire(std::move(ticket)));
  return result;
}

class GrpcFrontend final : public Frontend {
 public:
  GrpcFrontend(std::unique_ptr<rpc::Client> client, FrontendOptions options)
      : options_(std::move(options)), client_(std::move(client)) {}

  void CreateTicketAsync(Ticket ticket, CallOptions options, Callback<Ticket> done) override {
    if (Status status = CheckBounds(ticket, options_); !status.ok()) {
      return Answer<StatusOr<Ticket>>(*client_, std::move(options), std::move(done),
                                      std::move(status));
    }
    auto request = std::make_shared<wire_openmatch::CreateTicketRequest>();
    ToWire(std::move(ticket), *request->mutable_ticket());
    Call<wire_openmatch::Ticket>(*client_, kCreateTicket, std::move(request), std::move(options),
                                 ToTicket, std::move(done));
  }

  void DeleteTicketAsync(std::string ticket_id, CallOptions options, DoneCallback done) override {
    Call<google::protobuf::Empty>(
        *client_, kDeleteTicket,
        TicketRequest<wire_openmatch::DeleteTicketRequest>(std::move(ticket_id)),
        std::move(options), std::move(done));
  }

  void GetTicketAsync(std::string ticket_id, CallOptions options, Callback<Ticket> done) override {
    Call<wire_openmatch::Ticket>(
        *client_, kGetTicket, TicketRequest<wire_openmatch::GetTicketRequest>(std::move(ticket_id)),
        std::move(options), ToTicket, std::move(done));
  }

  void WatchAssignmentsAsync(std::string ticket_id, CallOptions options,
                             std::function<bool(const Assignment&)> on_assignment,
                             DoneCallback done) override {
    WatchAssignment(*client_, std::move(ticket_id), std::move(options), std::move(on_assignment),
                    std::move(done));
  }

  void CreateBackfillAsync(Backfill backfill, CallOptions options,
                           Callback<Backfill> done) override {
    SendBackfill<wire_openmatch::CreateBackfillRequest>(kCreateBackfill, std::move(backfill),
                                                        std::move(options), std::move(done));
  }

  void DeleteBackfillAsync(std::string backfill_id, CallOptions options,
                           DoneCallback done) override {
    Call<google::protobuf::Empty>(
        *client_, kDeleteBackfill,
        BackfillRequest<wire_openmatch::DeleteBackfillRequest>(std::move(backfill_id)),
        std::move(options), std::move(done));
  }

  void GetBackfillAsync(std::string backfill_id, CallOptions options,
                        Callback<Backfill> done) override {
    Call<wire_openmatch::Backfill>(
        *client_, kGetBackfill,
        BackfillRequest<wire_openmatch::GetBackfillRequest>(std::move(backfill_id)),
        std::move(options), ToBackfill, std::move(done));
  }

  void UpdateBackfillAsync(Backfill backfill, CallOptions options,
                           Callback<Backfill> done) override {
    SendBackfill<wire_openmatch::UpdateBackfillRequest>(kUpdateBackfill, std::move(backfill),
                                                        std::move(options), std::move(done));
  }

  void AcknowledgeBackfillAsync(std::string backfill_id, Assignment assignment, CallOptions options,
                                Callback<AcknowledgedBackfill> done) override {
    auto request =
        BackfillRequest<wire_openmatch::AcknowledgeBackfillRequest>(std::move(backfill_id));
    ToWire(std::move(assignment), *request->mutable_assignment());
    Call<wire_openmatch::AcknowledgeBackfillResponse>(*client_, kAcknowledgeBackfill,
                                                      std::move(request), std::move(options),
                                                      ToAcknowledged, std::move(done));
  }

 private:
  template <typename Request>
  void SendBackfill(const Method& method, Backfill backfill, CallOptions options,
                    Callback<Backfill> done) {
    if (Status status = CheckBounds(backfill, options_); !status.ok()) {
      return Answer<StatusOr<Backfill>>(*client_, std::move(options), std::move(done),
                                        std::move(status));
    }
    auto request = std::make_shared<Request>();
    ToWire(std::move(backfill), *request->mutable_backfill());
    Call<wire_openmatch::Backfill>(*client_, method, std::move(request), std::move(options),
                                   ToBackfill, std::move(done));
  }

  const FrontendOptions options_;
  const std::unique_ptr<rpc::Client>
      client_;  // last: its destructor ends the calls that use the rest
};

}  // namespace

StatusOr<std::unique_ptr<Frontend>> MakeFrontend(FrontendOptions options) {
  auto client = rpc::Client::Make(options.client);
  if (!client.ok()) return client.status().WithContext("openmatch::Frontend");
  return std::unique_ptr<Frontend>(
      std::make_unique<GrpcFrontend>(std::move(client).value(), std::move(options)));
}

}  // namespace gsh::openmatch
